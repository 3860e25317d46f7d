"""Urgent safety actions: they start from screening on, before a decision, and a later plan keeps them."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from engine.domain.plans.actions import ActionStatus, PlanGiven, PlannedAction, Side
from engine.domain.plans.views import PlanView
from engine.services.cases.parts import view_plan
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.plans.actions import act
from engine.services.plans.lists import list_plans
from engine.services.plans.own_actions import own_actions
from engine.services.plans.urgent import Started, start_urgent_action
from engine.services.plans.versions import make_plan
from tests.builders import SAFE_HOUSE, TOY_CODES, Desk, a_plan, an_urgent_action, approve, with_toys
from tests.dashboard.visits import decided, opened, referred, screened

pytestmark = pytest.mark.whose_is_said


class OnCase:
    """A case that was screened and no more, with the toy agencies' practitioners on it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workers = with_toys(desk)
        self.reference = screened(desk)

    def start(self, by: Acting | None = None, action: PlannedAction | None = None) -> Started:
        return start_urgent_action(
            self.desk.context(by or self.workers["harbour"]),
            reference=self.reference,
            action=action or an_urgent_action("harbour", owner_user="harbour-worker", due="2026-03-02"),
            agencies=TOY_CODES,
        )

    def save(self, *actions: PlannedAction, version: int) -> None:
        plan = PlanGiven(actions=actions, reason="Agreed.", base_version=version)
        context = self.desk.context(self.desk.coordinator)
        make_plan(context, reference=self.reference, plan=plan, agencies=TOY_CODES)

    def plan(self, reader: Acting | None = None) -> PlanView:
        plan = view_plan(self.desk.context(reader or self.desk.chair), reference=self.reference)
        assert plan is not None
        return plan

    def decide(self) -> None:
        opened(self.desk, self.reference)
        decided(self.desk, self.reference)


@pytest.fixture
def case(desk: Desk) -> OnCase:
    return OnCase(desk)


def given_back(plan: PlanView, **changes: object) -> tuple[PlannedAction, ...]:
    """The actions of the newest version, as a person gives them back."""
    names = set(PlannedAction.model_fields)
    return tuple(
        PlannedAction.model_validate({**action.model_dump(include=names), **changes})
        for action in plan.actions
    )


def test_an_agency_starts_an_action_before_any_decision_and_it_is_on_every_list(case: OnCase) -> None:
    harbour = case.workers["harbour"]
    started = case.start()
    plan = case.plan()
    assert [action.reference for action in plan.in_delivery] == [started.action]
    assert (plan.is_before_decision, plan.gate, plan.still_needed) == (True, (), ())
    assert view_case(case.desk.context(harbour), reference=case.reference).state is State.AGENCIES_ASKED
    (listed,) = list_plans(case.desk.context(case.desk.chair)).plans
    assert [(action.reference, action.is_live) for action in listed.actions] == [(started.action, True)]
    (mine,) = own_actions(case.desk.context(harbour)).actions
    assert mine.actions[0].reference == started.action
    items = [item.kind for item in worklist(case.desk.context(harbour)).items]
    assert "action" in items
    reported = act(case.desk.context(harbour), action=started.action, status=ActionStatus.IN_PROGRESS)
    assert reported.status is ActionStatus.IN_PROGRESS


def test_an_action_that_is_not_urgent_waits_for_the_decision(case: OnCase) -> None:
    with pytest.raises(InvalidInputError, match="only an urgent safety action starts before"):
        case.start(action=an_urgent_action("harbour", is_urgent=False))
    with pytest.raises(IllegalTransitionError, match=r"allowed now: .*start urgent safety action"):
        case.save(*a_plan(agency="harbour").actions, version=0)


def test_the_later_plan_takes_it_over_and_nothing_is_there_twice(case: OnCase) -> None:
    started = case.start()
    act(case.desk.context(case.workers["harbour"]), action=started.action, status=ActionStatus.IN_PROGRESS)
    case.decide()
    with pytest.raises(ConflictError):
        case.save(*a_plan(agency="harbour").actions, version=0)
    case.save(*given_back(case.plan()), *a_plan(agency="lantern").actions, version=1)
    urgent, ordinary = sorted(case.plan().actions, key=lambda action: not action.is_urgent)
    assert (urgent.reference, urgent.status, urgent.is_live) == (
        started.action,
        ActionStatus.IN_PROGRESS,
        True,
    )
    assert not ordinary.is_live
    approve(case.desk, case.reference)
    assert {action.reference for action in case.plan().in_delivery} == {urgent.reference, ordinary.reference}


def test_no_version_stops_an_action_that_has_started_until_its_agency_ends_it(case: OnCase) -> None:
    started = case.start()
    case.decide()
    ordinary = a_plan(agency="lantern").actions
    with pytest.raises(InvalidInputError, match=f"{started.action}: it is an urgent safety action that has"):
        case.save(*ordinary, version=1)
    with pytest.raises(InvalidInputError, match="leave it in as one"):
        case.save(*given_back(case.plan(), is_urgent=False), *ordinary, version=1)
    assert case.plan().version == 1
    act(case.desk.context(case.workers["harbour"]), action=started.action, status=ActionStatus.DONE)
    case.save(*ordinary, version=1)
    assert [action.what for action in case.plan().actions] == ["Apply for an order."]


def test_an_approved_plan_stays_in_delivery_beside_a_new_urgent_action(case: OnCase) -> None:
    case.decide()
    plan = PlanGiven(actions=a_plan(agency="lantern").actions, reason="Agreed.", asks_approval=True)
    make_plan(case.desk.context(case.desk.chair), reference=case.reference, plan=plan, agencies=TOY_CODES)
    approve(case.desk, case.reference)
    started = case.start()
    plan_now = case.plan()
    assert (plan_now.version, plan_now.in_delivery_version) == (2, 1)
    assert {action.agency for action in plan_now.in_delivery} == {"harbour", "lantern"}
    assert plan_now.actions[0].reference == started.action or plan_now.actions[1].reference == started.action
    kinds = [item.kind for item in worklist(case.desk.context(case.desk.chair)).items]
    assert "approve plan" in kinds


def test_each_agency_starts_only_its_own_and_a_coordinator_any(case: OnCase) -> None:
    with pytest.raises(NotPermittedError, match="a practitioner of lantern"):
        case.start(action=an_urgent_action("lantern"))
    case.start(by=case.desk.coordinator, action=an_urgent_action("lantern"))
    analyst = case.desk.add("ana", Role.ANALYST)
    with pytest.raises((NotPermittedError, NotFoundError)):
        case.start(by=analyst)


def test_a_practitioner_names_no_one_on_the_case(case: OnCase) -> None:
    colleague = case.desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    with pytest.raises(InvalidInputError, match="owner: this user is not on the case"):
        case.start(action=an_urgent_action("harbour", owner_user=colleague.user))
    case.start()
    with pytest.raises(NotFoundError):
        view_plan(case.desk.context(colleague), reference=case.reference)
    case.start(by=case.desk.coordinator)
    assert view_plan(case.desk.context(colleague), reference=case.reference) is not None


@pytest.mark.parametrize(
    "outcome", [TriageOutcome.CONSULTATION, TriageOutcome.URGENT], ids=lambda each: each.value
)
def test_a_consultation_and_an_urgent_case_start_one_too(desk: Desk, outcome: TriageOutcome) -> None:
    with_toys(desk)
    reference = screened(desk, "2", outcome)
    start_urgent_action(
        desk.context(desk.chair), reference=reference, action=an_urgent_action("voice"), agencies=TOY_CODES
    )
    assert view_case(desk.context(desk.chair), reference=reference).plan is not None


def test_before_screening_and_after_advice_none_starts(desk: Desk) -> None:
    with_toys(desk)
    for reference in (referred(desk, "2"), screened(desk, "3", TriageOutcome.ADVICE)):
        with pytest.raises(IllegalTransitionError):
            start_urgent_action(
                desk.context(desk.chair),
                reference=reference,
                action=an_urgent_action("voice"),
                agencies=TOY_CODES,
            )


def test_who_starts_an_action_reads_no_protected_text_of_the_plan_before(case: OnCase) -> None:
    case.decide()
    plan = PlanGiven(
        actions=a_plan(agency="harbour").actions,
        reason="Agreed.",
        departs_from_wishes=f"Visit {SAFE_HOUSE} all the same.",
    )
    make_plan(case.desk.context(case.desk.chair), reference=case.reference, plan=plan, agencies=TOY_CODES)
    case.start(by=case.workers["harbour"], action=an_urgent_action("harbour", side=Side.OTHERS_AT_RISK))
    assert SAFE_HOUSE not in str(case.plan(case.workers["harbour"]).departs_from_wishes)
    assert SAFE_HOUSE in str(case.plan(case.desk.chair).departs_from_wishes)
