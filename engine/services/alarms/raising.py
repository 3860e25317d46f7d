"""Alarm topics as a person answers them about what was reported. Parts of use cases."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.absence import YesNo
from engine.domain.alarms import LASTING, Door
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.services.context import Context
from engine.store.unit_of_work import Work

STAC = "stac"
"""The owner of what coordinators and chair record."""


def _yes_before(work: Work, case: str) -> set[AlarmTopic]:
    """Return the lasting topics that were answered with yes when they were last asked about on a case."""
    answers = dict(work.alarms.of(case).answers.answers)
    for report in work.raised_alarms.of([case]).get(case, ()):
        asked = report.answers.answers.items()
        answers |= {topic: answer for topic, answer in asked if answer is not YesNo.NOT_ASKED}
    return {topic for topic in LASTING if answers[topic] is YesNo.YES}


def record_answers(
    work: Work, context: Context, *, case: str, door: Door, about: str, answers: AlarmAnswers
) -> str | None:
    """Store the answers about one report, and so raise an alarm where one is yes; return its reference.

    Without any topic that was asked nothing is stored: a line asks. Whose alarm it is follows from the report
    at every read, so a report that is released later raises it for the panel then.
    """
    if len(answers.not_asked) == len(answers.answers):
        return None
    acting, at = context.acting, context.clock.now()
    within = timedelta(minutes=context.settings.alarm_within_minutes)
    return work.raised_alarms.add(
        case,
        door=door,
        about=about,
        answers=answers,
        owner=acting.agency or STAC,
        due_at=at + within if set(answers.raised) - _yes_before(work, case) else None,
        by=acting.user,
        at=at,
    )
