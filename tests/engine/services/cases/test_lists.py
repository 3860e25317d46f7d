"""The list of cases in pages: cut before it is counted, by state and by what screening decided."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.cases.lists import CasePage
from engine.domain.ids import new_reference
from engine.domain.people.persons import ClaimStatus
from engine.domain.referrals.intake import AlarmTopic
from engine.services.access.conflicts import say_own
from engine.services.cases.lists import list_page, list_responses
from engine.services.referrals.screening import acknowledge_alarm
from tests.builders import Desk, a_referral, ask_all, with_toys
from tests.flows.given import screened

pytestmark = pytest.mark.both


def page_of(desk: Desk, **chosen: Any) -> CasePage:
    return list_page(desk.context(desk.coordinator), **chosen)


def references(page: CasePage) -> set[str]:
    return {row.reference for row in page.rows}


def test_a_page_is_cut_by_what_screening_decided_and_counts_what_fits(desk: Desk) -> None:
    advised = screened(desk, "1", TriageOutcome.ADVICE)
    conference = screened(desk, "2", TriageOutcome.CONFERENCE)
    waiting = desk.refer(a_referral("3")).referrals[0]
    assert references(page_of(desk)) == {advised, conference, waiting}
    assert references(page_of(desk, triage=[TriageOutcome.ADVICE])) == {advised}
    assert references(page_of(desk, triage=[None])) == {waiting}
    both = page_of(desk, triage=[None, TriageOutcome.CONFERENCE])
    assert (references(both), both.total) == ({waiting, conference}, 2)
    assert page_of(desk, triage=[TriageOutcome.URGENT]).total == 0


def test_the_two_choices_cut_together_and_a_page_is_a_part_of_the_whole(desk: Desk) -> None:
    for number in range(3):
        screened(desk, str(number), TriageOutcome.CONFERENCE)
    screened(desk, "other", TriageOutcome.ADVICE)
    cut = {"states": [State.AGENCIES_ASKED], "triage": [TriageOutcome.CONFERENCE]}
    whole = page_of(desk, **cut)
    second = page_of(desk, **cut, first=2, count=2)
    assert whole.total == second.total == 3
    assert [row.reference for row in second.rows] == [row.reference for row in whole.rows][2:]


def test_choosing_a_triage_outcome_opens_no_case_to_anybody(desk: Desk) -> None:
    screened(desk, "1", TriageOutcome.CONFERENCE)
    desk.refer(a_referral("2"))
    outsider = desk.add("outsider", Role.PRACTITIONER, "harbour")
    chosen = [None, *TriageOutcome]
    page = list_page(desk.context(outsider), triage=chosen)
    assert (page.rows, page.total) == ((), 0)


def test_every_page_is_its_part_of_the_whole_list_with_open_alarms_first(desk: Desk) -> None:
    """Two alarms that wait, one that somebody took up, and three without, in an order of their own."""
    alarmed = [AlarmTopic.THREAT_TO_KILL]
    raised = {"2": alarmed, "4": alarmed, "5": alarmed}
    came = [
        desk.refer(a_referral(number, alarms=tuple(raised.get(number, ())))).referrals[0]
        for number in ("1", "2", "3", "4", "5", "6")
    ]
    acknowledge_alarm(desk.context(desk.coordinator), reference=came[3])
    whole = [row.reference for row in page_of(desk).rows]
    assert whole == [came[number] for number in (4, 1, 5, 3, 2, 0)]
    for first in range(7):
        for count in (1, 2, 3, 6):
            page = page_of(desk, first=first, count=count)
            assert [row.reference for row in page.rows] == whole[first : first + count]
            assert (page.total, page.first) == (6, first)
        rest = page_of(desk, first=first, count=None)
        assert [row.reference for row in rest.rows] == whole[first:]


def test_a_row_never_names_a_person_without_how_firmly_the_role_is_claimed(desk: Desk) -> None:
    desk.refer(a_referral())
    (row,) = list_page(desk.context(desk.coordinator), count=None).rows
    assert (row.perpetrator_status, row.victim_status) == (ClaimStatus.ALLEGED, ClaimStatus.ALLEGED)


def test_responses_are_listed_on_the_named_cases_that_exist_for_the_person_without_content(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    asked, waiting = screened(desk, "1"), desk.refer(a_referral("2")).referrals[0]
    screened(desk, "3")
    ask_all(desk, asked)
    named = [asked, waiting, new_reference("involvement")]
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    say_own(desk.context(desk.chair), reference=asked, is_connected=True)
    for acting, there in (
        (desk.coordinator, {waiting: State.NOT_SCREENED, asked: State.AGENCIES_ASKED}),
        (desk.chair, {waiting: State.NOT_SCREENED}),
        (workers["harbour"], {asked: State.AGENCIES_ASKED}),
        (outsider, {}),
    ):
        rows = list_responses(desk.context(acting), references=named)
        assert [(row.reference, row.state) for row in rows] == list(there.items()), "newest first"
        of_list = {row.reference: row.answers for row in list_page(desk.context(acting)).rows}
        assert all(row.answers == of_list[row.reference] for row in rows)
        assert all(len(row.answers) == (3 if row.reference == asked else 0) for row in rows)
