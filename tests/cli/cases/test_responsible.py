"""`stac case officer`, `holder` and `lead`: recorded and shown, and "not recorded" where nothing is."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, referred, screened

OFFICER = ("--name", "K. Osei", "--rank", "DC", "--force", "Harbour Police", "--contact", "020 7946 0011")
IN_WORDS = "Officer in the case: DC K. Osei, Harbour Police, 020 7946 0011"


def test_a_case_shows_what_is_not_recorded_and_then_what_is(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    for command in ("officer", "show"):
        said = stac("case", command, reference).out
        for name in ("Officer in the case", "Case holder", "Lead agency"):
            assert f"{name}: not recorded" in said
    assert stac("case", "officer", reference, *OFFICER).code == 0
    assert stac("case", "lead", reference, "police").code == 0
    screened(stac, reference, "advice", "--advice", "Secure the messages.")
    shown = stac("case", "show", reference).out
    assert IN_WORDS in shown
    assert "Lead agency: police" in shown
    assert "Case holder: not recorded" not in shown


def test_json_has_the_newest_what_is_missing_and_the_versions(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    assert stac.json("case", "holder", reference)["missing"] == [
        "officer in the case",
        "case holder",
        "lead agency",
    ]
    first = stac.json("case", "officer", reference, *OFFICER)
    assert (first["version"], first["officer"]["name"], first["reason"]) == (1, "K. Osei", None)
    again = ("case", "officer", reference, "--name", "J. Ahmed")
    refused = stac(*again)
    assert refused.code != 0
    assert "give the reason for the change" in refused.err
    assert stac.json(*again, "--reason", "Another officer took over.")["version"] == 2
    whole = stac.json("case", "lead", reference)
    assert [each["version"] for each in whole["history"]] == [1, 2]
    assert whole["missing"] == ["case holder", "lead agency"]


def test_options_without_what_they_are_about_are_refused(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    for given in (
        ("officer", reference, "--rank", "DC"),
        ("holder", reference, "--reason", "Why."),
        ("lead", reference, "--reason", "Why."),
        ("lead", reference, "unheard-of"),
        ("holder", reference, "police-1"),
    ):
        assert stac("case", *given).code != 0
    assert stac.json("case", "officer", reference)["version"] == 0
