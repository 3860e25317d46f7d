"""Acknowledging from the band, the referral and the worklist: the second of two reads who was first."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.referrals.intake import AlarmTopic
from engine.services.referrals.screening import acknowledge_alarm
from tests.builders import Desk
from tests.dashboard.views.alarms.test_questions import entered
from tests.dashboard.visits import Visits, referred

__all__ = ["entered"]


@pytest.mark.parametrize("place", [Place.CASE, Place.WORKLIST])
def test_who_presses_after_another_reads_who_has_the_alarm_and_since_when(
    desk: Desk, entered: str, visits: Visits, workers: dict[str, Acting], place: Place
) -> None:
    key = f"{'take-up' if place is Place.CASE else 'acknowledge'}-{entered}"
    other = desk.add("olga", Role.COORDINATOR)
    visit = visits(desk.coordinator, place, entered)
    acknowledge_alarm(desk.context(other), reference=entered)
    visit.press(key)
    assert f"You did not acknowledge it. olga has the alarm on {entered}, since 2 Mar" in visit.words
    assert "You have acknowledged" not in visit.words
    assert "You did not acknowledge it" not in visit.run().words, "it is said once"


def test_who_is_second_reads_it_on_a_referral_too(desk: Desk, visits: Visits) -> None:
    reference = referred(desk, alarms=(AlarmTopic.BREACH,))
    other = desk.add("olga", Role.COORDINATOR)
    visit = visits(desk.coordinator, Place.SCREENING, reference)
    acknowledge_alarm(desk.context(other), reference=reference)
    visit.press(f"take-up-{reference}")
    assert f"You did not acknowledge it. olga has the alarm on {reference}" in visit.words


def test_who_is_first_reads_that_they_acknowledged_it(desk: Desk, entered: str, visits: Visits) -> None:
    visit = visits(desk.coordinator, Place.CASE, entered).press(f"take-up-{entered}")
    assert f"You have acknowledged the alarm on {entered}." in visit.words
    assert "You did not acknowledge it" not in visit.words
