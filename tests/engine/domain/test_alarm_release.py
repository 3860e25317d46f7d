"""From when an alarm is the panel's: what releases a topic, and from when a rule lets the panel have it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.domain.absence import YesNo
from engine.domain.alarm_release import (
    ReleaseOfAnswer,
    RuleSet,
    TopicsOfAnswer,
    due_from,
    open_from,
    open_to_all_from,
    released_with,
)
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from tests.builders import MONDAY

WEAPON, KILL = AlarmTopic.WEAPON, AlarmTopic.THREAT_TO_KILL
HOUR = timedelta(hours=1)


def at(hours: int) -> datetime:
    return MONDAY + hours * HOUR


def asked(version: int, **answers: YesNo) -> TopicsOfAnswer:
    given = {AlarmTopic[name.upper()]: answer for name, answer in answers.items()}
    return TopicsOfAnswer(version, AlarmAnswers(answers=given))


def a_release(version: int, of: int | None = None, *, is_whole: bool = True) -> ReleaseOfAnswer:
    return ReleaseOfAnswer(version, at(version), of, is_whole)


PREPARED = asked(3, weapon=YesNo.YES)


@pytest.mark.parametrize(
    ("releases", "more", "released"),
    [
        ([], [], None),
        ([a_release(4, 3)], [], 4),
        ([a_release(6, 5)], [], 6),  # a newer one
        ([a_release(2, 1), a_release(4, 1)], [], None),  # a new version of an earlier release
        ([a_release(4, 3, is_whole=False)], [], None),  # items were withheld
        ([a_release(4, 3, is_whole=False)], [asked(4, weapon=YesNo.YES)], 4),
        ([a_release(4, 3)], [asked(4, weapon=YesNo.NO)], None),
        ([a_release(4, 3)], [asked(4, weapon=YesNo.NOT_KNOWN)], 4),
        ([a_release(6, 5)], [asked(5, weapon=YesNo.NO)], None),
        ([a_release(4, 3)], [asked(3, weapon=YesNo.NO)], None),  # as it was last answered
        ([a_release(4)], [], None),  # typed by hand
        ([a_release(4)], [asked(4, weapon=YesNo.YES)], 4),
        ([a_release(2, 1)], [asked(2, weapon=YesNo.YES)], None),  # before it
    ],
)
def test_a_topic_of_a_prepared_version_is_released_by(
    releases: list[ReleaseOfAnswer], more: list[TopicsOfAnswer], released: int | None
) -> None:
    found = released_with(3, [WEAPON], releases, [PREPARED, *more])
    assert found == (None if released is None else at(released))


def test_an_alarm_of_two_topics_is_released_when_both_are() -> None:
    both, one = asked(3, weapon=YesNo.YES, threat_to_kill=YesNo.YES), asked(4, weapon=YesNo.YES)
    typed, later = a_release(4), a_release(5)
    assert released_with(3, [WEAPON, KILL], [typed], [both, one]) is None
    last = asked(5, weapon=YesNo.YES, threat_to_kill=YesNo.YES)
    assert released_with(3, [WEAPON, KILL], [typed, later], [both, one, last]) == at(5)


OWN, PANEL = True, False


@pytest.mark.parametrize(
    ("rules", "since"),
    [
        ((), 0),
        ((OWN,), None),
        ((PANEL,), 0),
        ((OWN, PANEL), 2),
        ((OWN, PANEL, PANEL), 2),
        ((OWN, PANEL, OWN), None),
        ((OWN, PANEL, OWN, PANEL), 4),
    ],
)
def test_a_report_is_open_from_the_rule_that_ends_the_owners_own(
    rules: tuple[bool, ...], since: int | None
) -> None:
    given = [RuleSet(at(number), own, not own) for number, own in enumerate(rules, start=1)]
    assert open_from(at(0), given) == (None if since is None else at(since))
    assert open_from(None, given) is None, "not released"
    later = open_from(at(9), given)
    assert later == (None if since is None else at(9)), "released after its rules"


ALL, SOME = (False, True), (False, False)
OWNERS = (True, False)
"""Rules: for everyone, for some agencies, for its owner."""


@pytest.mark.parametrize(
    ("rules", "since"),
    [
        ((), 0),
        ((ALL,), 0),
        ((SOME,), None),
        ((OWNERS,), None),
        ((SOME, ALL), 2),
        ((OWNERS, SOME, ALL, ALL), 3),
        ((ALL, SOME), None),
        ((ALL, OWNERS, ALL), 3),
    ],
)
def test_a_report_is_open_to_all_from_the_rule_that_ends_that_only_some_have_it(
    rules: tuple[tuple[bool, bool], ...], since: int | None
) -> None:
    given = [RuleSet(at(number), *rule) for number, rule in enumerate(rules, start=1)]
    assert open_to_all_from(at(0), given) == (None if since is None else at(since))
    assert open_to_all_from(None, given) is None, "not released"


def test_it_is_due_as_long_after_the_panel_has_it() -> None:
    given = {"at": at(0), "due_at": at(1)}
    assert due_from(**given, told_at=at(5)) == at(6)
    assert due_from(**given, told_at=None) == at(1)
    assert due_from(due_at=None, at=at(0), told_at=at(5)) is None
    assert due_from(at=at(3), due_at=at(4), told_at=at(1)) == at(4), "asked after its release"
