"""``stac plan list``: the shape of its answer, its filters, and what it prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from engine.clock import SystemClock
from tests.cli.command import Stac, a_row, referred, screened

DUE = date(SystemClock().today().year + 1, 1, 31).isoformat()
JUDGED = ("violence", "persistence", "recurrence", "psychosocial harm")


@pytest.fixture
def planned(stac: Stac, tmp_path: Path) -> tuple[Stac, str]:
    """A referral with a plan of one action of health and one of police."""

    def file(name: str, given: Mapping[str, object]) -> str:
        (tmp_path / name).write_text(json.dumps(given))
        return str(tmp_path / name)

    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    stac.json("conference", "open", reference, user="chair")
    judgements = [{"domain": domain, "level": "moderate", "reasons": "Invented."} for domain in JUDGED]
    decision = {
        "judgements": judgements,
        "summary": "Invented summary.",
        "confidence": "low",
        "review_on": DUE,
    }
    stac.json("conference", "decide", reference, file("d.json", decision), user="chair")
    actions = [
        {"what": f"Invented action of {code}.", "agency": code, "owner": "A. Example", "due": DUE}
        for code in ("health", "police")
    ]
    actions[0]["serves"] = "violence"
    plan = {"reason": "Invented.", "actions": actions}
    stac.json("plan", "update", reference, file("p.json", plan), user="chair")
    return stac, reference


def test_the_answer_has_exactly_its_documented_shape(planned: tuple[Stac, str]) -> None:
    stac, reference = planned
    (plan,) = stac.json("plan", "list")["plans"]
    actions = plan.pop("actions")
    assert plan == {
        "case": reference,
        "plan": plan["plan"],
        "version": 1,
        "state": "draft",
        "review": DUE,
        "departs_from_wishes": None,
    }
    assert {action.pop("reference")[:2] for action in actions} == {"A-"}
    common = {"owner": "A. Example", "due": DUE, "status": "not started", "overdue": False}
    of_health = {"what": "Invented action of health.", "agency": "health", "serves": "violence", **common}
    of_police = {"what": "Invented action of police.", "agency": "police", "serves": None, **common}
    assert sorted(actions, key=lambda action: action["agency"]) == [of_health, of_police]


def test_filters_leave_out_what_they_do_not_name(planned: tuple[Stac, str]) -> None:
    stac, _ = planned
    (plan,) = stac.json("plan", "list", "--owner-agency", "police")["plans"]
    assert [action["agency"] for action in plan["actions"]] == ["police"]
    assert stac.json("plan", "list", "--overdue") == {"plans": []}
    assert stac.json("plan", "list", "--state", "in delivery") == {"plans": []}
    assert len(stac.json("plan", "list", "--state", "draft")["plans"]) == 1


def test_what_is_not_installed_and_no_state_is_refused(planned: tuple[Stac, str]) -> None:
    stac, _ = planned
    refused = stac("plan", "list", "--owner-agency", "nowhere")
    assert refused.code == 1
    assert "choose one of: advocacy, health, police, probation" in refused.err
    assert stac("plan", "list", "--state", "open").code == 2


def test_it_prints_a_plan_with_its_people_and_actions(planned: tuple[Stac, str]) -> None:
    stac, reference = planned
    out = stac("plan", "list").out
    assert out.startswith("OFFICIAL-SENSITIVE")
    assert f"{reference} Victoria H., alleged: Perpetua T." in out
    assert f"Invented action of police. police, A. Example; due 31 January {DUE[:4]}; not started." in out


def test_a_manager_gets_no_name_and_no_text_and_an_auditor_nothing(planned: tuple[Stac, str]) -> None:
    stac, reference = planned
    (plan,) = stac.json("plan", "list", user="max")["plans"]
    assert plan["case"] == reference
    assert {(a["what"], a["owner"]) for a in plan["actions"]} == {("Action written by an agency", None)}
    printed = stac("plan", "list", user="max").out
    for text in ("Victoria", "Perpetua", "Example", "Invented"):
        assert text not in printed


CHECK = ("safety check", "--version", "1")


def test_a_safety_check_has_one_of_three_answers_by_command(planned: tuple[Stac, str]) -> None:
    stac, reference = planned

    def answered(*more: str) -> tuple[int, str]:
        done = stac("plan", "record-voice", reference, *CHECK, *more, user="advocacy-1")
        return done.code, done.err

    for wrong, sentence in (
        ((), "give 'safe', 'not safe' or 'could not be done'"),
        (("--result", "fine"), "--result"),
        (("--result", "not safe"), "say what is not safe, or why the check could not be done"),
        (("--result", "could not be done"), "say what is not safe, or why the check could not be done"),
    ):
        code, err = answered(*wrong)
        assert (code != 0, sentence in err) == (True, True), err
        assert sum("give" in line or "choose" in line or "say" in line for line in err.splitlines()) == 1
    assert answered("--result", "could not be done", "--because", "No contact yet.") == (0, "")
    assert answered("--result", "not safe", "--because", "The route to work is known.") == (0, "")
    code, err = stac("plan", "approve", reference, user="chair").code, answered("--result", "safe")[1]
    assert code == 1
    assert "--replace" in err or "not safe" in err
    assert answered("--result", "safe", "--replace") == (0, "")
