"""Alarm topics learnt after a referral: which kinds are topics, and whether an alarm must be acknowledged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.absence import YesNo
from engine.domain.alarms import (
    IS_TOPIC,
    LASTING,
    MUST_BE_ASKED,
    AlarmAct,
    AlarmStep,
    Door,
    RaisedAlarm,
    answers_about,
    topics_opened,
)
from engine.domain.cases.incidents import IncidentKind
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from tests.builders import MONDAY

HOUR = timedelta(hours=1)


def an_alarm(*steps: AlarmStep, **changes: object) -> RaisedAlarm:
    """One alarm about a weapon."""
    given: dict[str, object] = {
        "reference": "AL-1",
        "case": "R-1",
        "door": Door.INCIDENT,
        "about": "I-1",
        "answers": AlarmAnswers(answers={AlarmTopic.WEAPON: YesNo.YES}),
        "owner": "stac",
        "by": "ana",
        "at": MONDAY,
        "due_at": MONDAY + HOUR,
        "released_at": MONDAY,
        "steps": steps,
        **changes,
    }
    return RaisedAlarm.model_validate(given)


def a_step(act: AlarmAct, *, hours: int = 1, to: str | None = None, until: int | None = None) -> AlarmStep:
    """One act so many hours after the alarm."""
    end = None if until is None else MONDAY + until * HOUR
    return AlarmStep(act=act, to=to, until=end, by="cora", at=MONDAY + hours * HOUR)


TAKEN = a_step(AlarmAct.ACKNOWLEDGED, to="cora", until=24)


@pytest.mark.parametrize("kind", IncidentKind)
def test_a_kind_that_is_a_topic_answers_it_whatever_was_given(kind: IncidentKind) -> None:
    answers = answers_about(kind, dict.fromkeys(AlarmTopic, YesNo.NO))
    assert answers.raised == ((IS_TOPIC[kind],) if kind in IS_TOPIC else ())
    assert set(topics_opened(kind)) >= LASTING, "always asked"
    assert len(set(topics_opened(kind))) == len(topics_opened(kind))


def test_the_gravest_kinds_open_the_gravest_topics() -> None:
    assert AlarmTopic.THREAT_TO_KILL in topics_opened(IncidentKind.THREAT)
    assert AlarmTopic.STRANGULATION in topics_opened(IncidentKind.ASSAULT)
    assert all(len(topics_opened(kind)) > len(LASTING) for kind in MUST_BE_ASKED)


@pytest.mark.parametrize(
    ("steps", "hours", "is_open"),
    [
        ((), 0, True),
        ((TAKEN,), 2, False),
        ((TAKEN,), 23, False),
        ((TAKEN,), 24, True),  # its owner's time has passed
        ((TAKEN, a_step(AlarmAct.HANDED_OVER, to="olu", until=48)), 24, False),
        ((TAKEN, a_step(AlarmAct.HANDED_OVER, to="olu", until=48)), 48, True),
        ((TAKEN, a_step(AlarmAct.OWNER_LEFT)), 2, True),
        ((TAKEN, a_step(AlarmAct.DONE)), 99, False),
        ((TAKEN, a_step(AlarmAct.DONE), a_step(AlarmAct.ENDED)), 99, False),
    ],
)
def test_an_alarm_must_be_acknowledged_until_one_person_has_it_and_acts(
    steps: tuple[AlarmStep, ...], hours: int, is_open: bool
) -> None:
    assert an_alarm(*steps).is_open(MONDAY + hours * HOUR) is is_open


def test_what_raised_nothing_new_is_no_alarm() -> None:
    assert not an_alarm(due_at=None).is_open(MONDAY), "a lasting topic that was yes before"
    none = AlarmAnswers(answers={AlarmTopic.WEAPON: YesNo.NOT_KNOWN})
    assert not an_alarm(answers=none).is_open(MONDAY)


def test_who_has_it_is_the_last_to_whom_it_was_given() -> None:
    given = a_step(AlarmAct.HANDED_OVER, to="olu", until=48)
    assert an_alarm(TAKEN, given).held == given
    assert an_alarm(TAKEN, given, a_step(AlarmAct.OWNER_LEFT)).held is None
    assert an_alarm(TAKEN).acknowledged == TAKEN


REFUSED, DISCLOSED = a_step(AlarmAct.REFUSED), a_step(AlarmAct.DISCLOSED, hours=2)


@pytest.mark.parametrize(
    ("steps", "released", "is_open", "told_after"),
    [
        ((), False, True, None),
        ((REFUSED,), False, False, None),
        ((REFUSED,), True, True, 3),
        ((DISCLOSED,), False, True, 2),
        ((REFUSED, DISCLOSED), False, True, 2),
        ((DISCLOSED,), True, True, 2),
    ],
)
def test_an_owners_own_alarm_is_open_until_it_is_refused_and_the_panels_once_it_is_told(
    steps: tuple[AlarmStep, ...], released: bool, is_open: bool, told_after: int | None
) -> None:
    alarm = an_alarm(*steps, owner="harbour", released_at=MONDAY + 3 * HOUR if released else None)
    assert alarm.is_open(MONDAY + 9 * HOUR) is is_open
    assert alarm.told_at == (None if told_after is None else MONDAY + told_after * HOUR)


def test_without_its_report_an_alarm_has_its_topics_owner_and_time_alone() -> None:
    alarm = an_alarm(REFUSED, DISCLOSED, owner="harbour", released_at=None, release_class=4)
    shown = alarm.without_refusals().without_report()
    assert (shown.about, shown.by, shown.at) == ("harbour", "cora", MONDAY + 2 * HOUR)
    assert shown.raised == alarm.raised
    assert shown.refused is None
    assert (alarm.class_shown, an_alarm(release_class=4).class_shown) == (None, 4)


OVERRIDDEN = a_step(AlarmAct.DISCLOSED, hours=3)


@pytest.mark.parametrize(
    ("alarm", "hours"),
    [
        (an_alarm(), 0),
        (an_alarm(for_all_at=MONDAY + 2 * HOUR), 2),  # coordinators and chair had it before
        (an_alarm(released_at=None), None),
        (an_alarm(release_class=7), 0),  # for everyone
        (an_alarm(release_class=8), None),
        (an_alarm(known_to=("harbour",)), None),
        (an_alarm(OVERRIDDEN, known_to=("harbour",), released_at=None), 3),
        (an_alarm(OVERRIDDEN, release_class=8), 3),
        (an_alarm(OVERRIDDEN), 0),
        (an_alarm(needs=("R-1", "R-2")), 0),
        (an_alarm(needs=("R-2",)), None),
    ],
)
def test_everyone_on_the_case_knows_of_it_from_its_release_to_all_or_its_disclosure(
    alarm: RaisedAlarm, hours: int | None
) -> None:
    assert alarm.open_to_all_at({7}) == (None if hours is None else MONDAY + hours * HOUR)
