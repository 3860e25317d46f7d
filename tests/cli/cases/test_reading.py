"""Lists, case pages and worklists on the command line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.output import print_json, say
from tests.cli.command import Invented, Stac, a_row, asked, referral_row, referred, screened
from tests.databases import add_settings

CARRIED = {
    "reference",
    "episode",
    "state",
    "triage_outcome",
    "received_at",
    "alarms",
    "answers",
    "decision",
    "plan",
    "orders",
    "outcomes",
    "withheld",
}


def test_a_row_of_the_list_carries_what_others_build_on(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    answer = stac.json("case", "list")
    assert set(answer) == {"referrals", "first", "total"}
    (row,) = answer["referrals"]
    assert set(row) >= CARRIED
    assert (row["reference"], row["state"], row["triage_outcome"]) == (reference, "not screened", None)


def test_a_case_carries_what_others_build_on(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    case = stac.json("case", "show", reference)
    assert set(case) >= CARRIED
    assert (case["reference"], case["answers"], case["outcomes"]) == (reference, [], [])


def test_a_case_begins_with_its_band_which_json_has_as_pieces(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row(alarm_weapon="yes"))
    screened(stac, reference, "advice", "--advice", "Secure the messages.")
    assert stac("incident", "create", reference, "--kind", "entry", "--what", "Through the window.").code == 0
    _, since, alarm = stac("case", "show", reference).out.splitlines()[:3]
    assert since.startswith("New since the advice of ")
    assert alarm.startswith("ALARM ")
    band = stac.json("case", "show", reference)["band"]
    assert band[0]["kind"] == "since"
    assert all(set(piece) >= {"kind", "says", "records"} for piece in band)
    (entry,) = (piece for piece in band if piece["tags"] == ["Entry"])
    assert "“Through the window”" in entry["says"]
    assert set(entry["records"]) & {
        each["reference"] for each in stac.json("case", "show", reference)["incidents"]
    }


def test_a_name_in_hebrew_moves_nothing_beside_it_and_json_keeps_its_value(
    stac: Stac, tmp_path: Path
) -> None:
    hebrew = "\u05d3\u05d5\u05d3"
    referred(stac, tmp_path, a_row(victim_forename=hebrew))
    assert f"Perpetua T. / \u2068{hebrew}\u2069 H." in stac("case", "list").out
    assert stac.json("case", "list")["referrals"][0]["victim"] == f"{hebrew} H."


def test_no_answer_of_a_command_writes_a_direction_mark_raw(capsys: pytest.CaptureFixture[str]) -> None:
    name = "Ka\u202ete \x1b[2J"
    say(name)
    print_json({"name": name})
    said, in_json = capsys.readouterr().out.splitlines()
    assert said == "Ka\ufffdte \ufffd[2J"
    assert "\u202e" not in in_json
    assert json.loads(in_json) == {"name": name}


def test_orders_that_nobody_can_record_yet_are_not_an_empty_list(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    assert stac.json("case", "list")["referrals"][0]["orders"] == "not recorded"
    assert stac.json("case", "show", reference)["orders"] == "not recorded"


def test_an_answer_carries_agency_state_time_plugin_and_version(
    stac_with_extracts: tuple[Stac, Invented], tmp_path: Path
) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    assert stac("response", "release", reference, user="health-1").code == 0
    for answers in (
        stac.json("case", "list")["referrals"][0]["answers"],
        stac.json("case", "show", reference)["answers"],
    ):
        by_agency = {answer["agency"]: answer for answer in answers}
        assert set(by_agency) == {"advocacy", "health", "police", "probation"}
        assert by_agency["advocacy"]["state"] == "awaited"
        health = by_agency["health"]
        assert (health["agency"], health["state"], health["plugin"]) == ("health", "contribution", "health")
        assert health["at"]
        assert health["plugin_version"]
        assert health["version"] == 2


def test_until_screened_every_reading_says_that_it_is_not_known_to_be_safe(
    stac: Stac, tmp_path: Path
) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    assert "not screened: not known to be safe" in stac("case", "list").out
    assert "NOT SCREENED: NOT KNOWN TO BE SAFE" in stac("case", "show", reference).out
    assert "Not screened: not known to be safe." in stac("worklist").out


def test_a_page_carries_the_protective_marking_first(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    for command in (
        ("case", "list"),
        ("case", "show", reference),
        ("worklist",),
    ):
        assert stac(*command).out.startswith("OFFICIAL-SENSITIVE\n")


def test_what_nobody_asked_is_shown_as_not_asked(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row(alarm_weapon="no"))
    page = stac("case", "show", reference).out
    assert "weapon: no" in page
    assert "threat to kill: not asked" in page
    assert "1 no, 7 not asked" in stac("case", "list").out


def test_where_the_victim_lives_is_on_no_page(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(
        stac, tmp_path, a_row(reason="Invented: he stood outside 7 Quiet Mews, ZZ99 9QM.")
    )
    pages = [  # of a person who did not bring the file in
        stac("case", "list", "--as", "chair"),
        stac("case", "list", "--json", "--as", "chair"),
        stac("case", "show", reference, "--as", "chair"),
        stac("case", "show", reference, "--json", "--as", "chair"),
    ]
    assert all("Quiet Mews" not in page.out for page in pages)
    assert "[protected]" in pages[2].out


def test_text_that_would_command_a_terminal_is_shown_as_text(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row(reason="Invented [bold red]markup[/] and :skull: signs."))
    assert "[bold red]markup[/] and :skull: signs." in stac("case", "show", reference).out


def test_a_runner_that_is_not_alive_is_the_worklists_first_line(stac: Stac) -> None:
    assert stac("worklist").out.splitlines()[1].startswith("Requests and reminders")
    assert stac.json("worklist")["first_line"].startswith("Requests and reminders")


def test_an_alarm_heads_the_worklist(stac: Stac, tmp_path: Path) -> None:
    referred(stac, tmp_path, a_row("A-1"), a_row("A-2", alarm_weapon="yes", party_works_for="no"))
    items = stac.json("worklist")["items"]
    assert [item["is_alarm"] for item in items] == [True, False, False]


@pytest.mark.parametrize("user", ["health-1", "ana", "max"])
def test_a_case_on_which_one_is_not_named_does_not_exist(user: str, stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("case", "show", reference, user=user)
    unknown = stac("case", "show", "R-7K3M9QV", user=user)
    assert (findings.code, findings.out) == (1, "")
    assert findings.err == unknown.err.replace("R-7K3M9QV", reference)


def test_a_mistyped_reference_is_told_apart_from_one_that_is_not_there(stac: Stac) -> None:
    assert "its check character does not fit" in stac("case", "show", "R-7K3M9QW").err
    assert "not of the form" in stac("case", "show", "seven").err


def test_a_case_prints_its_facts_on_top_and_each_with_its_records_below(stac: Stac, tmp_path: Path) -> None:
    days = {f"incident_{n}_date": f"2026-02-0{n}" for n in range(1, 5)}
    kinds = {f"incident_{n}_kind": "contacting" for n in range(1, 5)}
    vague = {"incident_5_kind": "assault", "incident_6_kind": "sexual assault", "incident_6_date": "2026"}
    (reference,) = referred(stac, tmp_path, a_row(**days, **kinds, **vague))
    printed = stac("case", "show", reference).out
    assert "Incidents (6, 0 to 2 in the last 28 days)" in printed
    top, below = printed.split("Facts in the order of time", 1)
    said = "latest act 4 Feb" in " ".join(top.split())
    assert said or "nothing recorded for" in " ".join(top.split())
    assert "gravest recorded: assault and sexual assault, without a full date |" in " ".join(top.split())
    lines = " ".join(below.split())
    assert "2 reported acts have no full date and may belong to any of these periods. As reported: " in lines
    assert "Incident trends" not in printed


@pytest.mark.sqlite
def test_a_busy_record_is_said_to_be_busy_and_not_to_be_of_another_schema(
    stac: Stac,
) -> None:
    add_settings(stac.home, "busy_after_seconds = 1\n")
    with closing(sqlite3.connect(stac.home / "stac.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        findings = stac("case", "list")
    assert findings.code == 1
    assert "the record is busy" in findings.err
    assert "stac init" not in findings.err


def test_a_page_of_the_worklist_has_fifty_lines_a_section_and_all_its_counts(
    stac: Stac, tmp_path: Path
) -> None:
    alarmed = a_row("A-0", alarm_weapon="yes", perpetrator_surname="Armed", victim_surname="Feared")
    rows = [a_row(f"A-{number}", perpetrator_surname=f"Toy{number}") for number in range(1, 53)]
    referred(stac, tmp_path, alarmed, *rows)
    whole = stac.json("worklist")
    first, second = stac.json("worklist", "--page", "1"), stac.json("worklist", "--page", "2")
    assert set(first) == {
        "user",
        "role",
        "first_line",
        "total",
        "overdue",
        "or_more",
        "sections",
        "to_chase",
        "shared",
    }
    assert first["total"] == second["total"] == len(whole["items"])
    alarms = first["sections"]["alarm"]["items"]
    assert [item["is_alarm"] for item in alarms] == [True]
    assert set(alarms[0]) == set(whole["items"][0])
    tasks = [item for item in whole["items"] if not item["is_alarm"]]
    of_first, of_second = first["sections"]["task"], second["sections"]["task"]
    assert (of_first["total"], of_first["page"], len(of_first["items"])) == (len(tasks), 1, 50)
    assert (of_second["page"], len(of_second["items"])) == (2, len(tasks) - 50)
    assert of_first["items"] + of_second["items"] == tasks
    assert second["sections"]["alarm"] == first["sections"]["alarm"], "a section with one page stays on it"


def test_past_the_last_page_of_the_worklist_is_the_last(stac: Stac, tmp_path: Path) -> None:
    referred(stac, tmp_path, a_row())
    assert stac.json("worklist", "--page", "99") == stac.json("worklist", "--page", "1")


@pytest.mark.parametrize("page", ["0", "-1"])
def test_pages_of_the_worklist_are_counted_from_one(page: str, stac: Stac) -> None:
    findings = stac("worklist", "--page", page)
    assert (findings.code, findings.out) == (2, "")
    assert "pages are counted from 1" in findings.err


def test_a_page_of_the_worklist_is_drawn_with_its_number_and_the_number_of_all(
    stac: Stac, tmp_path: Path
) -> None:
    assert "Nothing needs you today." in stac("worklist", "--page", "1").out
    (reference,) = referred(stac, tmp_path, a_row(alarm_weapon="yes", party_works_for="no"))
    page = stac("worklist", "--page", "3").out
    assert page.startswith("OFFICIAL-SENSITIVE\n")
    assert "Alarms: page 1 of 1, 1 in all" in page
    assert f"{reference}" in page
    assert "ALARM: " in page
    assert "Tasks for you: page 1 of 1, 1 in all" in page


def test_a_due_date_that_an_alarm_brought_forward_says_from_when_and_why(
    stac_with_extracts: tuple[Stac, Invented], tmp_path: Path
) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    works_for = ("case", "works-for", reference, "--perpetrator", "no", "--victim", "no")
    assert stac(*works_for).code == 0
    before = {each["agency"]: each for each in stac.json("case", "show", reference)["answers"]}
    assert stac("incident", "create", reference, "--kind", "threat", "--topic", "weapon").code == 0
    after = {each["agency"]: each for each in stac.json("case", "show", reference)["answers"]}
    waiting = before["health"]["state"], after["health"]["state"]
    assert waiting == ("awaited", "awaited")
    assert after["health"]["due_at"] < before["health"]["due_at"]
    assert before["health"]["brought_forward"] is None
    said = after["health"]["brought_forward"]
    assert said.startswith("brought forward from ")
    assert said in " ".join(stac("case", "show", reference).out.split())
    (own,) = (item for item in stac.json("worklist", user="health-1")["items"] if item["kind"] == "release")
    assert (own["due_at"], said in own["why"]) == (after["health"]["due_at"], True)
