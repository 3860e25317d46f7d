"""What the library offers for a search, and that a plan takes from it only what it has."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import LibraryRef, PlanGiven, Side
from engine.domain.plans.notices import NOTICE_QUERY
from engine.services.plans.library import find_actions, library
from engine.services.plans.versions import make_plan
from tests.builders import Desk, a_plan


def a_plan_with(**changes: object) -> PlanGiven:
    plan = a_plan(agency="harbour")
    return plan.model_copy(update={"actions": (plan.actions[0].model_copy(update=changes),)})


def refused(desk: Desk, plan: PlanGiven) -> str:
    """Why a plan is refused, before any case is read."""
    with pytest.raises(InvalidInputError) as refusal:
        make_plan(desk.context(desk.chair), reference="R-7K3M9QV", plan=plan, agencies=["harbour"])
    return str(refusal.value)


def test_actions_are_found_by_side_need_and_seat_and_an_item_without_a_seat_fits_each() -> None:
    of_care = find_actions(side=Side.INTERVENTION, seat="treatment")
    assert {"mental-health-assessment", "psychological-intervention"} <= {action.code for action in of_care}
    assert {action.code for action in find_actions(need="housing")} == {"housing-move"}
    assert find_actions() == library().actions


def test_an_action_that_resembles_a_notice_is_queried_until_it_says_what_is_different(desk: Desk) -> None:
    plan = a_plan_with(what="Issue a Police Information Notice.")
    assert refused(desk, plan) == f"action 1: {NOTICE_QUERY}"


def test_an_item_that_the_library_does_not_have_is_refused(desk: Desk) -> None:
    unknown = a_plan_with(library=LibraryRef(item="police-information-notice", version=1))
    assert "the library has no item 'police-information-notice'" in refused(desk, unknown)
    later = a_plan_with(library=LibraryRef(item="home-security", version=library().version + 1))
    assert "of version 2" in refused(desk, later)
