"""Conferences, decisions, plans, actions, outcomes and endings on the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.clock import SystemClock
from engine.domain.conference.risk import Domain
from tests.cli.command import Stac, a_row, referred, screened

DUE = date(SystemClock().today().year + 1, 1, 31)
JUDGED = ("violence", "persistence", "recurrence", "psychosocial harm")


def a_decision(**changes: Any) -> dict[str, Any]:
    """A decision as a file holds it."""
    judgements = [{"domain": domain, "level": "moderate", "reasons": "Invented."} for domain in JUDGED]
    return {"judgements": judgements, "summary": "Invented summary.", "confidence": "low", **changes}


def a_plan(*agencies: str, **changes: Any) -> dict[str, Any]:
    """A plan with an action for each of these agencies."""
    actions = [
        {"what": f"Invented action {n}.", "agency": agency, "owner": "A. Example", "due": DUE.isoformat()}
        for n, agency in enumerate(agencies, start=1)
    ]
    return {"reason": "Invented.", "actions": actions, **changes}


def a_document(place: Path, given: dict[str, Any]) -> str:
    """A JSON file of it."""
    place.write_text(json.dumps(given))
    return str(place)


@pytest.fixture
def in_conference(stac: Stac, tmp_path: Path) -> tuple[Stac, str]:
    """A referral whose conference is open; no agency was asked."""
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    assert stac.json("conference", "open", reference, user="chair")["state"] == "in conference"
    return stac, reference


@pytest.fixture
def planned(in_conference: tuple[Stac, str], tmp_path: Path) -> tuple[Stac, str, str]:
    """A referral with a plan of one action of health."""
    stac, reference = in_conference
    decision, plan = a_decision(), a_plan("health")
    stac.json("conference", "decide", reference, a_document(tmp_path / "d.json", decision), user="chair")
    answer = stac.json("plan", "update", reference, a_document(tmp_path / "p.json", plan), user="chair")
    for need in ("advocate's view", "victim's wishes", "safety check"):
        why = ("--why", "no advocate", "--says", "Invented: none is named.")
        stac.json("plan", "sign-why-not", reference, need, "--version", "1", *why, user="chair")
    stac.json("plan", "approve", reference, user="chair")
    return stac, reference, answer["actions"][0]


@pytest.mark.parametrize("user", ["demo", "health-1", "ana"])
def test_only_the_chair_opens_a_conference(user: str, stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference, "conference", "--person", "ana")
    findings = stac("conference", "open", reference, user=user)
    assert findings.code == 1
    assert findings.err == "you may not open a conference; chair may\n"


def test_a_decision_is_recorded_with_its_dissent(in_conference: tuple[Stac, str], tmp_path: Path) -> None:
    stac, reference = in_conference
    dissent = [{"agency": "health", "who": "A. Example", "reasons": "Invented dissent."}]
    file = a_document(tmp_path / "d.json", a_decision(dissent=dissent))
    findings = stac("conference", "decide", reference, file, user="chair")
    assert findings.code == 0
    case = stac.json("case", "show", reference)
    assert case["decision"]["reference"] in findings.out
    assert case["decision"]["dissent"] == [{**dissent[0], "source": "as noted by chair"}]
    assert (
        "DISSENT of health (A. Example, as noted by chair): Invented dissent."
        in stac("case", "show", reference).out
    )
    assert stac.json("case", "list")["referrals"][0]["decision"] == case["decision"]["reference"]


def test_a_decision_needs_a_word_on_each_domain(in_conference: tuple[Stac, str], tmp_path: Path) -> None:
    stac, reference = in_conference
    short = a_decision()
    short["judgements"].pop()
    findings = stac("conference", "decide", reference, a_document(tmp_path / "d.json", short), user="chair")
    assert findings.code == 1
    assert "judgements: give one for each of the four domains" in findings.err
    unsure = a_document(tmp_path / "u.json", {**a_decision(), "confidence": None})
    findings = stac("conference", "decide", reference, unsure, user="chair")
    assert findings.code == 1
    assert "confidence: give the panel's confidence: low, moderate or high" in findings.err
    assert stac.json("case", "show", reference)["decision"] is None


def test_low_needs_each_gap_that_show_and_the_template_list(
    in_conference: tuple[Stac, str], tmp_path: Path
) -> None:
    stac, reference = in_conference
    shown = stac("case", "show", reference, user="chair").out
    assert "Weigh each of these with the panel before a domain is recorded as low" in shown
    assert "not asked: health. " in shown
    template = stac("conference", "decide", reference, "--template", user="chair").out
    listed = [line[5:-2] for line in template.splitlines() if line.startswith('#   "')]
    assert {"not asked: health", "alarm not asked: weapon", "no victim's voice"} <= set(listed)
    low = [{"domain": each, "level": "low", "reasons": "Invented reasons."} for each in JUDGED]
    why = "Invented reason of more than five words."
    given = a_decision(judgements=low, low_despite_unknown=why, weighed=listed[1:])
    findings = stac("conference", "decide", reference, a_document(tmp_path / "d.json", given), user="chair")
    assert findings.code == 1
    assert f"cannot be low over a gap: {listed[0]}; weigh each" in findings.err
    ticked = "\n".join(line.replace("#   ", "", 1) for line in template.splitlines())
    file = tmp_path / "d.toml"
    file.write_text(
        ticked.replace('"moderate"', '"low"').replace(
            '# low_despite_unknown = "..."', f"low_despite_unknown = '{why}'"
        )
    )
    decided = stac("conference", "decide", reference, str(file), user="chair")
    assert decided.code == 0, decided.err
    assert "weighed before low was recorded: " in stac("case", "show", reference, user="chair").out


def test_only_the_chair_decides(in_conference: tuple[Stac, str], tmp_path: Path) -> None:
    stac, reference = in_conference
    findings = stac("conference", "decide", reference, a_document(tmp_path / "d.json", a_decision()))
    assert (findings.code, findings.err) == (1, "you may not record a decision; chair may\n")


def test_a_plan_is_recorded_and_shown(planned: tuple[Stac, str, str]) -> None:
    stac, reference, action = planned
    (row,) = stac.json("case", "list")["referrals"]
    assert (row["open_actions"], row["overdue_actions"]) == (1, 0)
    page = stac("case", "show", reference).out
    assert action in page
    assert f"31 Jan {DUE.year}" in page


def test_a_plan_changes_by_the_file_that_its_template_gives(
    planned: tuple[Stac, str, str], tmp_path: Path
) -> None:
    stac, reference, action = planned
    given = json.loads(stac("plan", "update", reference, "--template").out)
    assert (given["base_version"], given["actions"][0]["reference"]) == (1, action)
    given["actions"][0]["owner"] = "B. Example"
    given["reason"] = "Invented: another owner."
    answer = stac.json("plan", "update", reference, a_document(tmp_path / "new.json", given))
    assert (answer["version"], answer["actions"]) == (2, [action])
    findings = stac("plan", "update", reference, a_document(tmp_path / "late.json", given))
    assert findings.code == 1
    assert "demo recorded version 2 at " in findings.err
    assert "was made on version 1 and was not recorded" in findings.err


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"agency": "fire-brigade"},
            "action 1: agency 'fire-brigade' is not installed; choose one of: advocacy",
        ),
        ({"due": "2020-01-31"}, "action 1: a new action cannot be due before today; give a later date"),
        ({"due": "2099-02-31"}, "actions.1.due: "),
        ({"owner": ""}, "actions.1.owner: "),
    ],
    ids=["unknown agency", "past", "this date does not exist", "no owner"],
)
def test_an_action_needs_an_agency_an_owner_and_a_day(
    change: dict[str, str], sentence: str, planned: tuple[Stac, str, str], tmp_path: Path
) -> None:
    stac, reference, _ = planned
    plan = a_plan("health", base_version=1)
    plan["actions"][0] |= change
    findings = stac("plan", "update", reference, a_document(tmp_path / "bad.json", plan))
    assert findings.code == 1
    assert sentence in findings.err
    assert stac.json("case", "show", reference)["plan"]["version"] == 1


def test_an_action_is_reported_on_by_its_agency(planned: tuple[Stac, str, str]) -> None:
    stac, reference, action = planned
    findings = stac("plan", "update-action", action, "--status", "in progress", user="health-1")
    assert findings.out == f"action {action} is now 'in progress', version 2\n"
    assert stac.json("case", "show", reference)["plan"]["actions"][0]["status"] == "in progress"


def test_what_was_not_done_needs_a_reason(planned: tuple[Stac, str, str]) -> None:
    stac, _, action = planned
    findings = stac("plan", "update-action", action, "--status", "not done", user="health-1")
    assert (findings.code, findings.err) == (1, "note: 'not done' needs a reason; give one\n")
    assert (
        stac(
            "plan", "update-action", action, "--status", "not done", "--note", "Invented.", user="health-1"
        ).code
        == 0
    )


def test_another_agency_does_not_report_on_it(planned: tuple[Stac, str, str]) -> None:
    stac, _, action = planned
    assert stac("plan", "update-action", action, "--status", "done", user="police-1").code == 1
    assert stac("plan", "update-action", "A-7K3M9QV", "--status", "done").code == 1
    assert stac("plan", "update-action", action, "--status", "finished").code == 2


def test_an_outcome_is_recorded_from_options_and_from_a_file(
    planned: tuple[Stac, str, str], tmp_path: Path
) -> None:
    stac, reference, _ = planned
    given = (
        "--measure",
        "recorded crime",
        "--found",
        "none found",
        "--searched-in",
        "police",
        "--says",
        "None.",
    )
    one = stac.json("outcome", "create", reference, *given, user="police-1")["outcome"]
    file = tmp_path / "outcome.toml"
    file.write_text(stac("outcome", "create", "--template").out)
    two = stac.json("outcome", "create", reference, str(file))["outcome"]
    there = {outcome["reference"]: outcome for outcome in stac.json("case", "show", reference)["outcomes"]}
    assert (there[one]["found"], there[one]["looked_in"]) == ("none found", ["police"])
    assert there[two]["measure"] == "reported further stalking"


@pytest.mark.parametrize(
    ("given", "code", "sentence"),
    [
        (("--found", "none found", "--says", "None."), 1, "give the records that were searched"),
        (("--found", "further stalking", "--says", "Again."), 1, "needs 'against' and 'happened'"),
        (("--found", "not known", "--searched-to", "1/1/2099", "--says", "x"), 1, "is in the future"),
        (("--found", "nothing"), 2, "choose one of 'further stalking'"),
    ],
)
def test_an_outcome_that_is_not_whole_is_refused(
    given: tuple[str, ...], code: int, sentence: str, planned: tuple[Stac, str, str]
) -> None:
    stac, reference, _ = planned
    findings = stac("outcome", "create", reference, "--measure", "recorded crime", *given)
    assert findings.code == code
    assert sentence in " ".join(findings.err.split())
    assert stac.json("case", "show", reference)["outcomes"] == []


def test_a_plan_ends_in_follow_up_and_a_follow_up_in_closing(planned: tuple[Stac, str, str]) -> None:
    stac, reference, _ = planned
    assert (
        stac.json("case", "close", reference, "--how", "exit", "--why", "Invented.")["state"]
        == "in follow-up"
    )
    findings = stac("case", "close", reference, "--how", "end consultation", "--why", "Invented.")
    assert findings.code == 1
    assert "is 'in follow-up', so there is no consultation to end; allowed now: close" in findings.err
    assert stac.json("case", "close", reference, "--how", "close", "--why", "Invented.")["state"] == "closed"


def test_an_ending_is_one_of_three(planned: tuple[Stac, str, str]) -> None:
    stac, reference, _ = planned
    assert stac("case", "close", reference, "--how", "somehow", "--why", "Invented.").code == 2
    findings = stac("case", "close", reference, "--how", "screen", "--why", "Invented.")
    assert findings.code == 1
    assert "choose 'end consultation', 'exit' or 'close'" in findings.err


@pytest.mark.parametrize(
    "command", ["conference decide", "plan update", "outcome create", "response create", "case screen"]
)
def test_a_command_that_needs_a_reference_says_so(command: str, stac: Stac) -> None:
    assert stac(*command.split()).code == 2


@pytest.mark.parametrize("command", ["conference decide", "response create"])
def test_a_template_explains_each_domain_where_it_asks_for_a_level(command: str, stac: Stac) -> None:
    template = stac(*command.split(), "--template").out
    for domain in Domain:
        assert f"# {domain.value}: {domain.meaning[0].lower()}{domain.meaning[1:]}" in template


def test_the_frame_for_a_professional_explains_each_domain(stac: Stac) -> None:
    shown = " ".join(stac("instrument", "show", "four-domains").out.split())
    for domain in Domain:
        assert f"{domain.value}: {domain.meaning}" in shown


def test_asking_aloud_is_of_who_presides_and_is_refused_outside_a_conference(
    in_conference: tuple[Stac, str], tmp_path: Path
) -> None:
    stac, reference = in_conference
    stac.json("conference", "decide", reference, a_document(tmp_path / "d.json", a_decision()), user="chair")
    asked = stac("conference", "dissent", reference, "--asked-aloud", user="chair")
    assert (asked.code, "no conference in session has decided it" in asked.err) == (1, True)
    assert asked.err.count("\n") == 1
    assert stac("conference", "dissent", reference, "--asked-aloud", "--none", user="chair").code == 2
