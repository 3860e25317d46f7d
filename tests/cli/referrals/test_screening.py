"""Screening, alarms, safeguarding and episodes on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import Stac, a_row, referred, screened

FOUR = ("--fixated", "yes", "--obsessive", "unclear", "--unwanted", "yes", "--repeated", "no")


def test_an_advice_case_is_screened_in_one_command_and_gets_its_advice(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("case", "screen", reference, "--outcome", "advice", "--reason", "Invented.", *FOUR)
    assert findings.code == 0
    assert findings.out.startswith(f"{reference} is screened: advice; now 'advice given'\n")
    assert stac.json("case", "show", reference)["screening"]["advice"] in findings.out


def test_the_four_are_kept_with_the_incidents_on_which_they_rest(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    incident = stac.json("case", "show", reference)["incidents"][0]["reference"]
    findings = stac(
        "case",
        "screen",
        reference,
        "--outcome",
        "advice",
        "--reason",
        "r",
        *FOUR,
        "--evidence",
        f"fixated={incident}",
    )
    assert findings.code == 0
    stored = {item["question"]: item for item in stac.json("case", "show", reference)["screening"]["four"]}
    assert stored["fixated"] == {"question": "fixated", "answer": "yes", "incidents": [incident]}
    assert stored["obsessive"]["answer"] == "unclear"


def test_a_file_screens_as_the_options_do(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    file = tmp_path / "screening.toml"
    file.write_text(stac("case", "screen", "--template").out)
    answer = stac.json("case", "screen", reference, str(file))
    assert (answer["outcome"], answer["state"]) == ("consultation", "in consultation")
    assert answer["agencies_will_be_asked"] is True


def test_a_screening_that_asks_agencies_says_how_they_are_asked(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("case", "screen", reference, "--outcome", "conference", "--reason", "r", *FOUR)
    assert f"to ask now: stac response request {reference}" in findings.out


def test_who_is_named_at_screening_sees_the_case(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference, "conference", "--person", "health-1", "--person", "ana")
    assert stac("case", "show", reference, user="health-1").code == 0
    assert stac("case", "show", reference, user="ana").code == 0
    assert stac("case", "show", reference, user="health-2").code == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (("--outcome", "advice", "--reason", "r"), "answer each of the four"),
        (("--outcome", "sometime", "--reason", "r", *FOUR), "choose one of 'advice'"),
        ((), "give either FILE or --outcome"),
        (("--outcome", "advice", "--reason", "r", *FOUR, "--evidence", "nonsense"), "write it as"),
        (("--outcome", "advice", "--reason", "r", *FOUR[:-1], "perhaps"), "choose one of 'yes'"),
    ],
    ids=["no four", "no such outcome", "nothing", "bad evidence", "bad answer"],
)
def test_wrong_use_is_exit_code_2(wrong: tuple[str, ...], sentence: str, stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("case", "screen", reference, *wrong)
    assert findings.code == 2
    assert sentence in " ".join(findings.err.split())
    assert stac.json("case", "show", reference)["state"] == "not screened"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (("--outcome", "redirect", "--reason", "r", *FOUR), "redirect_to: say where the referral goes"),
        (("--outcome", "urgent", "--reason", "r", *FOUR), "safeguarding: say what is done today"),
        (("--outcome", "advice", *FOUR), "reason: "),
        (
            ("--outcome", "advice", "--reason", "r", *FOUR, "--evidence", "fixated=I-7K3M9QV"),
            "not on this referral",
        ),
        (
            ("--outcome", "conference", "--reason", "r", *FOUR, "--person", "nobody"),
            "user nobody, or it does not exist",
        ),
        (
            ("--outcome", "conference", "--reason", "r", *FOUR, "--same-episode-as", "E-7K3M9QV"),
            "this episode is not proposed",
        ),
    ],
    ids=["no place", "no safeguarding", "no reason", "strange incident", "strange person", "strange episode"],
)
def test_a_screening_that_is_not_whole_is_refused_and_nothing_is_kept(
    wrong: tuple[str, ...], sentence: str, stac: Stac, tmp_path: Path
) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("case", "screen", reference, *wrong)
    assert (findings.code, findings.out) == (1, "")
    assert sentence in findings.err
    assert findings.err.count("\n") == 1
    assert stac.json("case", "show", reference)["state"] == "not screened"


@pytest.mark.parametrize("user", ["health-1", "ana", "max"])
def test_only_the_desk_screens(user: str, stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    assert (
        stac("case", "screen", reference, "--outcome", "advice", "--reason", "r", *FOUR, user=user).code == 1
    )
    assert stac.json("case", "show", reference)["state"] == "not screened"


@pytest.mark.parametrize("term", ["ack", "acknowledge"])
def test_an_alarm_is_taken_up_by_name(term: str, stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row(alarm_weapon="yes"))
    assert "ALARM: weapon; acknowledge by" in stac("case", "list").out
    findings = stac("alarm", term, reference, "--as", "chair")
    assert findings.out == f"the alarm of {reference} is acknowledged by chair\n"
    assert "weapon; acknowledged by chair" in stac("case", "list").out
    assert stac.json("case", "show", reference)["alarms"]["acknowledged_by"] == "chair"


def test_an_alarm_that_nobody_raised_cannot_be_taken_up(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("alarm", "acknowledge", reference, "--json")
    assert findings.code == 1
    assert "no alarm was raised" in findings.json["error"]


def test_safeguarding_comes_before_the_conference_of_an_urgent_referral(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference, "urgent", "--safeguarding", "Invented: an officer calls at six.")
    early = stac("conference", "open", reference, user="chair")
    assert early.code == 1
    assert "is 'safeguarding today', so its conference cannot be opened" in early.err
    assert stac.json("case", "safeguard", reference, "--done", "Invented: done.")["state"] == "agencies asked"


def test_an_illegal_move_says_what_is_allowed(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("case", "safeguard", reference, "--done", "Invented: done.", "--json")
    assert (findings.code, findings.err) == (1, "")
    assert json.loads(findings.out)["error"].endswith(
        "no safeguarding of today can be recorded; allowed now: screen"
    )


def test_a_referral_in_its_own_episode_has_none_to_leave(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("case", "leave-episode", reference, "--why", "Invented.")
    assert findings.code == 1
    assert "is in its own episode" in findings.err


def test_an_incident_is_recorded_from_options_and_from_a_file(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    one = stac.json(
        "incident",
        "create",
        reference,
        "--kind",
        "breach of order",
        "--on",
        "March 2026",
        "--channel",
        "in-person",
        "--grade",
        "2b p",
    )["incident"]
    file = tmp_path / "incident.json"
    file.write_text('{"kind": "gift", "what": "Invented: flowers."}')
    two = stac.json("incident", "create", reference, str(file))["incident"]
    there = {
        incident["reference"]: incident for incident in stac.json("case", "show", reference)["incidents"]
    }
    assert (there[one]["kind"], there[one]["happened"], there[one]["channel"]) == (
        "breach of order",
        "2026-03",
        "in person",
    )
    assert there[two]["reports"][0]["what"] == "Invented: flowers."
    assert [there[each]["reports"][0]["grade"] for each in (one, two)] == ["2B P", None]
    said = " ".join(stac("case", "show", reference).out.split())
    assert "(grade 2B P)" in said
    assert "(not graded)" in said
    assert there[two]["happened"] is None


def test_an_incident_needs_a_kind_and_a_date_that_there_is(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    assert stac("incident", "create", reference).code == 2
    assert stac("incident", "create", reference, "--kind", "haunting").code == 2
    assert stac("incident", "create", reference, "--kind", "gift", "--on", "31/02/2026").code == 2
    assert stac("incident", "create", reference, "--kind", "gift", "--grade", "4Z").code != 0
    assert len(stac.json("case", "show", reference)["incidents"]) == 1


def test_a_case_is_stepped_up_and_a_closed_one_reopened_with_a_reason(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    step_up = ("case", "step-up", reference, "--reason", "A knife was found.")
    findings = stac(*step_up)
    assert (findings.code, findings.out) == (1, "")
    assert "Screen it first" in findings.err
    screened(stac, reference, "advice")
    assert stac("case", "close", reference, "--how", "close", "--why", "Invented.").code == 0
    answer = stac.json(*step_up)
    assert answer == {"reference": reference, "was": "closed", "state": "agencies asked"}
    findings = stac(*step_up, "--json")
    assert findings.code == 1
    assert "the chair may open the conference without waiting" in json.loads(findings.out)["error"]


def test_what_follows_a_step_up_is_said(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference, "advice")
    findings = stac("case", "step-up", reference, "--reason", "A knife was found.")
    assert findings.out.startswith(f"{reference} is stepped up; now 'agencies asked'")
    assert f"to ask now: stac response request {reference}" in findings.out


def test_a_step_up_without_a_reason_is_refused(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference, "advice")
    assert stac("case", "step-up", reference).code == 2
    findings = stac("case", "step-up", reference, "--reason", " ")
    assert (findings.code, findings.err.count("\n")) == (1, 1)
    assert "reason: write 1 to 600 characters, on one line" in findings.err
    assert stac.json("case", "show", reference)["state"] == "advice given"
