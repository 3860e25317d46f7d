"""Lines about cases without an officer, a holder or a lead agency: whose, since when, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.cases.responsible import Officer, ResponsibleChange
from engine.domain.cases.worklists import RESPONSIBLE, WorkGroup, WorkItem
from engine.services.access.restrictions import restrict
from engine.services.cases.responsible import change_responsible
from engine.services.cases.worklists import worklist, worklist_page
from engine.services.referrals.screening import end_involvement, screen
from tests.builders import Desk, a_referral, a_screening, with_toys


@pytest.fixture
def case(desk: Desk) -> str:
    """A referral that no person has screened."""
    return desk.refer(a_referral()).referrals[0]


def screened(desk: Desk, case: str) -> None:
    desk.clock.forward(timedelta(hours=5))
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening(TriageOutcome.ADVICE))


def change(desk: Desk, case: str, change: ResponsibleChange) -> None:
    change_responsible(desk.context(desk.coordinator), reference=case, change=change)


def lines(desk: Desk, acting: Acting) -> list[WorkItem]:
    return [each for each in worklist(desk.context(acting)).items if each.kind == RESPONSIBLE]


def test_a_case_has_no_line_before_its_screening_and_one_from_then_on(desk: Desk, case: str) -> None:
    assert lines(desk, desk.coordinator) == []
    screened(desk, case)
    (line,) = lines(desk, desk.coordinator)
    assert (line.reference, line.since, line.group) == (case, desk.clock.now(), WorkGroup.RESPONSIBLE)
    assert line.why == "Not recorded: officer in the case, lead agency."
    assert lines(desk, desk.chair) == []


def test_the_line_names_what_is_left_and_goes_with_the_last(desk: Desk, case: str) -> None:
    with_toys(desk)
    code = desk.context(desk.coordinator).agencies_known[0].code
    screened(desk, case)
    change(desk, case, ResponsibleChange(officer=Officer(name="K. Osei")))
    (line,) = lines(desk, desk.coordinator)
    assert line.why == "Not recorded: lead agency."
    change(desk, case, ResponsibleChange(lead_agency=code))
    assert lines(desk, desk.coordinator) == []


def test_the_line_goes_when_the_case_is_closed(desk: Desk, case: str) -> None:
    screened(desk, case)
    end_involvement(
        desk.context(desk.coordinator), reference=case, act=Act.CLOSE, why="The advice was followed."
    )
    assert lines(desk, desk.coordinator) == []


def test_of_a_restricted_case_the_chair_has_it_and_not_a_coordinator_who_is_not_named(
    desk: Desk, case: str
) -> None:
    other = desk.add("dora", Role.COORDINATOR)
    screened(desk, case)
    assert len(lines(desk, other)) == 1
    restrict(desk.context(desk.chair), reference=case, why="A colleague is a party.")
    assert [len(lines(desk, each)) for each in (other, desk.coordinator, desk.chair)] == [0, 1, 1]


def test_the_lines_are_a_section_of_their_own_after_other_work(desk: Desk, case: str) -> None:
    screened(desk, case)
    waiting = desk.refer(a_referral("2")).referrals[0]
    page = worklist_page(desk.context(desk.coordinator))
    assert [each.reference for each in page.section(WorkGroup.RESPONSIBLE).items] == [case]
    tasks = page.section(WorkGroup.TASK).items
    assert [(each.reference, each.kind == RESPONSIBLE) for each in tasks] == [(case, False), (waiting, False)]
    whole = worklist(desk.context(desk.coordinator)).items
    assert [each.kind == RESPONSIBLE for each in whole] == [False, False, True]
