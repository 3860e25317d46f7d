"""The facts of one involvement that view_case and list_page gather. Parts of use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from engine.access.redaction import Masker
from engine.clock import LONDON
from engine.domain.alarm_questions import QuestionAnswered
from engine.domain.alarms import ActDone, AlarmSinceView, RaisedAlarm
from engine.domain.cases.incidents import Channel, IncidentsKeptBack
from engine.domain.cases.involvement import (
    Alarm,
    Involvement,
    ScreeningRecord,
)
from engine.domain.cases.lifecycle import Act, allowed_acts
from engine.domain.cases.views import (
    NOT_SCREENED_WARNING,
    AlarmView,
    IncidentView,
    OutcomeView,
    ScreeningView,
)
from engine.domain.dates import PartialDate
from engine.domain.links.trends import CaseTrendView

LATELY = timedelta(days=28)


def warning_of(involvement: Involvement) -> str | None:
    """Return what every page says of a referral that no person has screened."""
    return None if involvement.is_screened else NOT_SCREENED_WARNING


def age_hours(since: datetime, now: datetime) -> float:
    """Return how long ago it was, in hours."""
    return round((now - since).total_seconds() / 3600, 2)


def alarm_view(alarm: Alarm, at: datetime, later: Sequence[RaisedAlarm] = ()) -> AlarmView:
    """Return the alarm topics, with those raised since; whether they are past due is worked out now."""
    return AlarmView(
        raised=alarm.answers.raised,
        answers=alarm.answers.answers,
        due_at=alarm.due_at,
        acknowledged_by=alarm.acknowledged_by,
        acknowledged_at=alarm.acknowledged_at,
        is_past_due=alarm.is_past_due(at),
        was_raised=alarm.was_raised,
        taken_back={each.topic: f"yes before, {each.in_words}" for each in alarm.taken_back},
        since={topic: each.at for each in later for topic in each.raised},
    )


def alarms_since(
    later: Sequence[RaisedAlarm], masker: Masker, at: datetime, *, decided_at: datetime | None
) -> tuple[AlarmSinceView, ...]:
    """Return the alarms raised after the referral, newest first, with their texts masked."""
    return tuple(_since(each, masker, at, decided_at) for each in reversed(later) if each.is_alarm)


def questions_answered(
    answers: Mapping[str, Sequence[QuestionAnswered]], masker: Masker
) -> tuple[QuestionAnswered, ...]:
    """Return the newest answer to each question that the first alarm opens, with its reason masked."""
    newest = {each.question: each for given in answers.values() for each in given}
    return tuple(
        each.model_copy(update={"why": masker.masked_or_none(each.why, by=each.by)})
        for each in newest.values()
    )


def _since(alarm: RaisedAlarm, masker: Masker, at: datetime, decided_at: datetime | None) -> AlarmSinceView:
    taken, held, done, ended = alarm.acknowledged, alarm.held, alarm.done, alarm.ended
    refused, disclosed = alarm.refused, alarm.disclosed
    is_open = alarm.is_open(at)
    due = alarm.due_at if held is None else held.until
    return AlarmSinceView(
        reference=alarm.reference,
        door=alarm.door,
        about=alarm.about,
        raised=alarm.raised,
        by=alarm.by,
        at=alarm.at,
        due_at=due,
        is_open=is_open,
        is_past_due=is_open and due is not None and due < at,
        acknowledged_by=taken.by if taken else None,
        acknowledged_at=taken.at if taken else None,
        held_by=held.holder if held else None,
        held_until=held.until if held else None,
        done=masker.masked_or_none(done.why, by=done.by) if done else None,
        done_by=done.by if done else None,
        done_at=done.at if done else None,
        done_before=tuple(
            ActDone(what=masker.masked(each.why or "", by=each.by), by=each.by, at=each.at)
            for each in alarm.done_before
        ),
        ended_because=masker.masked_or_none(ended.why, by=ended.by) if ended else None,
        is_owners_alone=alarm.told_at is None,
        owner=alarm.owner,
        refused_because=masker.masked_or_none(refused.why, by=refused.by) if refused else None,
        disclosed_because=masker.masked_or_none(disclosed.why, by=disclosed.by) if disclosed else None,
        disclosed_by=disclosed.by if disclosed else None,
        is_decided=decided_at is not None and decided_at > (alarm.told_at or alarm.at),
    )


def screening_view(record: ScreeningRecord, masker: Masker) -> ScreeningView:
    """Return a screening with its free text masked."""
    screening = record.screening
    return ScreeningView(
        version=record.version,
        by=record.by,
        at=record.at,
        four=screening.four,
        outcome=screening.outcome,
        reason=masker.masked(screening.reason, by=record.by),
        advice=masker.masked_or_none(screening.advice, by=record.by),
        redirect_to=screening.redirect_to,
        safeguarding=masker.masked_or_none(screening.safeguarding, by=record.by),
    )


def incident_views(incidents: Sequence[IncidentView], masker: Masker) -> tuple[IncidentView, ...]:
    """Return incidents with their reported texts masked."""
    return tuple(
        incident.model_copy(
            update={
                "reports": tuple(
                    report.model_copy(update={"what": masker.masked_or_none(report.what, by=report.typed_by)})
                    for report in incident.reports
                )
            }
        )
        for incident in incidents
    )


def outcome_views(outcomes: Sequence[OutcomeView], masker: Masker) -> tuple[OutcomeView, ...]:
    """Return findings of follow-ups with their sentences masked."""
    return tuple(o.model_copy(update={"says": masker.masked(o.says, by=o.by)}) for o in outcomes)


def trend_view(
    incidents: Sequence[IncidentView],
    today: date,
    *,
    observed_from: date | None,
    orders: tuple[date, ...] = (),
) -> CaseTrendView:
    """Return what changed over the incidents that this viewer sees, in words.

    ``orders`` are the dates when the orders of the case were made.
    """
    reported = tuple(
        (each.happened, each.kind.value, _value(each.channel), tuple(each.also)) for each in incidents
    )
    return _measured(reported, today, observed_from, orders)


@lru_cache(maxsize=1_000)
def _measured(
    reported: tuple[tuple[PartialDate | None, str, str | None, tuple[str, ...]], ...],
    today: date,
    observed_from: date | None,
    orders: tuple[date, ...],
) -> CaseTrendView:
    """Measure the same dates, kinds and channels once: a page is drawn many times between changes."""
    from engine.links.measures import Reported, measures_of  # a list of cases measures none

    return measures_of(
        [Reported(*each) for each in reported], until=today, orders=orders, observed_from=observed_from
    )


def observed_since(
    together: Sequence[Involvement],
    own: Callable[[str], tuple[Sequence[IncidentView], Sequence[IncidentsKeptBack]]],
) -> date | None:
    """Return the date of the first contact, if no incident of its own caused it; None where one may have.

    An incident of the same involvement that may have happened by then, or that is withheld from this viewer,
    may have caused it. A later contact is not a start: what was reported before it was observed as it
    happened, and a start would leave it out. ``own`` gives what this viewer gets of one involvement.
    """
    if not together:  # emergency access opens one involvement, and none of its episode
        return None
    first = min(together, key=lambda each: each.received_at)
    day = first.received_at.astimezone(LONDON).date()
    seen, kept_back = own(first.reference)
    by_then = any(each.happened is None or each.happened.earliest <= day for each in seen)
    return None if by_then or kept_back else day


def _value(channel: Channel | None) -> str | None:
    return None if channel is None else channel.value


def count_lately(incidents: Sequence[IncidentView], today: date) -> tuple[int, int]:
    """Count the incidents that certainly fell within the last 28 days, and those that may have."""
    since = today - LATELY
    certain = possible = 0
    for happened in (incident.happened for incident in incidents):
        whole = happened is not None and since <= happened.earliest <= today
        certain += whole
        possible += happened is None or (happened.latest >= since and happened.earliest <= today)
    return certain, possible


def acts_offered(involvement: Involvement) -> tuple[str, ...]:
    """Return what its state allows people to do; moves that the flows make are not offered."""
    return tuple(a.value for a in allowed_acts(involvement.state) if a not in {Act.ANSWERS_IN})
