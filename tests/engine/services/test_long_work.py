"""Long work lets others write first, in short parts, and finds out what to write before it holds the lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from engine.domain.accounts.acting import flow_acting
from engine.domain.links.saved_searches import AroundQuestion
from engine.domain.responses.reassessment import Compared
from engine.services.cases.worklists import daily_sweep
from engine.services.conference import decisions
from engine.services.links import projection
from engine.services.outcomes.agency_outcomes import ask_outcomes
from engine.services.outcomes.quarterly_asking import request_due
from engine.services.people.matching import compare_new
from engine.services.referrals.incidents import record_incident
from engine.services.responses import reassessment
from engine.store.database import BEGIN
from tests.builders import (
    MONDAY,
    Desk,
    a_contribution,
    a_decision,
    a_referral,
    an_incident,
    ask_all,
    let_answer,
)
from tests.engine.services.links.test_saved_searches import PHONE, asked, perpetrator_of, tied, watching
from tests.engine.services.responses.test_reassessment import reassess
from tests.flows.given import screened, toys_for

pytestmark = pytest.mark.sqlite
RUNNER = flow_acting("daily sweep", "runner")
_LONG: dict[str, Callable[[Desk], object]] = {
    "compare new person records": lambda desk: compare_new(desk.context(flow_acting("compare", "runner"))),
    "refresh links": lambda desk: projection.refresh_links(desk.context(desk.coordinator), everything=True),
    "request outcomes of the quarter": lambda desk: request_due(desk.context(RUNNER)),
    "daily sweep": lambda desk: daily_sweep(desk.context(RUNNER)),
    "raise link alerts": asked,
    "ask agencies for outcomes that are due": lambda desk: ask_the_case(desk, only_due=True),
}


def ask_the_case(desk: Desk, *, only_due: bool = False) -> None:
    with desk.runtime.uow.unrecorded() as work:
        ((case, _), *_) = work.agency_outcomes.due(
            asked_before=desk.clock.now(), failed_before=desk.clock.now(), decided_after=MONDAY
        )
    assert ask_outcomes(desk.context(RUNNER), reference=case, only_due=only_due)


def _referred(desk: Desk) -> None:
    desk.refer(a_referral())


def _due_for_outcomes(desk: Desk) -> None:
    """A case that was decided last quarter, and which three agencies were asked about."""
    toys_for(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    case = screened(desk)
    ask_all(desk, case)
    decisions.open_conference(desk.context(desk.chair), reference=case)
    decisions.decide(desk.context(desk.chair), reference=case, decision=a_decision())
    desk.clock.forward(timedelta(days=60))


def _with_news(desk: Desk) -> None:
    """A saved search, and someone who has come to lie near since."""
    (first,) = desk.refer(tied("1", PHONE)).referrals
    watching(desk, AroundQuestion(reference=perpetrator_of(desk, first)))
    desk.refer(tied("2", PHONE))


_GIVEN: dict[str, Callable[[Desk], None]] = {
    "request outcomes of the quarter": _due_for_outcomes,
    "ask agencies for outcomes that are due": _due_for_outcomes,
    "raise link alerts": _with_news,
}


def steps_back(desk: Desk, act: Callable[[Desk], object]) -> bool:
    """Whether this writes as long work does, which rests after a part while others write."""
    turns = desk.runtime.uow._turns
    assert turns is not None
    rested = turns._rested
    act(desk)
    return turns._rested != rested


def entries(desk: Desk, what: str) -> int:
    with desk.runtime.uow.unrecorded() as work:
        return sum(f'"what":"{what}"' in entry.body for entry in work.audit.entries())


@pytest.mark.parametrize("name", _LONG)
def test_long_work_steps_back(desk: Desk, name: str) -> None:
    _GIVEN.get(name, _referred)(desk)
    assert steps_back(desk, _LONG[name])


def test_agencies_that_a_person_asks_for_outcomes_do_not(desk: Desk) -> None:
    _due_for_outcomes(desk)
    assert not steps_back(desk, ask_the_case)


def test_an_act_of_a_person_does_not(desk: Desk) -> None:
    (case,) = desk.refer(a_referral()).referrals
    context, incident = desk.context(desk.coordinator), an_incident("2026-03-01")
    assert not steps_back(desk, lambda _: record_incident(context, reference=case, incident=incident))


def test_answers_of_a_re_assessment_are_stored_in_short_parts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reassessment, "_STORED_AT_ONCE", 2)
    toys_for(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    for number in range(3):
        ask_all(desk, screened(desk, str(number)))
    desk.clock.forward(timedelta(hours=1))
    assert steps_back(desk, reassess)
    assert entries(desk, "keep chunk") == 2
    with desk.runtime.uow.unrecorded() as work:
        number = work.reassessments.get(reassess(desk))[0]
        assert work.reassessments.compared(number) == {"harbour": {Compared.SAME: 3}}


def test_links_are_written_in_short_parts_while_others_write(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "_AT_ONCE", 3)
    monkeypatch.setattr(projection, "_AT_ONCE_BESIDE_OTHERS", 1)
    desk.refer(*(a_referral(str(number)) for number in range(3)))
    _LONG["refresh links"](desk)
    assert entries(desk, "refresh links") == 1
    monkeypatch.setattr(type(desk.runtime.uow), "others_write", property(lambda _: True))
    _LONG["refresh links"](desk)
    assert entries(desk, "refresh links") == 1 + 3


@pytest.mark.parametrize("name", ["request outcomes of the quarter", "daily sweep"])
def test_what_is_counted_over_all_cases_is_read_before_the_lock(desk: Desk, name: str) -> None:
    _GIVEN.get(name, _referred)(desk)
    read: dict[bool, list[str]] = {True: [], False: []}

    def note(connection: Connection, cursor: object, statement: str, *rest: object) -> None:
        holds_lock = connection.get_execution_options().get(BEGIN) == "IMMEDIATE"
        read[holds_lock].append(" ".join(statement.split()))

    event.listen(desk.runtime.uow._engine, "before_cursor_execute", note)
    _LONG[name](desk)
    event.remove(desk.runtime.uow._engine, "before_cursor_execute", note)
    over_all = "FROM involvement"
    assert any(over_all in statement for statement in read[False])
    assert not [statement for statement in read[True] if over_all in statement]


@pytest.mark.parametrize("what", ["count what is overdue", "find cases due for outcomes", "daily sweep"])
def test_what_the_sweep_reads_of_all_cases_is_in_the_audit_log_once(desk: Desk, what: str) -> None:
    _referred(desk)
    daily_sweep(desk.context(RUNNER))
    request_due(desk.context(RUNNER))
    assert entries(desk, what) == 1
