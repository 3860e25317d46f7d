"""The directions of imports hold, and each of the contracts that guard them can fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "plugins", "flows", "dashboard", "cli")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the packages in a folder, which comes first on its path."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def bare_house(tmp_path: Path) -> Path:
    """The same contracts over the same modules, all of them empty."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for package in PACKAGES:
        for module in (ROOT / package).rglob("*.py"):
            empty = tmp_path / module.relative_to(ROOT)
            empty.parent.mkdir(parents=True, exist_ok=True)
            empty.touch()
    return tmp_path


def test_every_import_goes_in_an_allowed_direction() -> None:
    answer = lint_imports(ROOT)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


def test_an_empty_house_breaks_no_contract(bare_house: Path) -> None:
    answer = lint_imports(bare_house)

    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("module", "imported", "broken"),
    [
        ("engine/domain/wrong.py", "engine.services", "each layer knows only the layers below it"),
        ("engine/instruments/wrong.py", "engine.links", "each layer knows only the layers below it"),
        ("engine/store/wrong.py", "engine.access", "siblings meet in services"),
        ("engine/links/wrong.py", "engine.identity", "siblings meet in services"),
        ("engine/helpers.py", "json", "each layer knows only the layers below it"),
        ("engine/confinement/wrong.py", "engine.links", "the confinement of a process knows"),
        ("engine/confinement/wrong.py", "engine.hooks", "the confinement of a process knows"),
        ("engine/settings.py", "engine.store", "settings, clock and gc_pause know the domain's words"),
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
    ],
)
def test_an_import_in_a_wrong_direction_is_refused(
    bare_house: Path, module: str, imported: str, broken: str
) -> None:
    (bare_house / module).write_text(f"import {imported}\n")

    answer = lint_imports(bare_house)

    said = " ".join(answer.stdout.split())
    assert answer.returncode != 0, said
    assert broken in said.split("Broken contracts", 1)[1]


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("engine/services/plans.py", "engine.store"),
        ("engine/services/cases/right.py", "engine.services.responses.views"),
        ("engine/store/right.py", "sqlmodel"),
        ("engine/links/right.py", "engine.settings"),
        ("engine/exchange/right.py", "engine.confinement.limits"),
        ("plugins/police/right.py", "engine.links"),
        ("plugins/police/right.py", "engine.identity.identifiers"),
        ("plugins/police/right.py", "engine.hooks.v1"),
        ("flows/right.py", "prefect"),
        ("cli/right.py", "flows"),
    ],
)
def test_an_import_in_the_right_direction_is_let_through(
    bare_house: Path, module: str, imported: str
) -> None:
    (bare_house / "engine/identity/identifiers.py").touch()
    (bare_house / module).write_text(f"import {imported}\n")

    answer = lint_imports(bare_house)

    assert answer.returncode == 0, answer.stdout
