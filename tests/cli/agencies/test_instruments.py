"""`stac instrument list` and `show`: without a record, a user or a home."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Stac


@pytest.fixture
def nowhere(tmp_path: Path) -> Stac:
    """The command where nothing was ever made."""
    return Stac(tmp_path / "none")


def test_it_works_before_init_and_leaves_nothing_behind(nowhere: Stac) -> None:
    findings = nowhere("instrument", "list", "--json", user=None)
    assert findings.code == 0, findings
    names = {each["name"]: each["whose"] for each in findings.json["instruments"]}
    assert {"four": "engine", "stalking-topics": "engine"}.items() <= names.items()
    assert not nowhere.home.exists()


def test_the_list_is_a_table_for_a_person(nowhere: Stac) -> None:
    findings = nowhere("instrument", "list", user=None)
    assert "recognition aid" in findings.out
    assert "route-repeat" in findings.out


def test_show_reads_aloud_what_it_asks_and_what_it_is_never_for(nowhere: Stac) -> None:
    findings = nowhere("instrument", "show", "four", user=None)
    assert findings.code == 0
    for part in (
        "Is the attention fixed on this person?",
        "present, possible, absent, unknown, not asked",
        "licence",
        "source",
        "Do not use for:",
        "does not assess risk",
    ):
        assert part in findings.out


def test_show_tells_a_thresholds_days_and_which_is_off(nowhere: Stac) -> None:
    findings = nowhere("instrument", "show", "route-repeat", user=None)
    assert "from 2019-01-01" in findings.out
    assert "off: it has no start date" in findings.out


def test_show_in_json_is_the_instrument_itself(nowhere: Stac) -> None:
    shown = nowhere("instrument", "show", "four-domains", "--json", user=None).json
    assert shown["whose"] == "engine"
    assert [item["id"] for item in shown["items"] if item["critical"]]


def test_a_faulty_instrument_of_this_stacs_own_is_told_by_its_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "instruments").mkdir(parents=True)
    (home / "instruments" / "ours.toml").write_text("id = ")
    findings = Stac(home)("instrument", "list", user=None)
    assert findings.code == 1
    assert "ours.toml is not TOML" in findings.err


def test_a_name_that_is_not_there_is_refused_in_one_sentence(nowhere: Stac) -> None:
    refused = nowhere("instrument", "show", "fuor", user=None)
    assert refused.code == 1
    assert "no instrument has this name; choose one of: " in refused.err
