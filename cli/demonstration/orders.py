"""Invented orders of the demonstration: each moment of a course is recorded on its day, as the chair."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cli.demonstration.stage import Stage, StagedReferral, Story, at
from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import VICTIM_VOICE
from engine.domain.orders.notices import AttemptGiven, Through
from engine.services.orders import notices, recording
from engine.services.orders.reading import orders_on_case
from engine.services.system.invented_city import OrderMoment, newest_courses, order_course

_LONG_AGO = 205
"""The age in days of a case that may have a course that began long ago."""


def orders_of(stage: Stage, referral: StagedReferral, decided_on: date) -> Story:
    """Yield the moments of the orders of one case after its decision, if an advocate can inform the victim.

    The first cases that are old enough get the courses that leave something to do at the end.
    """
    advocate = _advocate_on(stage, referral)
    if advocate is None:
        return
    today = stage.end.astimezone(LONDON).date()
    newest = newest_courses(today)
    if len(stage.newest_orders) < len(newest) and (today - decided_on).days > _LONG_AGO:
        course = newest[len(stage.newest_orders)]
        stage.newest_orders.append(referral.reference)
    else:
        until = today - timedelta(days=1)
        course = order_course(stage.seed, referral.key, decided_on=decided_on, until=until)
    yield from _told(stage, referral, course, advocate)


def _told(stage: Stage, referral: StagedReferral, moments: Sequence[OrderMoment], advocate: Acting) -> Story:
    references: dict[int, str] = {}
    for number, moment in enumerate(sorted(moments, key=lambda each: each.on)):
        yield max(at(moment.on, 12, number % 50), stage.clock.now() + timedelta(minutes=1))
        _record(stage, referral, moment, references)
        yield stage.clock.now() + timedelta(hours=2)
        _inform(stage, referral, advocate)


def _advocate_on(stage: Stage, referral: StagedReferral) -> Acting | None:
    voice = next((code for code, seat in stage.seats.items() if seat == VICTIM_VOICE), None)
    if voice is None:
        return None
    advocate = referral.practitioner(stage, voice)
    people = stage.case(stage.cast.chair, referral.reference).people_on_case
    return advocate if advocate.user in people else None


def _inform(stage: Stage, referral: StagedReferral, advocate: Acting) -> None:
    """Inform the victim of each event that waits; of one that came lately, the first attempt fails."""
    context, now = stage.runtime.context(advocate), stage.clock.now().astimezone(LONDON)
    fails = stage.end - stage.clock.now() < timedelta(days=2)
    there = orders_on_case(context, reference=referral.reference)
    for notice in there.notices:
        if notice.is_done or not notice.may_record:
            continue
        failed = {"why_not": "No safe time to call was left today.", "next_by": "the advocate, today"}
        attempt = {"reached": not fails, "through": Through.ADVOCATE, "on": now.date()}
        given = {**attempt, "at_time": f"{now:%H:%M}", **(failed if fails else {})}
        notices.try_notice(
            context,
            reference=referral.reference,
            number=notice.number,
            attempt=AttemptGiven.model_validate(given),
        )


def _record(stage: Stage, referral: StagedReferral, moment: OrderMoment, references: dict[int, str]) -> None:
    context, given = stage.runtime.context(stage.cast.chair), moment.given
    if given is None:
        assert moment.step is not None
        recording.record_step(context, order=references[moment.order], step=moment.step)
        return
    related = {
        "replaces_interim": None if moment.replaces is None else references[moment.replaces],
        "interim_to": None if moment.interim_to is None else references[moment.interim_to],
    }
    given = given.model_copy(update=related)
    if moment.makes:
        recording.make_order(context, order=references[moment.order], given=given)
    elif moment.copies is not None:
        why = "The respondent waited near the victim's work."
        copied = recording.vary_order(context, order=references[moment.copies], given=given, why=why)
        references[moment.order] = copied.reference
    else:
        recorded = recording.create_order(context, reference=referral.reference, given=given)
        references[moment.order] = recorded.reference
