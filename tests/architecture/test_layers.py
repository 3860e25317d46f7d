"""The directions of imports hold, and each of the contracts that guard them can fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "plugins", "flows", "dashboard", "cli")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
WRONG = [
    ("engine/domain/wrong.py", "engine.services", "each layer knows only the layers below it"),
    ("engine/instruments/wrong.py", "engine.links", "each layer knows only the layers below it"),
    ("engine/store/wrong.py", "engine.access", "siblings meet in services"),
    ("engine/links/wrong.py", "engine.identity", "siblings meet in services"),
    ("engine/helpers.py", "json", "each layer knows only the layers below it"),
    ("engine/confinement/wrong.py", "engine.links", "the confinement of a process knows"),
    ("engine/confinement/wrong.py", "engine.hooks", "the confinement of a process knows"),
    ("engine/settings.py", "engine.store", "settings, clock, gc_pause and key_files know the domain's words"),
    ("engine/domain/wrong.py", "engine.settings", "the domain do not know the settings"),
    ("engine/services/wrong.py", "plugins.police", "Nobody imports the agencies"),
    ("cli/wrong.py", "plugins", "Nobody imports the agencies"),
    ("plugins/police/wrong.py", "plugins.health", "No agency knows another"),
    ("plugins/police/wrong.py", "engine.store", "An agency knows the contract's one module"),
    (
        "plugins/police/wrong.py",
        "engine.domain.responses.answers",
        "An agency knows the contract's one module",
    ),
    ("plugins/police/wrong.py", "engine.hooks.records", "An agency knows the contract's one module"),
    ("engine/services/people/wrong.py", "engine.tools.matching", "Nothing imports the tools for files"),
    ("cli/wrong.py", "engine.services.tools.registers", "Nothing imports the tools for files"),
    ("cli/file_tools.py", "cli.tools.commands", "Nothing imports the tools for files"),
    ("engine/tools/wrong.py", "engine.store", "The tools for files compute without the record"),
    ("cli/tools/wrong.py", "engine.tools.matching", "Front doors and flows know"),
    ("dashboard/wrong.py", "flows", "Only the command drives the flows"),
    ("engine/services/wrong.py", "flows", "Only the command drives the flows"),
    ("cli/wrong.py", "dashboard", "Nothing imports the dashboard"),
    ("flows/wrong.py", "cli", "Nothing imports the command"),
    ("dashboard/wrong.py", "engine.store", "Front doors and flows know"),
    ("flows/wrong.py", "engine.hooks", "Front doors and flows know"),
    ("engine/services/wrong.py", "json", "a room knows only the floors below its own"),
    (
        "engine/services/vault/wrong.py",
        "engine.services.links.graphs",
        "a room knows only the floors below",
    ),
    (
        "engine/services/people/wrong.py",
        "engine.services.sharing.figures",
        "a room knows only the floors",
    ),
    ("engine/services/wrong.py", "sqlmodel", "Databases only in engine.store"),
    ("dashboard/wrong.py", "duckdb", "Databases only in engine.store"),
    ("engine/services/wrong.py", "pluggy", "pluggy only in engine.hooks"),
    ("engine/runtime.py", "prefect", "Prefect only in flows"),
    ("cli/wrong.py", "streamlit", "Streamlit only in dashboard"),
]
"""A module, what it imports, and the contract that this breaks."""
RIGHT = [
    ("engine/services/plans.py", "engine.store"),
    ("engine/services/cases/right.py", "engine.services.responses.views"),
    ("engine/store/right.py", "sqlmodel"),
    ("engine/links/right.py", "engine.settings"),
    ("engine/exchange/right.py", "engine.confinement.limits"),
    ("plugins/police/right.py", "engine.links"),
    ("plugins/police/right.py", "engine.identity.identifiers"),
    ("plugins/police/right.py", "engine.hooks.v1"),
    ("cli/tools/right.py", "engine.services.tools.registers"),
    ("engine/services/tools/right.py", "engine.tools.matching"),
    ("engine/tools/right.py", "engine.hooks"),
    ("flows/right.py", "prefect"),
    ("cli/right.py", "flows"),
]
"""A module, and what it may import."""


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the packages in a folder, which comes first on its path."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "500"},  # no name of a contract is broken over two lines
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def a_bare_house(tmp_path: Path) -> Path:
    """The same contracts over the same modules, all of them empty."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for package in PACKAGES:
        for module in (ROOT / package).rglob("*.py"):
            empty = tmp_path / module.relative_to(ROOT)
            empty.parent.mkdir(parents=True, exist_ok=True)
            empty.touch()
    return tmp_path


def add_imports(house: Path, wanted: Iterable[tuple[str, str]]) -> None:
    """Write each import into its module."""
    for module, imported in wanted:
        with (house / module).open("a") as file:
            file.write(f"import {imported}\n")


def test_every_import_goes_in_an_allowed_direction() -> None:
    answer = lint_imports(ROOT)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


def test_an_empty_house_breaks_no_contract(tmp_path: Path) -> None:
    answer = lint_imports(a_bare_house(tmp_path))

    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each broken contract in a house that has every wrong import at once."""
    house = a_bare_house(tmp_path_factory.mktemp("wrong"))
    add_imports(house, [(module, imported) for module, imported, _ in WRONG])
    answer = lint_imports(house)
    assert answer.returncode != 0, answer.stdout
    _, *sections = re.split(r"\n([^\n]+)\n-+\n", answer.stdout.split("Broken contracts\n", 1)[1])
    return dict(zip(sections[::2], sections[1::2], strict=True))


@pytest.mark.parametrize(("module", "imported", "broken"), WRONG)
def test_an_import_in_a_wrong_direction_is_refused(
    refused: dict[str, str], module: str, imported: str, broken: str
) -> None:
    (said,) = [said for contract, said in refused.items() if broken in contract]
    name = module.removesuffix(".py").replace("/", ".")
    # a module outside the layers is refused whatever it imports
    assert f"- {name}\n" in said if imported == "json" else f"{name} -> {imported} (l." in said


def test_imports_in_the_right_direction_are_let_through(tmp_path: Path) -> None:
    house = a_bare_house(tmp_path)
    (house / "engine/identity/identifiers.py").touch()
    add_imports(house, RIGHT)

    answer = lint_imports(house)

    assert answer.returncode == 0, answer.stdout
