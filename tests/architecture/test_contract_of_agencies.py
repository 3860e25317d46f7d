"""What acts as an agency imports one module of the contract, instruments, identifiers and links, no more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = re.compile(r"engine\.(hooks\.v1|identity\.identifiers|instruments(\..+)?|links(\..+)?)")
NOCODE = "engine.hooks.nocode"
READS_THE_FOLDER = {"__init__.py", "definition.py", "mapping.py"}
"""The engine's own part of an agency without Python: it reads the manifest and the mapping, and no record."""


def imported(source: str) -> Iterator[str]:
    """Each module of the engine that a source imports, at its top or within a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module in ("engine", "engine.hooks", "engine.identity"):  # the module is the name itself
                names = [f"{node.module}.{each.name}" for each in node.names]
        else:
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        yield from (name for name in names if name.split(".")[0] == "engine")


def outside(source: str) -> list[str]:
    """What a source imports of the engine beyond what an agency may."""
    return [name for name in imported(source) if not ALLOWED.fullmatch(name)]


def agencies() -> Iterator[tuple[str, str]]:
    """Every source that acts as an agency."""
    for folder in ("plugins", "tests/outside", "tests/engine/hooks/toys", "benchmarks/answering"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")
    for file in sorted((ROOT / "engine/hooks/template").glob("*.py.txt")):
        yield file.name, re.sub(r"\{\{\w+\}\}", "filled", file.read_text(encoding="utf-8"))
    for page in sorted((ROOT / "docs/agencies").glob("*.md")):
        for block in re.findall(r"```python\n(from .*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            yield page.name, block


def test_what_acts_as_an_agency_imports_the_contract_and_nothing_else_of_the_engine() -> None:
    faults = {name: found for name, source in agencies() if (found := outside(source))}

    assert not faults


def test_an_agency_without_python_imports_what_an_agency_may_and_its_own_package() -> None:
    package = ROOT / NOCODE.replace(".", "/")
    faults = {
        file.name: found
        for file in package.glob("*.py")
        if file.name not in READS_THE_FOLDER
        and (found := [each for each in outside(file.read_text()) if not each.startswith(NOCODE)])
    }

    assert not faults


@pytest.mark.parametrize(
    "source",
    [
        "from engine.domain.responses.answers import NilReturn",
        "from engine.hooks import records",
        "from engine.hooks.people import PersonIndex",
        "from engine.identity import matching",
        "import engine.hooks",
        "def late():\n    from engine.settings import Settings",
    ],
)
def test_any_other_import_is_seen(source: str) -> None:
    assert outside(source)


@pytest.mark.parametrize(
    "source",
    [
        "from engine.hooks.v1 import NilReturn",
        "from engine.hooks import v1",
        "from engine.identity.identifiers import check_identifier",
        "from engine.instruments.offences import read_code",
        "from engine.links import model",
        "import json",
    ],
)
def test_what_an_agency_may_import_is_let_through(source: str) -> None:
    assert not outside(source)
