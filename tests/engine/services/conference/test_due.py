"""What waits for the chair: since when, until when, and no agency that is missing holds it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.responses.answers import Contribution, NilReturn, RefusalGround, Refused
from engine.services.cases.worklists import worklist
from engine.services.conference import decisions
from engine.services.plans.versions import make_plan
from engine.services.referrals.screening import end_involvement, record_safeguarding, screen
from engine.services.referrals.stepping_up import step_up
from engine.services.responses.agency_answers import release
from tests.builders import (
    TOY_CODES,
    Desk,
    a_contribution,
    a_decision,
    a_desk,
    a_plan,
    a_referral,
    a_screening,
    ask_all,
    let_answer,
    with_toys,
)
from tests.databases import add_settings

NIL = NilReturn(looked_in=("register",), says="No record is held.")
REFUSED = Refused(ground=RefusalGround.CONFIDENTIAL, says="Confidential.")
ANSWERS: dict[str, Contribution | NilReturn | Refused] = {
    "harbour": NIL,
    "lantern": REFUSED,
    "voice": a_contribution(),
}


def london(month: int, day: int, hour: int = 17, minute: int = 0) -> datetime:
    """A moment of 2026 in London."""
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def lines(desk: Desk) -> list[WorkItem]:
    """The chair's lines about cases, after the rows were found to agree with the facts."""
    differ = desk.runtime.due.differences(desk.runtime.uow)
    assert not any(differ.values())
    return [each for each in worklist(desk.context(desk.chair)).items if each.kind == "chair"]


def screened(
    desk: Desk, outcome: TriageOutcome = TriageOutcome.CONFERENCE, workers: Iterable[Acting] = ()
) -> str:
    """A referral that was screened on Monday 2 March at nine."""
    (reference,) = desk.refer(a_referral()).referrals
    named = a_screening(outcome, people=tuple(each.user for each in workers))
    screen(desk.context(desk.coordinator), reference=reference, screening=named)
    return reference


def answered(desk: Desk, reference: str, workers: Mapping[str, Acting]) -> None:
    """Every agency is asked and answers, each in its own way; those that must release do."""
    for code, answer in ANSWERS.items():
        let_answer(desk, code, answer)
    ask_all(desk, reference)
    for code in ("lantern", "voice"):
        release(desk.context(workers[code]), reference=reference, agency=code)


def wait_until(desk: Desk, moment: datetime) -> None:
    desk.clock.forward(moment - desk.clock.now())


def test_an_agency_that_is_missing_holds_no_conference_back_at_its_due_date(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", None)
    let_answer(desk, "lantern", a_contribution())
    let_answer(desk, "voice", a_contribution())
    reference = screened(desk)
    ask_all(desk, reference)
    wait_until(desk, london(3, 30, 16, 59))
    assert lines(desk) == []
    wait_until(desk, london(3, 30, 17, 1))
    (line,) = lines(desk)
    assert (line.reference, line.what) == (reference, "Open the conference")
    assert (line.due_at, line.is_overdue) == (london(3, 30), True)
    assert line.why == (
        "Not every agency has responded. Overdue: Lantern House, Her Voice. Could not be asked, which is not "
        "a nil return: Harbour Office. Waits since 2 March 2026, 28 days."
    )
    assert decisions.open_conference(desk.context(desk.chair), reference=reference) is State.IN_CONFERENCE
    assert [each.what for each in lines(desk)] == ["Record the decision"]


def test_refusals_nil_returns_and_agencies_that_were_not_asked_are_named_apart(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", NIL)
    let_answer(desk, "lantern", a_contribution())
    reference = screened(desk)
    wait_until(desk, london(3, 30, 17, 1))
    (line,) = lines(desk)
    assert line.why.startswith("No agency was asked. Not asked: Harbour Office, Lantern House, Her Voice. ")
    ask_all(desk, reference)
    (line,) = lines(desk)
    assert line.why.startswith(
        "Not every agency has responded. Not due yet: Lantern House, Her Voice. Nil return: Harbour Office. "
    )


def test_a_case_whose_answers_are_in_is_ready_before_its_due_date_and_waits_from_then(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk, workers=workers.values())
    desk.clock.forward(timedelta(days=3))
    answered(desk, reference, workers)
    desk.clock.forward(timedelta(days=1))
    (line,) = lines(desk)
    assert line.due_at == london(3, 30)
    assert not line.is_overdue
    assert line.since == desk.clock.now() - timedelta(days=1)
    assert line.why == (
        "Every agency has responded. Refused: Lantern House. Nil return: Harbour Office. "
        "Waits since 5 March 2026, 1 day."
    )


@pytest.mark.parametrize(
    ("minute", "age"),
    [(59, "Waits since 2 March 2026."), (60, "Waits since 2 March 2026, 1 day.")],
)
def test_todays_safeguarding_is_overdue_from_midnight_on(desk: Desk, minute: int, age: str) -> None:
    reference = screened(desk, TriageOutcome.URGENT)
    wait_until(desk, london(3, 2, 23) + timedelta(minutes=minute))
    (line,) = lines(desk)
    assert (line.what, line.is_overdue) == ("Record today's safeguarding", minute == 60)
    assert line.why == f"The referral is urgent. {age}"
    record_safeguarding(desk.context(desk.coordinator), reference=reference, done="Locks are changed.")
    assert lines(desk) == []
    wait_until(desk, london(3, 9, 17, 1))
    assert [(each.what, each.due_at) for each in lines(desk)] == [("Open the conference", london(3, 9))]


def test_a_decision_a_plan_and_what_an_approval_waits_for(desk: Desk) -> None:
    with_toys(desk)
    reference = screened(desk)
    chair = desk.context(desk.chair)
    decisions.open_conference(chair, reference=reference)
    desk.clock.forward(timedelta(days=148))
    (line,) = lines(desk)
    assert (line.what, line.due_at) == ("Record the decision", None)
    assert line.why == "The conference is open. Waits since 2 March 2026, 148 days."
    decisions.decide(chair, reference=reference, decision=a_decision())
    (line,) = lines(desk)
    assert (line.what, line.since) == ("Write the plan", desk.clock.now())
    draft = a_plan(agency="lantern", due="2026-08-20")
    make_plan(chair, reference=reference, plan=draft, agencies=TOY_CODES)
    assert [each.what for each in lines(desk)] == ["Write the plan"]
    asks = a_plan(agency="lantern", due="2026-08-20", base_version=1)
    asks = asks.model_copy(update={"asks_approval": True})
    make_plan(chair, reference=reference, plan=asks, agencies=TOY_CODES)
    assert lines(desk) == [], "its line is about the approval"


def test_a_case_that_is_stepped_up_begins_again(desk: Desk) -> None:
    reference = screened(desk)
    chair, coordinator = desk.context(desk.chair), desk.context(desk.coordinator)
    decisions.open_conference(chair, reference=reference)
    decisions.decide(chair, reference=reference, decision=a_decision())
    end_involvement(chair, reference=reference, act=Act.EXIT, why="It is over.")
    wait_until(desk, london(6, 1, 9))
    assert lines(desk) == []
    step_up(coordinator, reference=reference, reason="A new threat.")
    wait_until(desk, london(6, 29, 16, 59))
    assert lines(desk) == []
    wait_until(desk, london(6, 29, 17, 1))
    (line,) = lines(desk)
    assert (line.what, line.due_at) == ("Open the conference", london(6, 29))
    assert "Waits since 1 June 2026, 28 days." in line.why


def test_a_response_from_before_the_step_up_is_not_one_to_it(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk, TriageOutcome.CONSULTATION, workers.values())
    answered(desk, reference, workers)
    desk.clock.forward(timedelta(days=1))
    step_up(desk.context(desk.coordinator), reference=reference, reason="A new threat.")
    wait_until(desk, london(4, 1, 9))
    (line,) = lines(desk)
    assert line.why.startswith(
        "Not every agency has responded. Only from before the case was stepped up: Harbour Office, Lantern "
        "House, Her Voice. Waits since 3 March 2026"
    )


def test_advice_that_is_stepped_up_has_a_due_date(desk: Desk) -> None:
    reference = screened(desk, TriageOutcome.ADVICE)
    step_up(desk.context(desk.coordinator), reference=reference, reason="A new threat.")
    wait_until(desk, london(3, 30, 17, 1))
    assert [each.due_at for each in lines(desk)] == [london(3, 30)]


@pytest.mark.parametrize("outcome", [TriageOutcome.ADVICE, TriageOutcome.CONSULTATION])
def test_a_case_that_is_to_have_no_conference_has_no_line(desk: Desk, outcome: TriageOutcome) -> None:
    screened(desk, outcome)
    desk.clock.forward(timedelta(days=200))
    assert lines(desk) == []


def test_asking_agencies_again_is_no_new_beginning(desk: Desk) -> None:
    with_toys(desk)
    reference = screened(desk)
    desk.clock.forward(timedelta(days=10))
    ask_all(desk, reference)
    screen(
        desk.context(desk.coordinator),
        reference=reference,
        screening=a_screening().model_copy(update={"base_version": 1}),
    )
    wait_until(desk, london(3, 30, 17, 1))
    (line,) = lines(desk)
    assert line.since is not None
    assert (line.since.date(), line.due_at) == (london(3, 2).date(), london(3, 30))


def test_an_operator_may_switch_the_due_date_off_and_a_case_that_is_ready_still_says_how_long(
    tmp_path: Path,
) -> None:
    with a_desk(tmp_path / "made"):
        add_settings(tmp_path / "made", '[conference.open_within_working_days]\nconference = "off"\n')
    with a_desk(tmp_path / "home", like=tmp_path / "made") as desk:
        workers = with_toys(desk)
        reference = screened(desk, workers=workers.values())
        wait_until(desk, london(7, 30))
        assert lines(desk) == []
        answered(desk, reference, workers)
        desk.clock.forward(timedelta(days=2))
        (line,) = lines(desk)
        assert (line.due_at, line.is_overdue) == (None, False)
        assert line.why.endswith("Waits since 30 July 2026, 2 days.")


def test_other_settings_derive_the_due_dates_again(tmp_path: Path) -> None:
    with a_desk(tmp_path / "made") as desk:
        screened(desk)
        desk.runtime.uow.derive_all()
        add_settings(tmp_path / "made", "[conference.open_within_working_days]\nconference = 2\n")
    with a_desk(tmp_path / "home", like=tmp_path / "made") as desk:
        wait_until(desk, london(3, 4, 17, 1))
        assert [each.due_at for each in lines(desk)] == [london(3, 4)]
