"""`stac plugin new|check`, read as a developer reads them, without a record and without a user."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.command import Stac
from tests.engine.hooks.conformance.packages import EXAMPLE, Spoilt, a_plugin


@pytest.fixture
def nowhere(tmp_path: Path) -> Stac:
    """The command where there is no home at all."""
    return Stac(tmp_path / "nowhere")


def test_new_says_what_to_do_next(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("plugin", "new", "harbourside", "--out", str(tmp_path), user=None)

    assert findings.code == 0
    assert findings.out.splitlines()[0] == f"{tmp_path / 'stac-harbourside'} is written: 12 files."
    assert "pip install -e" in findings.out
    assert not nowhere.home.exists()


def test_new_in_json_names_every_file(nowhere: Stac, tmp_path: Path) -> None:
    written = nowhere.json("plugin", "new", "harbourside", "--title", "The Harbour", "--out", str(tmp_path))

    assert written["name"] == "The Harbour"
    assert all((Path(written["folder"]) / file).is_file() for file in written["files"])


def test_new_refuses_in_one_sentence(nowhere: Stac, tmp_path: Path) -> None:
    findings = nowhere("plugin", "new", "Harbour", "--out", str(tmp_path), user=None)

    assert (findings.code, findings.out) == (1, "")
    assert findings.err.startswith("name: an agency's code is 2 to 30 lower-case letters")
    assert len(findings.err.splitlines()) == 1


def test_check_reads_as_a_report_with_the_level_at_its_end(nowhere: Stac) -> None:
    findings = nowhere("plugin", "check", str(EXAMPLE), user=None)

    assert findings.code == 0, findings
    lines = findings.out.splitlines()
    assert lines[0] == "Housing (housing) 1.0, contract 1.3"
    assert lines[1].startswith("It is shown: reference, day of asking, perpetrator.name")
    assert "  ok     Every invented case gets a valid answer" in lines
    assert any(line.startswith(("Level: gold.", "Level: silver.")) for line in lines)
    assert "agencies page" not in findings.out
    assert not nowhere.home.exists()


def test_check_of_a_plugin_below_bronze_ends_with_1_and_says_what_to_mend(
    nowhere: Stac, tmp_path: Path
) -> None:
    spoilt = Spoilt(file="hooks.py", was="def stac_assess", now="def stac_asess")
    findings = nowhere("plugin", "check", str(a_plugin(tmp_path, spoilt)), user=None)

    assert findings.code == 1
    assert "FAILED The hooks match the contract's questions" in findings.out
    assert "stac_asess: did you mean stac_assess?" in findings.out
    assert "To fix: name and type each hook" in findings.out
    assert "Level: none" in findings.out
    assert "more checks that could not be run yet" in findings.out


def test_traceback_shows_the_authors_own_error_and_nothing_without_it(nowhere: Stac, tmp_path: Path) -> None:
    spoilt = Spoilt(
        file="assessor.py",
        was="    person = held.people[found.key]\n",
        now='    person = held.people["nobody"]\n',
    )
    place = str(a_plugin(tmp_path, spoilt))
    plain = nowhere("plugin", "check", place, user=None)
    shown = nowhere("plugin", "check", place, "--traceback", user=None)
    assert "stac_assess raised KeyError" in plain.out
    assert "To see the plugin's own errors, check it with --traceback." in plain.out
    assert "Traceback" not in plain.out
    for sentence in ("Traceback", 'held.people["nobody"]', "KeyError: 'nobody'", "assessor.py"):
        assert sentence in shown.out
    assert "engine/hooks/plugin_calls.py" not in shown.out


def test_a_mapping_with_a_misspelt_column_reaches_no_level(nowhere: Stac, tmp_path: Path) -> None:
    spoilt = tmp_path / "housing"
    shutil.copytree(EXAMPLE, spoilt)
    mapping = spoilt / "mapping.toml"
    mapping.write_text(mapping.read_text().replace("of {Kind} was made on", "of {Kidn} was made on"))
    findings = nowhere("plugin", "check", str(spoilt), user=None)
    assert findings.code == 1
    assert "'Kidn' is not a column of sheet Complaints of housing.xlsx" in findings.out


def test_check_in_json_says_level_and_what_is_missing(nowhere: Stac, tmp_path: Path) -> None:
    spoilt = Spoilt(file="hooks.py", was="def stac_assess", now="def stac_asess")
    findings = nowhere("plugin", "check", str(a_plugin(tmp_path, spoilt)), "--json", user=None)

    assert findings.code == 1
    assert findings.json["level"] is None
    assert findings.json["next_level"] == "bronze"
    assert "hooks" in findings.json["missing"]
    assert findings.json["kept"] is False
    assert {each["check"] for each in findings.json["results"]} >= {"manifest", "typed"}


def test_check_of_an_installed_agency_tells_that_its_level_is_kept(tmp_path: Path) -> None:
    stac = Stac(tmp_path / "home")
    shutil.copytree(EXAMPLE, stac.home / "agencies.d" / "housing")

    findings = stac("plugin", "check", "housing", user=None)

    assert findings.code == 0
    assert findings.out.splitlines()[-1].startswith("The agencies page shows this level")
    assert json.loads((stac.home / "conformance" / "housing.json").read_text())["version"] == "1.0"


@pytest.mark.parametrize("given", ["nothing-like-it", "/", "pyproject.toml"])
def test_check_of_what_is_no_plugin_is_refused_in_one_sentence(given: str, nowhere: Stac) -> None:
    findings = nowhere("plugin", "check", given, user=None)

    assert (findings.code, findings.out) == (1, "")
    assert findings.err.startswith("plugin: no installed agency and no folder with agency.toml")
