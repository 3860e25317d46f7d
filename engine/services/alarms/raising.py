"""Alarm topics as a person answers them about what was reported. Parts of use cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from engine.access.release import everybodys_classes
from engine.domain.absence import YesNo
from engine.domain.alarms import LASTING, STAC_OWNER, Door
from engine.domain.orders.breaches import BreachStatus, StoredBreach
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.services.context import Context
from engine.store.unit_of_work import Work

STAC = STAC_OWNER


def _yes_before(work: Work, case: str, *, on: date) -> set[AlarmTopic]:
    """Return the lasting topics that were answered with yes when they were last asked about on a case.

    What is not for everyone on the case does not count: the others learn of it for the first time.
    """
    answers = dict(work.alarms.of(case).answers.answers)
    for_all = everybodys_classes(work.sharing.classes(), on=on)
    for report in work.raised_alarms.of([case], always=True).get(case, ()):
        is_for_all = report.known_to is None and (report.class_shown is None or report.class_shown in for_all)
        asked = report.answers.answers.items() if report.told_at is not None and is_for_all else ()
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
    answer_version: int | None = None,
    raised_before: Collection[AlarmTopic] = (),
) -> str | None:
    """Store the answers about one report, and so raise an alarm where one is yes; return its reference.

    Without any topic that was asked nothing is stored: a line asks. Whose alarm it is follows from the report
    at every read, so a report that is released later raises it for the panel then. ``owner`` is the agency
    that it is recorded for; None: that of the person who acts. ``raised_before`` are the topics that another
    alarm about the same report has raised.
    """
    if len(answers.not_asked) == len(answers.answers):
        return None
    acting, at = context.acting, context.clock.now()
    within = timedelta(minutes=context.settings.alarm_within_minutes)
    new = set(answers.raised) - _yes_before(work, case, on=context.clock.today()) - set(raised_before)
    return work.raised_alarms.add(
        case,
        door=door,
        about=about,
        answers=answers,
        owner=owner or acting.agency or STAC,
        due_at=at + within if new else None,
        by=acting.user,
        at=at,
        answer_version=answer_version,
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
