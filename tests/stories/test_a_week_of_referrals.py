"""A week of referrals, most of which end in advice: each case has an owner, and none waits in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.invented import InventedEpisode
from engine.domain.referrals.advice import IN_HAND, AdviceState, SentHow, SlipAnswer, SlipEntry, SlipGiven
from engine.services.cases.worklists import worklist
from engine.services.context import AgencyContext
from engine.services.referrals.advice import close_advice, list_advice, record_sent, record_slip
from engine.services.referrals.screening import screen
from engine.synthetic.city import invented_episodes, known_on
from engine.synthetic.panel import triage_of
from engine.synthetic.referrals import referral_of
from engine.synthetic.streams import stream
from tests.builders import Desk, a_desk, a_screening, with_toys

SEED, DAYS = 7, (2, 3, 4, 5, 6)
"""A Monday to a Friday in March 2026."""
SENT, RETURNED, NO_CONTACT, CLOSED = 0.8, 0.6, 0.15, 0.5
"""Shares: advice that is sent, slips that come back, those without contact, whole ones that are closed."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as opened:
        with_toys(opened)
        yield opened


@pytest.mark.parametrize(
    "number", [40, pytest.param(300, marks=[pytest.mark.full, pytest.mark.slow])], ids=["sample", "week"]
)
def test_of_a_week_no_case_is_without_owner_and_none_is_silent(desk: Desk, number: int) -> None:
    episodes = list(invented_episodes(SEED, count=number, until=date(2026, 3, DAYS[0])))
    for place, day in enumerate(DAYS):
        go_to(desk, day, 9)
        answer_the_slips(desk, day)
        new = refer(desk, episodes[place :: len(DAYS)], on=day)
        assert_none_is_silent(desk)
        go_to(desk, day, 15)
        for case, episode in new.items():
            outcome = triage_of(episode, seed=SEED)
            screen(reader(desk, case), reference=case, screening=a_screening(outcome))
        send_the_advice(desk)
        assert_none_is_silent(desk)
    for day in (9, 10, 13, 31):
        go_to(desk, day, 9)
        assert_none_is_silent(desk)
    outcomes = {triage_of(each, seed=SEED) for each in episodes}
    assert outcomes >= {TriageOutcome.ADVICE, TriageOutcome.CONFERENCE}
    states = {each.state for each in list_advice(desk.context(desk.chair))}
    assert states >= {AdviceState.MADE, AdviceState.OVERDUE, AdviceState.RETURNED}


def go_to(desk: Desk, day: int, hour: int) -> None:
    desk.clock.move_to(datetime(2026, 3, day, hour, tzinfo=LONDON).astimezone(UTC))


def refer(desk: Desk, episodes: Sequence[InventedEpisode], *, on: int) -> dict[str, InventedEpisode]:
    known = [known_on(each, date(2026, 3, on)) for each in episodes]
    there = desk.refer(*(referral_of(each, seed=SEED, source="police") for each in known)).referrals
    return dict(zip(there, episodes, strict=True))


def reader(desk: Desk, case: str) -> AgencyContext:
    """A coordinator, or the chair on a case that is closed to coordinators."""
    on_coordinators = {each.reference for each in worklist(desk.context(desk.coordinator)).items}
    return desk.context(desk.coordinator if case in on_coordinators else desk.chair)


def send_the_advice(desk: Desk) -> None:
    for advice in list_advice(desk.context(desk.chair), state=AdviceState.MADE):
        if stream(SEED, "sent", advice.reference).random() < SENT:
            record_sent(
                desk.context(desk.chair),
                reference=advice.reference,
                how=SentHow.EMAIL,
                to="officer in the case",
            )


def answer_the_slips(desk: Desk, day: int) -> None:
    yes = SlipEntry(answer=SlipAnswer.YES, on=date(2026, 3, day), by="PC A. Example")
    no = SlipEntry(answer=SlipAnswer.NO, why="No safe number is known.")
    chair = desk.context(desk.chair)
    for advice in list_advice(chair, state=AdviceState.SENT):
        chance = stream(SEED, "slip", advice.reference)
        if chance.random() < RETURNED:
            contacted = no if chance.random() < NO_CONTACT else yes
            record_slip(
                chair, reference=advice.reference, slip=SlipGiven(contacted=contacted, spo=yes, risk=yes)
            )
            if contacted is yes and chance.random() < CLOSED:
                close_advice(chair, reference=advice.reference)


def assert_none_is_silent(desk: Desk) -> None:
    """Each case that needs a person is on a worklist of one, or has a clock that will put it there."""
    with desk.runtime.uow.unrecorded() as work:
        states = {each.reference: each.state for each in work.cases.all(None)}
        numbers = work.due.some_cases(after=0)
        clocks = {numbers[key.number] for rows in work.due.there(numbers).values() for key in rows}
        holders = {case: work.responsible.of(case)[-1].holder for case in states if work.responsible.of(case)}
    chair, coordinator = lines(desk, desk.chair), lines(desk, desk.coordinator)
    in_hand = {each.reference for each in list_advice(desk.context(desk.chair)) if each.state in IN_HAND}
    for case, state in states.items():
        if state is State.NOT_SCREENED:
            assert case in chair | coordinator
            continue
        assert holders.get(case) or case in chair | coordinator, f"{case} has no owner"
        if state is not State.ADVICE_GIVEN or case in in_hand:
            assert case in clocks, f"{case} ({state.value}) waits in silence"


def lines(desk: Desk, acting: Acting) -> frozenset[str]:
    return frozenset(each.reference for each in worklist(desk.context(acting)).items if each.reference)
