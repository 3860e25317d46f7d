"""The conformance suite inside pytest: one test a check, and nothing at all where no plugin is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.hooks.conformance.packages import LOADED, OURS, Spoilt, a_plugin

ROOT = Path(__file__).parents[2]


def run(folder: Path, *given: str, as_installed: bool = False) -> subprocess.CompletedProcess[str]:
    """Pytest in a project of its own, with our plugin and no other, or with all that are installed."""
    loaded, alone = (LOADED, {}) if as_installed else (("-p", OURS), {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *loaded, *given],
        cwd=folder,
        env={
            **os.environ,
            **alone,
            "PYTHONPATH": str(ROOT),
            "PYTEST_ADDOPTS": "",
            "STAC_HOME": str(folder / "no-home"),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_loading_it_loads_nothing_of_the_engine() -> None:
    program = (
        "import sys, cli.pytest_plugin\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in "
        "('engine', 'plugins', 'pydantic', 'typer', 'flows', 'dashboard')))"
    )
    process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert process.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_new_plugins_own_run_holds_its_tests_and_a_test_for_each_check(tmp_path: Path) -> None:
    process = run(a_plugin(tmp_path), as_installed=True)

    assert process.returncode == 0, process.stdout + process.stderr
    assert (
        "tests/test_answers.py::test_somebody_who_is_not_on_record_gets_a_nil_return PASSED" in process.stdout
    )
    assert "stac-plugin::manifest PASSED" in process.stdout
    assert "stac-plugin::subject-access PASSED" in process.stdout
    assert "stac-plugin::views SKIPPED" in process.stdout
    assert " failed" not in process.stdout


@pytest.mark.slow
def test_a_failed_check_fails_the_run_in_the_suites_own_words(tmp_path: Path) -> None:
    spoilt = Spoilt(
        file="hooks.py",
        was="records: AgencyRecords) -> Contr",
        now="records: AgencyRecords, cas: int = 0) -> Contr",
    )
    process = run(a_plugin(tmp_path, spoilt), "--stac-level", "bronze")

    assert process.returncode == 1
    assert "stac_assess takes cas, which it is not given: did you mean case?" in process.stdout
    assert "To fix: name and type each hook" in process.stdout
    assert "Traceback" not in process.stdout


@pytest.mark.slow
def test_a_check_of_a_higher_level_is_skipped_and_says_so(tmp_path: Path) -> None:
    spoilt = Spoilt(file="hooks.py", was="query: PersonAsked, ", now="query, ")
    project = a_plugin(tmp_path, spoilt)
    process = run(project, "-rs", "--stac-plugin", str(project), "--stac-level", "silver", "tests")

    assert process.returncode == 0, process.stdout
    assert "stac-plugin::typed SKIPPED" in process.stdout
    assert "gold needs it, silver does not" in process.stdout


def test_a_project_that_names_no_plugin_gets_no_test_from_us(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_one() -> None:\n    assert True\n")
    process = run(tmp_path)

    assert process.returncode == 0
    assert "stac-plugin" not in process.stdout
    assert "1 passed" in process.stdout


def test_one_file_of_a_project_is_run_without_the_suite(tmp_path: Path) -> None:
    process = run(a_plugin(tmp_path), "tests/test_answers.py")

    assert process.returncode == 0
    assert "stac-plugin" not in process.stdout
    assert "7 passed" in process.stdout


def test_a_level_that_there_is_not_is_wrong_use(tmp_path: Path) -> None:
    process = run(a_plugin(tmp_path), "--stac-level", "platinum")

    assert process.returncode == 4
    assert "invalid choice: 'platinum'" in process.stderr
