"""What `stac` loads before it answers: nothing that a list or a page of help has no use for."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.cli.command import ROOT, Stac, a_row, referred

HEAVY = {"prefect", "streamlit", "pandas", "networkx", "duckdb", "openpyxl", "alembic", "lifelines", "numpy"}
_ONLY_OF_A_CASE = {"engine.services.conference.gaps", "engine.services.links", "engine.services.plans"}
_RUN = """
import json, shlex, sys
from cli.main import main
for command in sys.argv[1:]:
    sys.argv[1:] = shlex.split(command)
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, ended.code
    sys.stderr.write(json.dumps(sorted(sys.modules)) + chr(10))
"""


def loaded(*given: str, home: Path) -> set[str]:
    """What a process has loaded after one command."""
    command = shlex.join(given)
    return loaded_after(command, home=home)[command]


def loaded_after(*commands: str, home: Path) -> dict[str, set[str]]:
    """The top-level packages and our own modules that one process has loaded after each of these commands."""
    ran = subprocess.run(
        [sys.executable, "-c", _RUN, *commands],
        env={**os.environ, "STAC_HOME": str(home), "STAC_USER": "demo", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert ran.stdout
    after = {}
    for command, line in zip(commands, ran.stderr.splitlines(), strict=True):
        names = set(json.loads(line))
        after[command] = names | {name.partition(".")[0] for name in names}
    return after


def test_help_loads_neither_the_database_nor_anything_heavy(tmp_path: Path) -> None:
    of_engine = {"sqlalchemy", "sqlmodel", "pluggy", "pydantic", "engine.runtime"}
    after = loaded_after("--help", "links --help", home=tmp_path)
    assert "typer" in after["--help"]
    assert not after["--help"] & (HEAVY | of_engine)


def test_a_list_loads_nothing_that_only_a_case_needs_and_neither_loads_anything_heavy(
    stac: Stac, tmp_path: Path
) -> None:
    (reference,) = referred(stac, tmp_path, a_row(alarm_weapon="yes"))
    lists = ("case list", "case list --json")
    others = ("user list", "worklist", "instrument show four", f"case show {reference}")
    after = loaded_after(*lists, *others, home=stac.home)
    assert "engine.runtime" in after["case list"]
    assert {command: names & HEAVY for command, names in after.items() if names & HEAVY} == {}
    assert not after["case list --json"] & _ONLY_OF_A_CASE
    assert after[f"case show {reference}"] >= _ONLY_OF_A_CASE
