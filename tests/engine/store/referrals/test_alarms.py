"""Alarms of referrals: read, acknowledged by the first, and told to the chair once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.domain.access.need_to_know import RestrictedBecause, Restriction
from engine.domain.errors import NotFoundError
from engine.domain.referrals.intake import AlarmTopic
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from tests.builders import MONDAY, Desk, a_person, a_referral, in_one_entry

LATER = MONDAY + timedelta(minutes=90)


def referred(desk: Desk, *, alarms: int = 1, quiet: int = 0) -> tuple[list[str], list[str]]:
    """Referrals with an alarm, one an hour, and then some without."""
    raised: list[str] = []
    for number in range(alarms):
        him, her = a_person("Otto", f"Vane{number}"), a_person("Ida", f"Holm{number}")
        topics = (AlarmTopic.WEAPON,)
        given = a_referral(f"a{number}", alarms=topics, perpetrator=him, victim=her)
        raised += desk.refer(given).referrals
        desk.clock.forward(timedelta(hours=1))
    calm = [desk.refer(a_referral(f"q{number}")).referrals[0] for number in range(quiet)]
    return raised, calm


def test_open_alarms_are_those_raised_and_not_acknowledged_the_first_due_first(desk: Desk) -> None:
    raised, calm = referred(desk, alarms=3, quiet=1)
    with in_one_entry(desk.runtime) as work:
        assert list(work.alarms.open()) == raised
        work.alarms.acknowledge(raised[1], by="cora", at=LATER)
        assert list(work.alarms.open()) == [raised[0], raised[2]]
        assert set(work.alarms.many([raised[1], calm[0]])) == {raised[1], calm[0]}
        assert work.alarms.of(calm[0]).answers.raised == ()


def test_those_due_before_a_moment_and_of_restricted_cases_are_read_without_the_rest(desk: Desk) -> None:
    raised, _ = referred(desk, alarms=3)
    with in_one_entry(desk.runtime) as work:

        def late(at: datetime, may_know: VisibilityFilter = EVERYTHING, most: int = 9) -> list[str]:
            found = list(work.alarms.first_open(may_know, at=at, most=most, late=True))
            assert work.alarms.count_open(may_know, at=at, late=True)[0] == len(found) or most < 9
            return found

        second = work.alarms.open()[raised[1]]
        assert second.due_at is not None
        at_it, after_it = second.due_at, second.due_at + timedelta(seconds=1)
        assert late(at_it) == [raised[0]]
        assert late(after_it) == raised[:2]
        assert late(after_it, most=1) == raised[:1]
        restricted = Restriction(
            involvement=raised[2],
            because=RestrictedBecause.CHAIR,
            why="A party works here.",
            by="chair",
            at=MONDAY,
        )
        work.need_to_know.restrict([restricted])
        assert late(at_it) == [raised[0], raised[2]]
        assert late(at_it, VisibilityFilter(user="nobody")) == [raised[0]]
        assert late(at_it, VisibilityFilter(user=None, without=frozenset(raised[:1]))) == [raised[2]]
        assert work.alarms.count_open(EVERYTHING, at=after_it) == (3, 2)
        assert list(work.alarms.first_open(VisibilityFilter(user="nobody"), at=at_it, most=9)) == raised[:2]
        work.alarms.acknowledge(raised[2], by="cora", at=LATER)
        assert late(at_it) == [raised[0]]
        assert second.raised == (AlarmTopic.WEAPON,)
        assert [second.is_past_due(each) for each in (at_it, after_it)] == [False, True]


def test_the_first_to_acknowledge_an_alarm_stays(desk: Desk) -> None:
    (reference, other), _ = referred(desk, alarms=2)
    with in_one_entry(desk.runtime) as work:
        work.alarms.acknowledge(reference, by="cora", at=LATER)
        work.alarms.acknowledge(reference, by="chair", at=LATER + timedelta(hours=1))
        alarm = work.alarms.of(reference)
        assert (alarm.acknowledged_by, alarm.acknowledged_at) == ("cora", LATER)
        assert alarm.due_at == MONDAY + timedelta(minutes=desk.runtime.settings.alarm_within_minutes)
        assert alarm.answers.raised == (AlarmTopic.WEAPON,)
        assert work.alarms.of(other).acknowledged_by is None


def test_the_chair_is_informed_once_and_not_of_an_alarm_that_was_acknowledged(desk: Desk) -> None:
    (late, done), _ = referred(desk, alarms=2)
    with in_one_entry(desk.runtime) as work:
        work.alarms.acknowledge(done, by="cora", at=MONDAY)
        assert not work.alarms.record_escalation(done, at=LATER)
        assert work.alarms.record_escalation(late, at=LATER)
        assert not work.alarms.record_escalation(late, at=LATER + timedelta(hours=1))
        assert work.alarms.of(late).escalated_at == LATER
        assert work.alarms.of(done).escalated_at is None


def test_a_referral_that_does_not_exist_has_no_alarm(desk: Desk) -> None:
    with in_one_entry(desk.runtime) as work:
        with pytest.raises(NotFoundError):
            work.alarms.acknowledge("R-2222222", by="cora", at=LATER)
        with pytest.raises(NotFoundError):
            work.alarms.record_escalation("R-2222222", at=LATER)
