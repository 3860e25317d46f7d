"""The agenda that is built in one step: which cases are ready, in which order, and which are not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Role
from engine.domain.cases.involvement import EpisodeVerdict
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.conference.agenda import Deferral
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import Children, Referral
from engine.services.access import conflicts, restrictions
from engine.services.conference import agenda, decisions, meetings, session
from engine.services.plans import versions
from engine.services.referrals import screening
from tests.builders import Desk, a_decision, a_person, a_plan, a_referral, a_screening, approve, in_one_entry

READY = (Act.ANSWERS_IN,)
DECIDED = (*READY, Act.OPEN_CONFERENCE, Act.DECIDE)
FOLLOWED = (*DECIDED, Act.EXIT)
DAY = timedelta(days=1)


@dataclass
class Panel:
    """A desk whose cases come to a state in one line, and whose conferences are built in one step."""

    desk: Desk
    number: int = 0
    between: timedelta = timedelta(minutes=1)
    """The time from one referral to the next."""

    def case(
        self, *acts: Act, outcome: TriageOutcome = TriageOutcome.CONFERENCE, again: str = "", **more: object
    ) -> str:
        """A case of two people of its own, or of those of another, after these acts."""
        self.number += 1
        who = again or str(self.number)
        people = {"perpetrator": a_person("Daniel", f"Roe{who}"), "victim": a_person("Amira", f"Kent{who}")}
        referral: Referral = a_referral(str(self.number), **{**people, **more})  # type: ignore[arg-type]
        (reference,) = self.desk.refer(referral).referrals
        screened = a_screening(outcome)
        screening.screen(self.desk.context(self.desk.coordinator), reference=reference, screening=screened)
        if outcome is TriageOutcome.URGENT:
            acts = (Act.RECORD_SAFEGUARDING, *acts)
        self.move(reference, *acts)
        self.desk.clock.forward(self.between)
        return reference

    def move(self, reference: str, *acts: Act) -> None:
        """The case after these acts, without what a use case would record beside the move."""
        with in_one_entry(self.desk.runtime) as work:
            for act in acts:
                before, at = work.cases.get(reference), self.desk.clock.now()
                work.cases.save_move(before, before.moved(act), act=act, by="chair", why="test", at=at)

    def conference(self, held_on: date | None = None) -> str:
        """A conference of that date, or of today."""
        given = ConferenceGiven(held_on=held_on or self.desk.clock.today())
        return meetings.create_conference(self.desk.context(self.desk.chair), given=given).reference

    def built(self, conference: str | None = None) -> list[tuple[str | None, str]]:
        """The agenda of a conference of today, built in one step: each case with its part."""
        there = conference or self.conference()
        chair = self.desk.context(self.desk.chair)
        view = agenda.add_ready_cases(chair, conference=there)
        return [(item.case, item.part.value if item.part else "") for item in view.items]

    def require_none(self, held_on: date | None = None) -> None:
        """No case is ready for such a conference."""
        with pytest.raises(InvalidInputError, match="no case that you can view is ready"):
            self.ready(held_on)

    def ready(self, held_on: date | None = None) -> list[str | None]:
        """The cases on such an agenda."""
        return [case for case, _ in self.built(self.conference(held_on))]

    def closed_with(self, *cases: str, deferred_until: date | None = None, shows: bool = False) -> None:
        """A conference of today that took these cases and ended."""
        chair, conference = self.desk.context(self.desk.chair), self.conference()
        agenda.add_cases(chair, conference=conference, cases=cases)
        session.start_conference(chair, conference=conference)
        if shows:
            session.turn_to(chair, conference=conference, turn=session.Turn.NEXT)
        if deferred_until is not None:
            later = Deferral(because="No report yet.", until=deferred_until, meanwhile="A police alarm.")
            for place in range(1, len(cases) + 1):
                agenda.defer_item(chair, conference=conference, place=place, seen=1, deferral=later)
        session.close_conference(chair, conference=conference)
        self.desk.clock.forward(timedelta(minutes=1))


@pytest.fixture
def panel(desk: Desk) -> Panel:
    return Panel(desk)


def test_urgent_cases_come_first_then_childrens_then_those_that_wait_longest(panel: Panel) -> None:
    panel.between = DAY
    unknown = Children(in_victim_household=YesNo.NOT_KNOWN, in_perpetrator_household=YesNo.NO)
    oldest = panel.case(*READY, children=unknown)
    newer = panel.case(*READY)
    child = panel.case(*READY, children=Children(in_victim_household=YesNo.YES))
    other_child = panel.case(*READY, children=Children(in_perpetrator_household=YesNo.YES))
    urgent = panel.case(*READY, outcome=TriageOutcome.URGENT)
    panel.case()  # its agencies are still asked
    assert panel.ready() == [urgent, child, other_child, oldest, newer]


def test_cases_of_the_same_people_are_taken_together_and_those_of_a_like_name_are_not(panel: Panel) -> None:
    panel.between, number = DAY, "2001/0000123Y"
    first = panel.case(*READY, perpetrator=a_person("Daniel", "Roe", pnc=number))
    alike = panel.case(*READY, perpetrator=a_person("Daniel", "Roe"))
    linked = panel.case(*READY, perpetrator=a_person("D", "Row", pnc=number))
    assert panel.ready() == [first, linked, alike]


def test_an_overdue_action_brings_a_case_first_and_one_due_today_brings_none(panel: Panel) -> None:
    cases = [panel.case(*READY) for _ in range(2)]
    chair = panel.desk.context(panel.desk.chair)
    known = [agency.code for agency in panel.desk.runtime.agencies_known]
    for case, due in zip(cases, ("2026-03-19", "2026-03-20"), strict=True):
        decisions.open_conference(chair, reference=case)
        decisions.decide(chair, reference=case, decision=a_decision())
        versions.make_plan(chair, reference=case, plan=a_plan(agency=known[0], due=due), agencies=known)
        approve(panel.desk, case)
    ready = panel.case(*READY)
    panel.desk.clock.forward(18 * DAY)
    assert panel.built() == [(cases[0], "actions outstanding"), (ready, "for decision")]


def test_twelve_months_pass_on_the_day_and_a_later_referral_begins_them_again(panel: Panel) -> None:
    passed, again = panel.case(*FOLLOWED), panel.case(*FOLLOWED)
    later = panel.case(again=again)
    with in_one_entry(panel.desk.runtime) as work:
        work.cases.judge_episode(
            later,
            work.cases.get(again).episode,
            verdict=EpisodeVerdict.JOINED,
            by="chair",
            why="The same two people.",
            at=panel.desk.clock.now(),
        )
    panel.desk.clock.forward(364 * DAY)
    panel.require_none()
    panel.desk.clock.forward(DAY)
    assert panel.built() == [(passed, "twelve months since the last referral")]
    panel.closed_with(passed)
    panel.require_none()  # the conference took it


def test_twelve_months_that_a_conference_did_not_take_are_on_the_next_one(panel: Panel) -> None:
    other, left = panel.case(*FOLLOWED), panel.case(*FOLLOWED)
    panel.desk.clock.forward(350 * DAY)
    panel.closed_with(panel.case(*FOLLOWED))
    panel.desk.clock.forward(15 * DAY)
    panel.closed_with(other)  # the chair took the second case off, or it was restricted then
    panel.desk.clock.forward(14 * DAY)
    assert panel.ready() == [left]
    panel.closed_with(left)
    panel.require_none()


def test_twelve_months_that_passed_long_before_the_first_conference_are_on_none(panel: Panel) -> None:
    panel.case(*FOLLOWED)
    panel.desk.clock.forward(365 * DAY + 32 * DAY)
    panel.require_none()


@pytest.mark.parametrize("acts", [(), READY])
@pytest.mark.parametrize("shows", [False, True], ids=["before its item", "in its item"])
def test_a_deferred_case_comes_back_on_its_date_and_not_before(
    panel: Panel, acts: tuple[Act, ...], shows: bool
) -> None:
    """Whatever is still missing then: the panel promised that date. Only a conference that ended counts."""
    case, until = panel.case(*acts), panel.desk.clock.today() + 14 * DAY
    panel.closed_with(case, deferred_until=until, shows=shows)
    panel.require_none(until - DAY)
    assert panel.built(panel.conference(until)) == [(case, "for decision")]


def test_a_case_that_was_deferred_and_then_taken_is_not_deferred_any_more(panel: Panel) -> None:
    case, until = panel.case(*READY), panel.desk.clock.today() + 14 * DAY
    panel.closed_with(case, deferred_until=until)
    panel.closed_with(case)
    assert panel.ready() == [case]


def test_a_deferral_is_outdated_once_the_case_is_screened_again(panel: Panel) -> None:
    case = panel.case(*READY)
    panel.closed_with(case, deferred_until=panel.desk.clock.today() + 90 * DAY)
    screened = a_screening(TriageOutcome.URGENT, base_version=1)
    screening.screen(panel.desk.context(panel.desk.coordinator), reference=case, screening=screened)
    panel.move(case, Act.RECORD_SAFEGUARDING, Act.ANSWERS_IN)
    assert panel.ready() == [case]


def test_a_deferral_is_outdated_once_the_case_is_stepped_up(panel: Panel) -> None:
    case = panel.case(*READY)
    panel.closed_with(case, deferred_until=panel.desk.clock.today() + 90 * DAY)
    panel.move(case, Act.OPEN_CONFERENCE, Act.DECIDE, Act.EXIT, Act.CLOSE)
    panel.require_none()
    panel.move(case, Act.STEP_UP, Act.ANSWERS_IN)
    assert panel.ready() == [case]


def test_a_case_decided_meanwhile_does_not_come_back_on_the_date_of_its_deferral(panel: Panel) -> None:
    case, until = panel.case(*READY), panel.desk.clock.today() + 14 * DAY
    panel.closed_with(case, deferred_until=until)
    panel.move(case, Act.OPEN_CONFERENCE, Act.DECIDE)
    panel.require_none(until)


def test_deferred_twelve_months_come_back_on_their_date(panel: Panel) -> None:
    case = panel.case(*FOLLOWED)
    panel.desk.clock.forward(365 * DAY)
    until = panel.desk.clock.today() + 30 * DAY
    panel.closed_with(case, deferred_until=until)
    panel.require_none(until - DAY)
    assert panel.built(panel.conference(until)) == [(case, "twelve months since the last referral")]


def test_a_case_that_a_conference_opened_and_left_undecided_is_ready_for_the_next(panel: Panel) -> None:
    case, alone = panel.case(*READY), panel.case(*READY, Act.OPEN_CONFERENCE)
    panel.closed_with(case, shows=True)
    with panel.desk.runtime.uow.unrecorded() as work:
        states = {each.reference: each.state for each in work.cases.all([case, alone])}
    assert states == {case: State.IN_CONFERENCE, alone: State.IN_CONFERENCE}
    assert panel.ready() == [case]  # the other was opened by itself, and is decided by itself


def test_nothing_comes_on_an_agenda_that_is_on_one_or_that_the_person_cannot_view(panel: Panel) -> None:
    taken, restricted, conflicted, free = (panel.case(*READY) for _ in range(4))
    chair = panel.desk.context(panel.desk.chair)
    agenda.add_cases(chair, conference=panel.conference(), cases=[taken])
    restrictions.restrict(chair, reference=restricted, why="A colleague lives next door.")
    other = panel.desk.context(panel.desk.add("other", Role.COORDINATOR))  # who screened is named on all
    conflicts.say_own(other, reference=conflicted, is_connected=True)
    view = agenda.add_ready_cases(other, conference=panel.conference(panel.desk.clock.today() + DAY))
    assert [item.case for item in view.items] == [free]
