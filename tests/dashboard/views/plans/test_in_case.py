"""The plan on its case: who may change it, reports on actions, and an urgent action that starts at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.plans.actions import ActionStatus, Side
from engine.services.cases.views import view_case
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits, asked, decided, opened, planned


@pytest.fixture
def reference(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case with a plan of one action."""
    made = asked(desk)
    opened(desk, made)
    decided(desk, made)
    planned(desk, made)
    return made


def test_a_practitioner_may_not_change_the_plan_and_reports_only_on_the_own_agencys_actions(
    desk: Desk, workers: dict[str, Acting], reference: str, visits: Visits
) -> None:
    harbour = visits(workers["harbour"], Place.CASE, reference)
    assert not harbour.offers("edit-plan")
    assert harbour.offers("report-action")
    assert not visits(workers["lantern"], Place.CASE, reference).offers("report-action")


def test_not_done_needs_a_reason_and_is_then_shown(
    desk: Desk, workers: dict[str, Acting], reference: str, visits: Visits
) -> None:
    visit = visits(workers["harbour"], Place.CASE, reference).open("report-action")
    visit.app.radio(key=f"report-{reference}-status").set_value(ActionStatus.NOT_DONE)
    visit.press(f"report-{reference}-save")
    assert "'not done' needs a reason; give one." in visit.words
    visit.app.radio(key=f"report-{reference}-status").set_value(ActionStatus.NOT_DONE)
    visit.type(f"report-{reference}-note", "The court had no date.")
    visit.finish(f"report-{reference}-save")
    assert "The court had no date." in visit.words
    assert "Not done" in visit.words


def test_a_plan_due_today_is_not_late(desk: Desk, reference: str, visits: Visits) -> None:
    desk.clock.forward(timedelta(days=18))
    words = visits(desk.chair, Place.CASE, reference).words
    assert "20 Mar (today)" in words
    assert not re.search("days? overdue", words)


def _fill(visit: Visit, case: str, *, owner: str | None, due: str) -> Visit:
    visit.type(f"urgent-{case}-what", "Change the locks today.")
    visit.app.text_input(key=f"urgent-{case}-due").set_value(due)
    visit.app.radio(key=f"urgent-{case}-side").set_value(Side.VICTIM_SAFETY)
    if owner is not None:
        visit.app.selectbox(key=f"urgent-{case}-owner").set_value(owner)
    return visit


def test_an_agency_starts_an_urgent_action_before_the_decision(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = asked(desk)
    visit = visits(workers["harbour"], Place.CASE, case).open("start-urgent")
    _fill(visit, case, owner="harbour-worker", due="2 March 2026").finish(f"urgent-{case}-save")
    assert "The urgent safety action has started." in visit.words
    assert "Urgent, started" in visit.words
    assert "The panel has not decided yet." in visit.words
    chair = visits(desk.chair, Place.CASE, case)
    assert "Change the locks today." in chair.words
    assert not chair.offers("edit-plan")
    assert not chair.offers("approve-plan")
    assert "Before approval" not in chair.words


def test_the_form_of_an_urgent_action_is_still_open_when_the_page_is_drawn_again(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = asked(desk)
    visit = visits(workers["harbour"], Place.CASE, case).press("start-urgent").run()
    assert visit.offers(f"urgent-{case}-save")
    assert not visit.press(f"urgent-{case}-leave").run().offers(f"urgent-{case}-save")


def test_an_urgent_action_without_owner_or_date_is_refused_and_kept(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = asked(desk)
    visit = visits(workers["harbour"], Place.CASE, case).open("start-urgent")
    _fill(visit, case, owner=None, due="next week").press(f"urgent-{case}-save")
    assert "Owner: choose or type an owner; Due:" in visit.words
    assert visit.typed(f"urgent-{case}-what") == "Change the locks today."
    assert view_case(desk.context(desk.chair), reference=case).plan is None


def test_the_plan_after_the_decision_begins_with_the_urgent_action(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = asked(desk)
    visit = visits(workers["harbour"], Place.CASE, case).open("start-urgent")
    _fill(visit, case, owner="harbour-worker", due="2 March 2026").finish(f"urgent-{case}-save")
    opened(desk, case)
    decided(desk, case)
    plan = view_case(desk.context(desk.chair), reference=case).plan
    assert plan is not None
    (started,) = plan.actions
    editing = visits(desk.chair, Place.CASE, case).press("edit-plan").press(f"edit-{started.reference}")
    assert not editing.offers(f"remove-{started.reference}")
    assert "it stays in the plan until its agency reports" in editing.words
