"""A page asks the record as often, however many cases the person has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.orders.breaches import DetailsGiven
from engine.domain.orders.orders import OrderGiven, StepGiven
from engine.domain.plans.actions import PlanGiven, PlannedAction
from engine.services.cases.worklists import worklist, worklist_page
from engine.services.conference import decisions
from engine.services.context import Context
from engine.services.orders.areas import NEAR_AREA
from engine.services.orders.recording import create_order, record_step
from engine.services.plans.own_actions import own_actions
from engine.services.plans.protected_places import NEAR_PLACE
from engine.services.plans.versions import make_plan
from engine.services.referrals.incidents import record_details, record_incident
from engine.services.referrals.screening import screen
from tests.builders import (
    TOY_CODES,
    Desk,
    a_decision,
    a_referral,
    a_screening,
    an_incident,
    approve,
    ask_all,
    with_toys,
)
from tests.differential import statements_of
from tests.engine.services.orders.test_areas import INSIDE, SERVED, ZONE

pytestmark = pytest.mark.whose_is_said


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


def a_case(desk: Desk, workers: dict[str, Acting], number: str) -> str:
    """A case with an action near a protected place, an incident in a sealed area, and answers to release."""
    (case,) = desk.refer(a_referral(number)).referrals
    people = tuple(worker.user for worker in workers.values())
    coordinator, chair = desk.context(desk.coordinator), desk.context(desk.chair)
    screen(coordinator, reference=case, screening=a_screening(people=people))
    ask_all(desk, case)
    decisions.open_conference(chair, reference=case)
    decisions.decide(chair, reference=case, decision=a_decision())
    near = "Patrol 3 Larkfield Passage twice a week"
    actions = tuple(
        PlannedAction.model_validate(
            {"what": near, "agency": agency, "owner": f"{agency}-worker", "due": "2026-03-20"}
        )
        for agency in ("harbour", "voice")
    )
    plan = PlanGiven(actions=actions, reason="Agreed.", base_version=0)
    make_plan(chair, reference=case, plan=plan, agencies=TOY_CODES)
    approve(desk, case)
    facts = {"type": "spo", "made": "2026-02-02", "years": 2}
    terms = {**facts, "conditions": [{"code": "stay-out", "zone": ZONE}]}
    order = create_order(chair, reference=case, given=OrderGiven.model_validate(terms)).reference
    record_step(chair, order=order, step=StepGiven.model_validate(SERVED))
    incident = record_incident(coordinator, reference=case, incident=an_incident("2026-02-20", what="There."))
    given = DetailsGiven.model_validate({"place": INSIDE})
    record_details(coordinator, reference=case, incident=incident, given=given)
    return case


def asked(desk: Desk, page: Callable[[], object]) -> int:
    page()  # what is read once in a process
    with statements_of(desk) as statements:
        page()
    return len(statements)


def test_worklist_and_own_actions_ask_the_same_number_of_statements_whatever_the_number_of_cases(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    cases = [a_case(desk, workers, "1"), a_case(desk, workers, "2")]
    contexts = {name: desk.context(acting) for name, acting in workers.items()}

    def counts() -> list[int]:
        return [
            asked(desk, partial(page, context))
            for context in (contexts["voice"], contexts["harbour"])
            for page in _PAGES
        ]

    few = counts()
    cases += [a_case(desk, workers, str(number)) for number in range(3, 8)]
    assert counts() == few
    found = worklist(contexts["voice"]).items
    for kind in (NEAR_PLACE, NEAR_AREA, "release"):
        assert {item.reference for item in found if item.kind == kind} == set(cases), kind
    assert own_actions(contexts["harbour"]).total == len(cases)


def _first_actions(context: Context) -> object:
    return own_actions(context, most=40)


_PAGES: tuple[Callable[[Context], object], ...] = (worklist_page, _first_actions)
