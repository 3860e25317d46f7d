"""A due date that an alarm brought forward is said with its reason, wherever a page shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.pages import Place
from dashboard.views.conference.formulation import when_and_by_whom
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.alarm_questions import PARTIES
from engine.domain.cases.incidents import IncidentKind
from engine.domain.referrals.intake import AlarmTopic
from engine.services.alarms.questions import record_works_for
from engine.services.cases.views import view_case
from engine.services.referrals.incidents import record_incident
from engine.services.responses.requests import open_requests
from tests.builders import Desk, an_incident
from tests.dashboard.visits import Visits, screened

MOVED = "brought forward from 16 March because of the alarm of 3 March"


def with_alarm(desk: Desk, *, withheld: bool = False, workers: dict[str, Acting]) -> str:
    """A case that agencies were asked about on Monday, with a knife on Tuesday."""
    reference = screened(desk)
    open_requests(desk.context(desk.coordinator), reference=reference)
    answers = dict.fromkeys(PARTIES, YesNo.NO)
    record_works_for(desk.context(desk.coordinator), reference=reference, answers=answers)
    desk.clock.forward(timedelta(days=1))
    record_incident(
        desk.context(workers["lantern"] if withheld else desk.coordinator),
        reference=reference,
        incident=an_incident("2026-03-01", kind=IncidentKind.THREAT),
        topics={AlarmTopic.WEAPON: YesNo.YES},
        kept_with_us="Said in confidence." if withheld else None,
    )
    return reference


@pytest.mark.parametrize("who", ["coordinator", "chair", "harbour"])
def test_the_case_page_says_from_when_and_why(
    desk: Desk, workers: dict[str, Acting], visits: Visits, who: str
) -> None:
    reference = with_alarm(desk, workers=workers)
    acting = workers[who] if who in workers else getattr(desk, who)
    page = visits(acting, Place.CASE, reference).words
    assert f"has not responded (due 5 March 2026, {MOVED})" in page
    assert f"17:00, {MOVED}" in page


@pytest.mark.parametrize("who", ["coordinator", "chair", "harbour", "voice"])
def test_no_page_says_a_word_of_an_alarm_that_another_agency_keeps(
    desk: Desk, workers: dict[str, Acting], visits: Visits, who: str
) -> None:
    reference = with_alarm(desk, withheld=True, workers=workers)
    acting = workers[who] if who in workers else getattr(desk, who)
    page = visits(acting, Place.CASE, reference).words
    assert "has not responded (due 16 March 2026)" in page
    assert "brought forward from" not in page


def test_the_worklist_says_it_to_the_agency_and_to_the_coordinator(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    with_alarm(desk, workers=workers)
    assert f"Due 5 March 2026, {MOVED}." in visits(workers["harbour"], Place.WORKLIST).words
    desk.clock.move_to(datetime(2026, 3, 6, 9, tzinfo=UTC))
    assert f"Due 5 March 2026, {MOVED}." in visits(desk.coordinator, Place.WORKLIST).words


def test_the_line_under_an_agencys_name_in_the_conference_says_it(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = with_alarm(desk, workers=workers)
    answers = view_case(desk.context(desk.chair), reference=reference).answers
    assert {when_and_by_whom(each) for each in answers} == {f"due 5 Mar, {MOVED}"}
