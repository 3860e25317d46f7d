"""What `stac` loads before it answers: nothing that a list or a page of help has no use for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import ROOT, Stac, a_row, referred

_HEAVY = {"prefect", "streamlit", "pandas", "networkx", "duckdb", "openpyxl", "alembic", "lifelines", "numpy"}
_RUN = """
import json, sys
from cli.main import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
sys.stderr.write(json.dumps(sorted(sys.modules)))
"""


def loaded(*given: str, home: Path) -> set[str]:
    """The top-level packages and our own modules that a command has loaded when it is done."""
    ran = subprocess.run(
        [sys.executable, "-c", _RUN, *given],
        env={**os.environ, "STAC_HOME": str(home), "STAC_USER": "demo", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert ran.stdout
    names = set(json.loads(ran.stderr))
    return names | {name.partition(".")[0] for name in names}


def test_help_loads_neither_the_database_nor_anything_heavy(tmp_path: Path) -> None:
    there = loaded("--help", home=tmp_path)
    assert "typer" in there
    assert not there & (_HEAVY | {"sqlalchemy", "sqlmodel", "pluggy", "pydantic", "engine.runtime"})


@pytest.mark.parametrize(
    "command",
    [
        ("case", "list"),
        ("case", "list", "--json"),
        ("worklist",),
        ("user", "list"),
    ],
    ids=" ".join,
)
def test_a_list_loads_nothing_heavy(command: tuple[str, ...], stac: Stac, tmp_path: Path) -> None:
    referred(stac, tmp_path, a_row(alarm_weapon="yes"))
    there = loaded(*command, home=stac.home)
    assert "engine.runtime" in there
    assert not there & _HEAVY


def test_a_case_page_loads_nothing_heavy(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    assert not loaded("case", "show", reference, home=stac.home) & _HEAVY
