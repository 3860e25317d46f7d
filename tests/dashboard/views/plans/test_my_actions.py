"""A practitioner's morning: the own actions first, a report in two presses, ten minutes to undo it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from dashboard.pages import Place
from dashboard.views.plans import my_actions
from engine.domain.accounts.acting import Acting, Role
from engine.domain.plans.actions import ActionStatus, PlanGiven, PlannedAction
from engine.domain.plans.lists import ListedAction
from engine.services.plans.actions import act
from engine.services.plans.own_actions import own_actions
from engine.services.plans.versions import make_plan
from engine.services.referrals.screening import name_people
from engine.store.tables.cases.involvements import CaseMemberRow
from tests.attacks.test_forged_sign_ins import past_the_software
from tests.builders import MONDAY, TOY_CODES, Desk, a_contribution, ask_all, let_answer
from tests.dashboard.visits import Visits, asked, decided, opened, screened


def an_action(**changes: Any) -> PlannedAction:
    given = {
        "what": "Check home security.",
        "agency": "harbour",
        "owner": "A. Officer",
        "owner_user": "harbour-worker",
        "due": "2026-03-04",
        "evidence": "checklist returned.",
        "is_urgent": True,
    }
    return PlannedAction.model_validate({**given, **changes})


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case whose plan has two urgent actions of the practitioner, one of them later."""
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    plan = PlanGiven(actions=(an_action(), an_action(what="Call again.", due="2026-03-20")), reason="Agreed.")
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)
    return reference


def mine(desk: Desk, worker: Acting) -> list[ListedAction]:
    return [row.actions[0] for row in own_actions(desk.context(worker)).actions]


def test_a_practitioner_arrives_at_the_own_actions_grouped_by_when_they_are_due(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    desk.clock.forward(timedelta(days=3))
    words = visits(workers["harbour"], Place.PLANS).words
    assert "My actions 2 open actions on 1 case. 1 is overdue and 0 are due this week." in words
    assert words.index("Overdue") < words.index("Check home security.") < words.index("Call again.")
    assert "Done when: checklist returned." in words
    assert "1 day overdue" in words
    assert f"For Amira K. {case}" in words


def test_a_person_who_wrote_their_own_name_on_a_case_has_no_action_count_or_change_of_it(
    desk: Desk, case: str
) -> None:
    pia = desk.add("pia", Role.PRACTITIONER, "harbour")
    row = {"id": 9_999, "involvement_id": 1, "user_name": "pia", "named_by": "cora", "at": MONDAY}
    past_the_software(desk, insert(CaseMemberRow).values(row))
    forged = own_actions(desk.context(pia))
    assert (forged.agency_open, forged.agency_overdue, forged.changes, forged.more_changes) == (0, 0, (), 0)
    name_people(desk.context(desk.chair), reference=case, people=["harbour-worker", "pia"])  # the near miss
    named = own_actions(desk.context(pia))
    assert (named.agency_open, len(named.changes) > 0) == (2, True)


def test_of_many_actions_those_due_first_are_drawn_and_the_others_are_counted(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_actions, "_ROWS_AT_ONCE", 1)
    words = visits(workers["harbour"], Place.PLANS).words
    assert "2 open actions on 1 case." in words
    assert "1 more action of yours, due later" in words
    assert "Check home security." in words
    assert "Call again." not in words


def test_a_report_takes_two_presses_and_is_undone_with_one(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    worker = workers["harbour"]
    first = mine(desk, worker)[0].reference
    visit = visits(worker, Place.PLANS).press(f"report-{first}").press(f"report-{first}-done")
    assert "Saved 09:00. “Check home security.” for Amira K., " in visit.words
    assert [action.what for action in mine(desk, worker)] == ["Call again."]
    visit.press("report-undo")
    assert "Your report is undone." in visit.words
    assert [action.status for action in mine(desk, worker)] == [ActionStatus.NOT_STARTED] * 2


def test_after_ten_minutes_a_report_is_not_offered_to_be_undone(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    first = mine(desk, workers["harbour"])[0].reference
    visit = visits(workers["harbour"], Place.PLANS).press(f"report-{first}").press(f"report-{first}-done")
    desk.clock.forward(timedelta(minutes=10))
    assert not visit.run().offers("report-undo")


def test_what_was_typed_goes_with_the_report(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    worker = workers["harbour"]
    first = mine(desk, worker)[0].reference
    visit = visits(worker, Place.PLANS).press(f"report-{first}")
    visit.app.text_input(key=f"report-{first}-date").set_value("1 March 2026")
    visit.app.number_input(key=f"report-{first}-sessions").set_value(2)
    visit.app.number_input(key=f"report-{first}-minutes").set_value(45)
    visit.type(f"report-{first}-note", "The locks are changed.")
    visit.press(f"report-{first}-in-progress")
    with desk.runtime.uow.unrecorded() as work:
        stored = work.plans.action(first)
    assert (stored.status, stored.sessions, stored.minutes) == (ActionStatus.IN_PROGRESS, 2, 45)
    assert (str(stored.done_on), stored.status_note) == ("2026-03-01", "The locks are changed.")


def test_not_done_asks_for_a_reason_before_it_is_saved(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    worker = workers["harbour"]
    first = mine(desk, worker)[0].reference
    visit = visits(worker, Place.PLANS).press(f"report-{first}").press(f"report-{first}-not-done")
    visit.press(f"report-{first}-save")
    assert "say in one sentence why it is not done" in visit.words
    assert len(mine(desk, worker)) == 2
    visit.type(f"report-{first}-reason", "The victim moved.")
    visit.press(f"report-{first}-save")
    assert len(mine(desk, worker)) == 1


def test_a_date_that_is_none_is_refused_where_it_was_typed(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    first = mine(desk, workers["harbour"])[0].reference
    visit = visits(workers["harbour"], Place.PLANS).press(f"report-{first}")
    visit.app.text_input(key=f"report-{first}-date").set_value("soon")
    visit.press(f"report-{first}-done")
    assert "Problem." in visit.words
    assert len(mine(desk, workers["harbour"])) == 2


def test_without_actions_of_their_own_a_person_learns_how_many_the_agency_has(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    for action in mine(desk, workers["harbour"]):
        act(desk.context(workers["harbour"]), action=action.reference, status=ActionStatus.DONE)
    plan = PlanGiven(actions=(an_action(owner_user=None),), reason="Agreed.", base_version=1)
    make_plan(desk.context(desk.chair), reference=case, plan=plan, agencies=TOY_CODES)
    words = visits(workers["harbour"], Place.PLANS).words
    assert "You have no open actions. 1 action of Harbour Office is open." in words


def test_what_others_did_since_yesterday_is_listed_beside(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    words = visits(workers["harbour"], Place.PLANS).words
    assert f"{case} , Amira K. Plan version 1 was saved." in words
    desk.clock.forward(timedelta(days=2))
    assert "No change was recorded." in visits(workers["harbour"], Place.PLANS).words


def test_a_practitioner_releases_a_prepared_answer_in_two_presses_from_the_page_they_arrive_at(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "lantern", a_contribution("He missed two appointments."))
    reference = screened(desk)
    ask_all(desk, reference)
    visit = visits(workers["lantern"], Place.PLANS)
    assert "Response awaiting your release" in visit.words
    assert "He missed two appointments." not in visit.words
    visit.open(f"read-{reference}")
    assert "He missed two appointments." in visit.words
    visit.finish(f"release-{reference}")
    assert f"Released: {reference}" in visit.words
    assert "Response awaiting your release" not in visit.words


def test_beyond_three_responses_to_release_the_worklist_has_the_rest(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "lantern", a_contribution("He missed two appointments."))
    for number in "12345":
        ask_all(desk, screened(desk, number))
    visit = visits(workers["lantern"], Place.PLANS)
    assert visit.words.count("Response awaiting your release") == 3
    assert "2 more responses to review and release" in visit.words
