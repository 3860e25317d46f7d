"""The dose of a record's plans, for a person who may open every case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.errors import NotPermittedError
from engine.domain.outcomes.dose import Spread, Total
from engine.domain.plans.actions import ActionStatus, Delivered, Side
from engine.services.outcomes.dose import intervention_dose
from engine.services.outcomes.observed import observed_cases
from engine.services.plans import actions, versions
from engine.services.plans.library import library
from tests.builders import Desk, a_plan, a_referral, approve
from tests.engine.services.outcomes.test_observed import decided

LIBRARY = library().reference(library().on_side(Side.INTERVENTION)[0].code)


def test_sessions_minutes_and_first_contact_come_from_reports(desk: Desk) -> None:
    first, other = (decided(desk, each) for each in desk.refer(a_referral("1"), a_referral("2")).referrals)
    plan = a_plan(agency="police")
    action = plan.actions[0].model_copy(update={"side": Side.INTERVENTION})
    planned = versions.make_plan(
        desk.context(desk.chair),
        reference=first,
        plan=plan.model_copy(update={"actions": (action,)}),
        agencies=("police",),
    )
    approve(desk, first)
    desk.clock.forward(timedelta(days=12))
    actions.act(
        desk.context(desk.coordinator),
        action=planned.actions[0],
        status=ActionStatus.IN_PROGRESS,
        delivered=Delivered(sessions=4, sessions_offered=6, minutes=200),
    )
    found = intervention_dose(desk.context(desk.coordinator))
    assert (found.cases, found.without_plan, found.with_intervention) == (2, 1, 1)
    assert (found.sessions_offered, found.sessions_missed) == (Total(6, 1, 0), Total(2, 1, 0))
    assert found.minutes == {"police": Total(200, 1, 0)}
    assert found.first_contact == Spread(1, 0, 12, 12, 12)
    assert found.end_of_service == Spread(0, 1, None, None, None)
    assert other


def test_an_intervention_begins_with_its_first_session_and_a_report_that_is_undone_is_none(
    desk: Desk,
) -> None:
    case = decided(desk, desk.refer(a_referral("1")).referrals[0])
    plan = a_plan(agency="police")
    changes = {"side": Side.INTERVENTION, "library": LIBRARY}
    action = plan.actions[0].model_copy(update=changes)
    planned = versions.make_plan(
        desk.context(desk.chair),
        reference=case,
        plan=plan.model_copy(update={"actions": (action,)}),
        agencies=("police",),
    )
    approve(desk, case)

    def report(after: int, sessions: int) -> None:
        desk.clock.forward(timedelta(days=after))
        actions.act(
            desk.context(desk.coordinator),
            action=planned.actions[0],
            status=ActionStatus.IN_PROGRESS,
            delivered=Delivered(sessions=sessions, sessions_offered=9),
        )

    def first_sessions() -> dict[str, int]:
        (observed,) = observed_cases(desk.context(desk.coordinator)).cases
        return dict(observed.first_sessions)

    report(5, 0)
    assert first_sessions() == {}
    report(7, 2)
    actions.undo_report(desk.context(desk.coordinator), action=planned.actions[0])
    assert first_sessions() == {}
    report(8, 1)
    report(9, 4)
    assert first_sessions() == {LIBRARY.item: 20}


def test_exact_figures_are_for_who_may_open_every_case(desk: Desk) -> None:
    decided(desk, desk.refer(a_referral()).referrals[0])
    with pytest.raises(NotPermittedError):
        intervention_dose(desk.context(desk.add("max", Role.MANAGER)))


def test_more_sessions_cannot_be_delivered_than_were_offered() -> None:
    with pytest.raises(ValueError, match="more were delivered"):
        Delivered(sessions=3, sessions_offered=2)
