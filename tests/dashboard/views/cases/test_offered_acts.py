"""Buttons of the case page in each state of a case: none that the service would refuse for that state.

What moves a case is offered where the one table of moves allows it; the other acts are tried.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.approval import Need, NeedRecorded, NeedSignedNot, WhyNot
from engine.services.cases.views import view_case
from engine.services.plans.actions import act
from engine.services.plans.approval import record_need, sign_why_not
from engine.services.plans.reviews import close_review, record_custody_change, record_police_decision
from engine.services.plans.versions import make_plan
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import end_involvement
from tests.builders import TOY_CODES, Desk, a_plan, an_incident
from tests.dashboard.visits import Visits, asked, decided, opened, planned, referred, screened

MOVES = {
    "to-screening": (Act.SCREEN, Role.COORDINATOR),
    "safeguarding": (Act.RECORD_SAFEGUARDING, Role.COORDINATOR),
    "start-conference": (Act.OPEN_CONFERENCE, Role.CHAIR),
    "record-decision": (Act.DECIDE, Role.CHAIR),
    "edit-plan": (Act.PLAN, Role.CHAIR),
    "approve-plan": (Act.APPROVE_PLAN, Role.CHAIR),
    "end-end-consultation": (Act.END_CONSULTATION, Role.CHAIR),
    "end-exit": (Act.EXIT, Role.CHAIR),
    "end-close": (Act.CLOSE, Role.CHAIR),
    "step-up": (Act.STEP_UP, Role.CHAIR),
}
"""The buttons of acts that move a case: the act of the table, and a role that is offered it."""


def in_delivery(desk: Desk) -> str:
    """A case with a plan in delivery and a newer version that waits."""
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    planned(desk, reference)
    return reference


def newer_plan(desk: Desk, reference: str) -> None:
    plan = a_plan(agency="harbour", base_version=1)
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)


def ended(desk: Desk, reference: str, *acts: Act) -> str:
    for each in acts:
        end_involvement(desk.context(desk.chair), reference=reference, act=each, why="Agreed.")
    return reference


def a_case(desk: Desk, state: State) -> str:
    """A case in this state, with what an earlier state leaves behind."""
    match state:
        case State.NOT_SCREENED:
            return referred(desk)
        case State.ADVICE_GIVEN:
            return screened(desk, outcome=TriageOutcome.ADVICE)
        case State.REDIRECTED:
            return screened(desk, outcome=TriageOutcome.REDIRECT)
        case State.IN_CONSULTATION:
            return screened(desk, outcome=TriageOutcome.CONSULTATION)
        case State.SAFEGUARDING_TODAY:
            return screened(desk, outcome=TriageOutcome.URGENT)
        case State.AGENCIES_ASKED:
            return asked(desk)
        case State.READY_FOR_CONFERENCE:
            raise AssertionError("it offers what the state before it does")
        case State.DECIDED:
            reference = asked(desk)
            opened(desk, reference)
            decided(desk, reference)
            plan = a_plan(agency="harbour")
            make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)
            return reference
        case State.IN_DELIVERY:
            reference = in_delivery(desk)
            newer_plan(desk, reference)
            return reference
        case State.IN_CONFERENCE:
            reference = in_delivery(desk)
            newer_plan(desk, reference)
            opened(desk, reference)
            return reference
        case State.IN_FOLLOW_UP:
            reference = in_delivery(desk)
            newer_plan(desk, reference)
            return ended(desk, reference, Act.EXIT)
        case State.CLOSED:
            reference = in_delivery(desk)
            newer_plan(desk, reference)
            return ended(desk, reference, Act.EXIT, Act.CLOSE)


STATES = [state for state in State if state is not State.READY_FOR_CONFERENCE]
"""Agencies that answer by themselves bring a case to the other one, which offers what this one does."""


@pytest.mark.parametrize("state", STATES)
def test_no_button_of_the_case_page_is_refused_for_the_state_of_the_case(
    desk: Desk, workers: dict[str, Acting], visits: Visits, state: State
) -> None:
    reference = a_case(desk, state)
    breach = an_incident("2026-03-01", kind=IncidentKind.BREACH)
    incident = record_incident(desk.context(desk.chair), reference=reference, incident=breach)
    view = view_case(desk.context(desk.chair), reference=reference)
    assert view.state is state
    pages = {
        Role.COORDINATOR: visits(desk.coordinator, Place.CASE, reference),
        Role.CHAIR: visits(desk.chair, Place.CASE, reference),
    }
    for key, (move, role) in MOVES.items():
        allowed = move.value in view.allowed_acts
        if pages[role].offers(key):
            assert allowed, f"'{key}' is offered to the {role.value}, and the state allows no '{move.value}'"
    voice = visits(workers["voice"], Place.CASE, reference)
    chair = pages[Role.CHAIR]
    tried: dict[str, Callable[[], object]] = {
        "record-custody": partial(
            record_custody_change,
            desk.context(desk.chair),
            reference=reference,
            change=CustodyChange.TAKEN,
            on=date(2026, 3, 1),
        ),
        "close-review": partial(
            close_review,
            desk.context(desk.chair),
            reference=reference,
            decided="The plan continues.",
            next_on=date(2026, 4, 1),
        ),
    }
    if view.plan is not None:
        version = view.plan.version
        signed = NeedSignedNot(
            need=Need.SAFETY_CHECK, plan_version=version, why=WhyNot.OTHER, says="Not asked."
        )
        tried["sign-safety-check"] = partial(
            sign_why_not, desk.context(desk.chair), reference=reference, need=signed
        )
        if view.plan.in_delivery:
            tried["report-action"] = partial(
                act,
                desk.context(desk.chair),
                action=view.plan.in_delivery[0].reference,
                status=ActionStatus.IN_PROGRESS,
            )
        if voice.offers("record-victims-wishes"):
            wishes = NeedRecorded(need=Need.VICTIMS_WISHES, plan_version=version)
            record_need(desk.context(workers["voice"]), reference=reference, need=wishes)
    if chair.offers("record-police-decision"):
        given = PoliceDecisionGiven(
            incident=incident,
            action=PoliceAction.ARREST,
            decided_by="DS A. Example",
            decided_on=date(2026, 3, 2),
        )
        record_police_decision(desk.context(desk.chair), reference=reference, decision=given)
    for key, do in tried.items():
        if chair.offers(key):
            do()  # the service takes what the page offers, else it raises


def test_the_walk_tries_what_is_offered_where_a_plan_is_in_delivery(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = a_case(desk, State.IN_DELIVERY)
    chair = visits(desk.chair, Place.CASE, reference)
    for key in ("record-custody", "close-review", "sign-safety-check", "report-action", "approve-plan"):
        assert chair.offers(key), key
    assert visits(workers["voice"], Place.CASE, reference).offers("record-victims-wishes")
