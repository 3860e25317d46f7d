"""Alarm topics as a person answers them about what was reported. Parts of use cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine.domain.absence import YesNo
from engine.domain.alarms import LASTING, Door
from engine.domain.orders.breaches import BreachStatus, StoredBreach
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.services.context import Context
from engine.store.unit_of_work import Work

STAC = "stac"
"""The owner of what coordinators and chair record."""


def _yes_before(work: Work, case: str) -> set[AlarmTopic]:
    """Return the lasting topics that were answered with yes when they were last asked about on a case.

    Only what everyone on the case knows counts: a topic that one agency alone knows is new to the others.
    """
    answers = dict(work.alarms.of(case).answers.answers)
    for report in work.raised_alarms.of([case], always=True).get(case, ()):
        if report.known_to is not None or report.release_class is not None:
            continue
        asked = report.answers.answers.items()
        answers |= {topic: answer for topic, answer in asked if answer is not YesNo.NOT_ASKED}
    return {topic for topic in LASTING if answers[topic] is YesNo.YES}


def record_answers(
    work: Work,
    context: Context,
    *,
    case: str,
    door: Door,
    about: str,
    answers: AlarmAnswers,
    owner: str | None = None,
) -> str | None:
    """Store the answers about one report, and so raise an alarm where one is yes; return its reference.

    Without any topic that was asked nothing is stored: a line asks. Whose alarm it is follows from the report
    at every read, so a report that is released later raises it for the panel then. ``owner`` is the agency
    that it is recorded for; None: that of the person who acts.
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
        owner=owner or acting.agency or STAC,
        due_at=at + within if set(answers.raised) - _yes_before(work, case) else None,
        by=acting.user,
        at=at,
    )


def with_breach(topics: Mapping[AlarmTopic, YesNo] | None, *, is_breach: bool) -> AlarmAnswers:
    """Return the answers of a report, which is itself a breach of an order, or is not."""
    itself = {AlarmTopic.BREACH: YesNo.YES} if is_breach else {}
    return AlarmAnswers(answers={**(topics or {}), **itself})


def raise_breach(
    work: Work, context: Context, before: StoredBreach, topics: Mapping[AlarmTopic, YesNo] | None = None
) -> None:
    """Raise the alarm of a breach that a person confirms and that was not confirmed; part of a use case."""
    record_answers(
        work,
        context,
        case=before.case,
        door=Door.BREACH,
        about=before.reference,
        answers=with_breach(topics, is_breach=before.status is not BreachStatus.CONFIRMED),
    )
