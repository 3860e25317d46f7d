"""Changing the plan by its sides: one action open, refused text kept, two people at once, the library."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.plans.actions import PlanGiven, PlannedAction, Side
from engine.domain.plans.views import PlanView
from engine.domain.responses.answers import ProposedAction
from engine.services.cases.views import view_case
from engine.services.plans.library import library
from engine.services.plans.versions import make_plan
from engine.services.responses.agency_answers import answer_by_hand
from tests.builders import TOY_CODES, Desk, a_contribution
from tests.dashboard.visits import Visit, Visits, asked, decided, opened


def an_action(what: str = "Check the locks.", **changes: Any) -> PlannedAction:
    given = {"what": what, "agency": "harbour", "owner": "A. Officer", "due": "2026-03-20", "need": "housing"}
    return PlannedAction.model_validate({**given, "side": Side.VICTIM_SAFETY, **changes})


def save(desk: Desk, reference: str, *actions: PlannedAction, version: int) -> None:
    plan = PlanGiven(actions=actions, reason="Agreed.", base_version=version)
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case whose plan has one action."""
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    save(desk, reference, an_action(need=None), version=0)
    return reference


def plan_of(desk: Desk, reference: str) -> PlanView:
    plan = view_case(desk.context(desk.chair), reference=reference).plan
    assert plan is not None
    return plan


def fill(
    visit: Visit, name: str, *, owner: str | None = None, agency: str | None = None, **typed: str
) -> None:
    """Type into the fields of the open action; the people to choose from are those of the agency."""
    key = f"field-of-{name}"
    for field, value in typed.items():
        visit.app.text_input(key=f"{key}-{field}").set_value(value)
    if agency is not None:
        visit.app.selectbox(key=f"{key}-agency").set_value(agency)
        visit.run()
    if owner is not None:
        visit.app.selectbox(key=f"{key}-owner").set_value(owner)


def finish(visit: Visit, reference: str) -> Visit:
    visit.type(f"plan-{reference}-reason", "The hearing was moved.")
    return visit.press(f"plan-{reference}-save")


def test_an_action_is_written_on_its_side_and_saved_with_its_owner(
    desk: Desk, case: str, visits: Visits
) -> None:
    visit = visits(desk.chair, Place.CASE, case).press("edit-plan").press("write-intervention")
    fill(
        visit,
        "new-1",
        what="Check the licence.",
        agency="harbour",
        owner="harbour-worker",
        due="30 March 2026",
    )
    finish(visit, case)
    assert "The plan is saved as version 2." in visit.words
    second, first = sorted(plan_of(desk, case).actions, key=lambda action: action.what)
    assert (second.what, second.side, second.owner_user) == (
        "Check the licence.",
        Side.INTERVENTION,
        "harbour-worker",
    )
    assert (first.what, first.owner, first.side) == ("Check the locks.", "A. Officer", Side.VICTIM_SAFETY)


def test_what_is_refused_keeps_its_text_and_the_others_are_saved(
    desk: Desk, case: str, visits: Visits
) -> None:
    (stored,) = plan_of(desk, case).actions
    visit = visits(desk.chair, Place.CASE, case).press("edit-plan").press(f"edit-{stored.reference}")
    fill(visit, stored.reference, what="Change the locks.")
    visit.press("write-others_at_risk")
    fill(visit, "new-1", what="Agree a school plan.")
    finish(visit, case)
    assert "There is a problem." in visit.words
    assert "Owner: choose or type an owner" in visit.words
    assert [action.what for action in plan_of(desk, case).actions] == ["Change the locks."]
    assert visit.app.text_input(key="field-of-new-1-what").value == "Agree a school plan."
    fill(visit, "new-1", agency="lantern", owner="lantern-worker", due="1 April 2026")
    finish(visit, case)
    assert {action.what for action in plan_of(desk, case).actions} == {
        "Change the locks.",
        "Agree a school plan.",
    }


def test_whoever_saves_second_adds_to_what_the_first_saved(desk: Desk, case: str, visits: Visits) -> None:
    (stored,) = plan_of(desk, case).actions
    visit = visits(desk.chair, Place.CASE, case).press("edit-plan").press(f"edit-{stored.reference}")
    fill(visit, stored.reference, what="Mine.")
    theirs = an_action("Theirs.", need=None)
    moved = an_action(reference=stored.reference, need=None, owner="B. Officer")
    save(desk, case, moved, theirs, version=1)
    finish(visit, case)
    assert "saved version 2 on" in visit.words
    assert "saved this action in version 2: Check the locks. Harbour Office, B. Officer." in visit.words
    assert plan_of(desk, case).version == 2
    finish(visit, case)
    saved = {action.what: action.owner for action in plan_of(desk, case).actions}
    assert saved == {"Mine.": "B. Officer", "Theirs.": "A. Officer"}


def test_an_action_of_the_library_brings_title_and_evidence_but_no_owner(
    desk: Desk, case: str, visits: Visits
) -> None:
    item = library().on_side(Side.VICTIM_SAFETY)[0]
    visit = visits(desk.chair, Place.CASE, case).press("edit-plan").press("library-victim_safety")
    visit.app.multiselect(key="plan-library-victim_safety-chosen").set_value([item.code])
    visit.run().press("plan-library-victim_safety-add")
    assert visit.app.text_input(key="field-of-new-1-what").value == item.title
    assert visit.app.selectbox(key="field-of-new-1-owner").value is None
    fill(visit, "new-1", agency="harbour", owner="harbour-worker", due="1 April 2026")
    finish(visit, case)
    added = next(action for action in plan_of(desk, case).actions if action.what == item.title)
    assert (added.evidence, added.library) == (item.done_when, library().reference(item.code))


def test_leaving_saves_nothing_and_a_version_needs_its_reason(desk: Desk, case: str, visits: Visits) -> None:
    visit = visits(desk.chair, Place.CASE, case).press("edit-plan")
    visit.press(f"plan-{case}-save")
    assert "give the reason for the change in one line" in visit.words
    visit.press(f"plan-{case}-leave")
    assert "Plan, version 1" in visit.words
    assert plan_of(desk, case).version == 1


def test_only_coordinator_and_chair_may_edit(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    assert not visits(workers["harbour"], Place.CASE, case).offers("edit-plan")


def test_what_is_typed_and_not_saved_comes_back_in_another_browser(
    desk: Desk, case: str, visits: Visits
) -> None:
    (stored,) = plan_of(desk, case).actions
    visit = visits(desk.chair, Place.CASE, case).press("edit-plan").press(f"edit-{stored.reference}")
    fill(visit, stored.reference, what="Change the locks.")
    visit.press("write-intervention")
    fill(visit, "new-1", what="Check the licence.")
    visit.type(f"plan-{case}-reason", "The hearing was moved.").run()

    again = visits(desk.chair, Place.CASE, case).press("edit-plan")
    assert "1. Change the locks." in again.words
    assert "2. Check the licence." in again.words
    assert again.typed(f"plan-{case}-reason") == "The hearing was moved."
    again.press("edit-new-1")
    fill(again, "new-1", agency="harbour", owner="harbour-worker", due="30 March 2026")
    finish(again, case)
    assert {action.what for action in plan_of(desk, case).actions} == {
        "Change the locks.",
        "Check the licence.",
    }
    last = visits(desk.chair, Place.CASE, case).press("edit-plan")
    assert last.typed(f"plan-{case}-reason") == ""


def test_what_an_agency_proposed_is_added_with_one_press_and_offered_once(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    proposed = ProposedAction(
        says="Offer a check of the phone.", side=Side.VICTIM_SAFETY, owner="harbour", need="digital-safety"
    )
    answer_by_hand(
        desk.context(workers["harbour"]),
        reference=case,
        agency="harbour",
        answer=a_contribution(proposed_actions=(proposed,)),
    )
    add = f"add-harbour-{proposed.key.removeprefix('action:')}"
    visit = visits(desk.chair, Place.CASE, case).press("edit-plan")
    assert "Proposed by Harbour Office." in visit.words
    visit.press(add)
    assert not visit.offers(add)
    assert visit.app.text_input(key="field-of-new-1-what").value == "Offer a check of the phone."
    for field in ("agency", "owner"):
        assert visit.app.selectbox(key=f"field-of-new-1-{field}").value is None
    assert visit.app.text_input(key="field-of-new-1-due").value == ""
    fill(
        visit, "new-1", what="Check the phone.", agency="harbour", owner="harbour-worker", due="1 April 2026"
    )
    finish(visit, case)
    added = next(action for action in plan_of(desk, case).actions if action.what == "Check the phone.")
    assert (added.proposed_by, added.proposal, added.need) == ("harbour", proposed.key, "digital-safety")
    assert not visits(desk.chair, Place.CASE, case).press("edit-plan").offers(add)


def test_an_action_of_the_library_that_comes_back_from_a_draft_is_still_of_the_library(
    desk: Desk, case: str, visits: Visits
) -> None:
    item = library().on_side(Side.VICTIM_SAFETY)[0]
    visit = visits(desk.chair, Place.CASE, case).press("edit-plan").press("library-victim_safety")
    visit.app.multiselect(key="plan-library-victim_safety-chosen").set_value([item.code])
    visit.run().press("plan-library-victim_safety-add").run()

    again = visits(desk.chair, Place.CASE, case).press("edit-plan").press("edit-new-1")
    fill(again, "new-1", agency="harbour", owner="harbour-worker", due="1 April 2026")
    finish(again, case)
    added = next(action for action in plan_of(desk, case).actions if action.what == item.title)
    assert added.library == library().reference(item.code)
