"""Changing the plan: a reason, whose columns, and two people at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.views import PlanView
from engine.services.cases.views import view_case
from tests.builders import Desk
from tests.dashboard.visits import Visits, asked, decided, opened, planned

NAMES = {"harbour": "Harbour Office", "lantern": "Lantern House", "voice": "Her Voice"}


@pytest.fixture
def reference(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case with a plan of one action."""
    made = asked(desk)
    opened(desk, made)
    decided(desk, made)
    planned(desk, made)
    return made


def newest(desk: Desk, reference: str) -> PlanView:
    view = view_case(desk.context(desk.chair), reference=reference)
    assert view.plan is not None
    return view.plan


def test_a_change_without_a_reason_is_refused(desk: Desk, reference: str, visits: Visits) -> None:
    visit = visits(desk.chair, Place.CASE, reference).open("edit-plan")
    visit.press(f"plan-{reference}-1-save")
    assert "reason: give the reason for the change in one line" in visit.words
    assert newest(desk, reference).version == 1


def test_a_saved_plan_is_a_new_version_with_its_reason(desk: Desk, reference: str, visits: Visits) -> None:
    visit = visits(desk.chair, Place.CASE, reference).open("edit-plan")
    visit.app.text_input(key=f"plan-{reference}-1-reason").set_value("The hearing was moved.")
    visit.finish(f"plan-{reference}-1-save")
    assert "The plan is saved as version 2." in visit.words
    assert newest(desk, reference).reason == "The hearing was moved."


def _editing(reference, plan, names):
    from dashboard.views.plans import in_case as plan_page

    plan_page.edit(reference, plan, names)


def test_whoever_saves_second_keeps_the_text_and_is_shown_what_the_first_saved(
    desk: Desk, reference: str, visits: Visits
) -> None:
    visit = visits.show(desk.chair, _editing, reference, newest(desk, reference), NAMES)
    planned(desk, reference, base_version=1, due="2026-03-27")
    visit.app.text_input(key=f"plan-{reference}-1-reason").set_value("My own reason.")
    visit.press(f"plan-{reference}-1-save")
    assert "Another version was saved first." in visit.words
    assert "saved version 2 while you were editing (Agreed at the conference.)" in visit.words
    assert visit.app.text_input(key=f"plan-{reference}-1-reason").value == "My own reason."
    assert newest(desk, reference).version == 2


def test_saving_again_goes_on_top_of_what_the_first_saved_and_loses_nothing_of_it(
    desk: Desk, reference: str, visits: Visits
) -> None:
    visit = visits.show(desk.chair, _editing, reference, newest(desk, reference), NAMES)
    planned(desk, reference, base_version=1, due="2026-03-27")
    theirs = [action.reference for action in newest(desk, reference).actions]
    visit.app.text_input(key=f"plan-{reference}-1-reason").set_value("My own reason.")
    visit.press(f"plan-{reference}-1-save")
    visit.press(f"plan-{reference}-1-save")
    assert newest(desk, reference).version == 3
    assert [action.reference for action in newest(desk, reference).actions] == theirs


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
    visit.app.selectbox(key="report-status").set_value(ActionStatus.NOT_DONE)
    visit.press("report-save")
    assert "'not done' needs a reason; give one" in visit.words
    visit.app.selectbox(key="report-status").set_value(ActionStatus.NOT_DONE)
    visit.type(f"report-{visit.app.selectbox(key='report-which').value}-note", "The court had no date.")
    visit.finish("report-save")
    assert "The court had no date." in visit.words
    assert "Not done" in visit.words


def test_a_plan_due_today_is_not_late(desk: Desk, reference: str, visits: Visits) -> None:
    desk.clock.forward(timedelta(days=18))
    words = visits(desk.chair, Place.CASE, reference).words
    assert "20 Mar (today)" in words
    assert not re.search("days? overdue", words)
