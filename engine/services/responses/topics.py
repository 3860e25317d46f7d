"""Alarm topics as an agency's practitioner answers them about its answer. No text is read for them.

Of an answer that is not released they are an alarm only of that agency's people on the case.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.access.policy import May, require_agency
from engine.domain.absence import YesNo
from engine.domain.alarms import Door, RaisedAlarm
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.services.access.checks import open_case
from engine.services.alarms.own_topics import OWN_WORK
from engine.services.alarms.raising import record_answers
from engine.services.context import Context
from engine.store.unit_of_work import Work

Topics = Mapping[AlarmTopic, YesNo]
"""Answers to the topics; one that is left out was not asked."""


def record_response_topics(
    context: Context, *, reference: str, agency: str, topics: Topics, expected_version: int | None = None
) -> int:
    """Record the alarm topics that were asked about an answer; return its version.

    It is the answer that waits for release, else the one that is released. ``expected_version`` is the one
    that was on the screen.

    Raises
    ------
    InvalidInputError
        The reference is malformed, no topic is given, or a newer version was prepared.
    NotFoundError
        The case is not open to the person who acts, or the agency has not answered.
    NotPermittedError
        The role does not permit it, or the person speaks for another agency.
    """
    require_agency(context.acting, agency)
    if not are_asked(topics):
        raise InvalidInputError("topics", "answer at least one topic with yes, no or not known")
    with context.writing(OWN_WORK) as work:
        case = open_case(work, context.acting, reference, May.ANSWER).reference
        returns = work.answers.of(case, agency)
        stored = (returns.waiting_for_release() or returns.released()) if returns else None
        if stored is None:
            raise NotFoundError("response", f"{case} of {agency}", instead="it has not responded yet")
        if expected_version is not None and stored.version != expected_version:
            raise InvalidInputError(
                f"answer of {agency}", f"version {stored.version} was prepared since; read it first"
            )
        store_topics(work, context, case=case, agency=agency, version=stored.version, topics=topics)
        work.notes(agency=agency, version=stored.version)
        return stored.version


def are_asked(topics: Topics | None) -> bool:
    """Return whether any topic was asked."""
    return any(answer is not YesNo.NOT_ASKED for answer in (topics or {}).values())


def unreleased_alarms(work: Work, case: str, agency: str) -> tuple[RaisedAlarm, ...]:
    """Return the alarms about answers of an agency that no release has included yet."""
    return tuple(each for each in _alarms(work, case, agency) if each.released_at is None)


def store_topics(
    work: Work,
    context: Context,
    *,
    case: str,
    agency: str,
    version: int,
    topics: Topics | None,
    unreleased: tuple[RaisedAlarm, ...] = (),
) -> None:
    """Store the topics that were asked about a version; a part of what makes or releases it.

    ``unreleased`` are the alarms that were not released before. Those that are now, with the same topics, are
    the panel's: the version itself raises no second alarm with them, nor does one that was asked about twice.
    """
    answers, there = AlarmAnswers(answers=dict(topics or {})), _alarms(work, case, agency)
    now = {each.reference for each in there if each.released_at is not None}
    joined = [each for each in unreleased if _is_in(each, answers, is_released=each.reference in now)]
    joined += [each for each in there if each.answer_version == version and _is_told_or_open(each)]
    before = {topic for each in joined if each.is_alarm for topic in each.raised}
    _store(work, context, case, agency, version, answers, before)


def store_topics_of_change(
    work: Work, context: Context, *, case: str, agency: str, version: int, topics: Topics | None
) -> None:
    """Store the topics that were asked about an answer after an item was corrected or withdrawn.

    The alarms of the earlier version stay; only a topic that none of them has is an alarm.
    """
    released = [each for each in _alarms(work, case, agency) if each.released_at is not None]
    before = {topic for each in released if each.is_alarm for topic in each.raised}
    _store(work, context, case, agency, version, AlarmAnswers(answers=dict(topics or {})), before)


def _store(
    work: Work,
    context: Context,
    case: str,
    agency: str,
    version: int,
    answers: AlarmAnswers,
    before: set[AlarmTopic],
) -> None:
    record_answers(
        work,
        context,
        case=case,
        door=Door.RESPONSE,
        about=f"{agency} {version}",
        answers=answers,
        answer_version=version,
        raised_before=before,
    )


def _is_told_or_open(alarm: RaisedAlarm) -> bool:
    return alarm.ended is None and (alarm.told_at is not None or alarm.refused is None)


def _is_in(alarm: RaisedAlarm, answers: AlarmAnswers, *, is_released: bool) -> bool:
    """Return whether what is asked about a release now includes each topic of an earlier alarm."""
    given = {answers.answers[topic] for topic in alarm.raised}
    return given == {YesNo.YES} or (is_released and YesNo.NO not in given)


def _alarms(work: Work, case: str, agency: str) -> list[RaisedAlarm]:
    there = work.raised_alarms.of([case], always=True).get(case, ())
    return [each for each in there if each.door is Door.RESPONSE and each.owner == agency]
