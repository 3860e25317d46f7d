"""The band on top of a case, worked out of what the viewer is shown anyway: nothing hidden makes a piece."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from engine.clock import LONDON
from engine.domain.alarms import AlarmSinceView
from engine.domain.cases.band import (
    BandPiece,
    PieceKind,
    a_piece,
    day_in_words,
    moment_in_words,
    not_acknowledged,
    status_of,
)
from engine.domain.cases.lifecycle import Act, State
from engine.domain.cases.views import CaseView, IncidentView
from engine.domain.dates import PartialDate
from engine.domain.plans.changes import ChangeKind
from engine.domain.plans.reviews import ReviewTrigger
from engine.store.unit_of_work import Work

_AT_ONCE = 2
"""New alarms and incidents that are said one by one; those after them are counted."""
_QUOTED = 60
_BEFORE_A_DECISION = frozenset(
    {
        State.NOT_SCREENED,
        State.SAFEGUARDING_TODAY,
        State.AGENCIES_ASKED,
        State.READY_FOR_CONFERENCE,
        State.IN_CONFERENCE,
    }
)
_REVIEWED_ANYWAY = frozenset({State.IN_CONFERENCE, State.DECIDED, State.IN_DELIVERY})
"""Here the panel, or the review of the plan, considers an incident: no note is needed."""
_CONSIDERED = {State.ADVICE_GIVEN: "advice", State.REDIRECTED: "redirection"}


def with_band(work: Work, view: CaseView, of_episode: Sequence[str], *, today: date) -> CaseView:
    """Return the case with its band; a part of viewing it."""
    since, since_what = _since(view, today)
    alarms = sorted(
        (alarm for alarm in view.alarms_since if alarm.stays_on_top),
        key=lambda alarm: (alarm.is_open, alarm.at),
        reverse=True,
    )
    there = {alarm.about for alarm in alarms}
    incidents = [each for each in _new_incidents(view, since) if each.reference not in there]
    entered = {each.reference: each for each in work.raised_alarms.entered(of_episode)} if incidents else {}
    unreviewed = [
        each
        for each in incidents
        if (each.reference in entered or view.state is not State.NOT_SCREENED)
        and not (each.reference in entered and entered[each.reference].is_reviewed)
    ]
    to_review = frozenset(
        each.reference
        for each in unreviewed
        if view.state not in _REVIEWED_ANYWAY
        and each.reference in entered
        and entered[each.reference].case == view.reference
    )
    new = [
        *_referral_alarm(view, today),
        *_alarm_pieces(view, alarms, today),
        *_incident_pieces(unreviewed, to_review, today, at_once=max(0, _AT_ONCE - len(alarms))),
    ]
    if new:
        is_newer = bool(unreviewed) or any(alarm.at > since for alarm in alarms)
        heading = f"New since {since_what}." if is_newer else "Alarm, not decided by the panel."
        new.insert(0, a_piece(PieceKind.SINCE, status=heading))
    return view.model_copy(update={"band": (*(new or _quiet(view, since_what)), *_late(view, today))})


def _since(view: CaseView, today: date) -> tuple[datetime, str]:
    """Return when a person last considered the case whole, and what that was."""
    review = view.review
    if review.since is not None:
        is_review = bool(review.reviews) and review.reviews[-1].at == review.since
        return (
            review.since,
            f"the {'last review' if is_review else 'decision'} of {_day(review.since, today)}",
        )
    for move in reversed(view.history):
        if move.act in (Act.SCREEN, Act.STEP_UP):
            what = "step up" if move.act == Act.STEP_UP else _CONSIDERED.get(move.after, "screening")
            return move.at, f"the {what} of {_day(move.at, today)}"
    return view.received_at, f"the referral of {_day(view.received_at, today)}"


def _new_incidents(view: CaseView, since: datetime) -> list[IncidentView]:
    """Return the incidents that were first reported since then, the newest first."""
    if view.review.since is not None:  # the changes since a review are worked out already
        kinds = [each for each in view.review.changes if each.kind is ChangeKind.INCIDENT]
        reported = {each.record: each.at for each in kinds if each.record is not None}
    else:
        first = {
            each.reference: min(report.received_at for report in each.reports)
            for each in view.incidents
            if each.reports
        }
        reported = {reference: at for reference, at in first.items() if at > since}
    found = [each for each in view.incidents if each.reference in reported]
    return sorted(found, key=lambda each: _order(each, reported[each.reference]), reverse=True)


def _order(incident: IncidentView, reported: datetime) -> tuple[date, datetime]:
    day = incident.happened.latest if incident.happened else reported.astimezone(LONDON).date()
    return min(day, reported.astimezone(LONDON).date()), reported


def _referral_alarm(view: CaseView, today: date) -> Iterator[BandPiece]:
    """Yield the alarm of the referral: until it is acknowledged, and until the panel has decided."""
    alarms = view.alarms
    waits = view.decision is None and view.state in _BEFORE_A_DECISION
    if not alarms.raised or not (alarms.is_open or waits):
        return
    if alarms.acknowledged_by and alarms.acknowledged_at:
        status = f"Acknowledged, {moment_in_words(alarms.acknowledged_at, today)}."
    else:
        status = not_acknowledged(alarms.due_at, today, is_late=alarms.is_past_due)
    yield a_piece(
        PieceKind.ALARM,
        tags=[_capital(topic.value) for topic in alarms.raised],
        when=f"at referral, {_day(view.received_at, today)}",
        status=status,
        records=[view.reference],
    )


def _alarm_pieces(view: CaseView, alarms: Sequence[AlarmSinceView], today: date) -> Iterator[BandPiece]:
    incidents = {each.reference: each for each in view.incidents}
    for alarm in alarms[:_AT_ONCE]:
        incident = incidents.get(alarm.about)
        recorded = f"recorded {moment_in_words(alarm.at, today)}"
        yield a_piece(
            PieceKind.ALARM,
            tags=[_capital(topic.value) for topic in alarm.raised],
            when=_when(incident, today) or recorded if incident else f"{alarm.door.value} {recorded}",
            quote=_quoted(incident) if incident else None,
            status=status_of(alarm, today),
            records=[alarm.reference, alarm.about],
        )
    more = alarms[_AT_ONCE:]
    if more:
        waiting = sum(alarm.is_open for alarm in more)
        yield a_piece(
            PieceKind.ALARM,
            tags=dict.fromkeys(_capital(topic.value) for alarm in more for topic in alarm.raised),
            when=f"{_counted(len(more), 'more alarm')}, since {_day(min(each.at for each in more), today)}",
            status=f"{waiting:,} not acknowledged." if waiting else "",
            counts=len(more),
            records=dict.fromkeys(record for each in more for record in (each.reference, each.about)),
        )


def _incident_pieces(
    incidents: Sequence[IncidentView], to_review: frozenset[str], today: date, *, at_once: int
) -> Iterator[BandPiece]:
    for each in incidents[:at_once]:
        yield a_piece(
            PieceKind.INCIDENT,
            tags=[_capital(each.kind.in_words)],
            when=_when(each, today) or "date not recorded",
            quote=_quoted(each),
            records=[each.reference],
            to_review=[each.reference] if each.reference in to_review else (),
        )
    more = incidents[at_once:]
    if more:
        yield a_piece(
            PieceKind.INCIDENT,
            tags=dict.fromkeys(_capital(each.kind.in_words) for each in more),
            when=_counted(len(more), "more incident" if at_once else "incident"),
            counts=len(more),
            records=[each.reference for each in more],
            to_review=[each.reference for each in more if each.reference in to_review],
        )


def _late(view: CaseView, today: date) -> Iterator[BandPiece]:
    """Yield what is missing or late, as the page knows it already."""
    review, undecided = view.review, view.review.not_decided
    if undecided:
        first = undecided[0]
        day = _day_of(first.happened, today) if first.happened else "date not recorded"
        one = f"on the {first.kind.in_words}, {day}"
        yield a_piece(
            PieceKind.POLICE_DECISION,
            tags=["Police decision missing"],
            when=one if len(undecided) == 1 else f"on {len(undecided):,} incidents",
            records=[each.incident for each in undecided],
        )
    if review.why_due is not None:
        planned = day_in_words(review.review_on, today) if review.review_on else "a date not recorded"
        triggers = [cause.trigger for cause in review.causes]
        earlier = triggers and ReviewTrigger.SCHEDULED not in triggers
        why = f"brought forward: {triggers[0].value}; planned for {planned}" if earlier else None
        yield a_piece(
            PieceKind.REVIEW,
            tags=["Review due now"],
            when=why or f"planned for {planned}",
            records=[cause.record for cause in review.causes if cause.record is not None],
        )


def _quiet(view: CaseView, since_what: str) -> Iterator[BandPiece]:
    """Yield that nothing is new, and that the panel has not decided; an unscreened case has its warning."""
    if view.state is State.NOT_SCREENED:
        return
    yield a_piece(PieceKind.NOTHING_NEW, status=f"Nothing new since {since_what} that you may see.")
    if view.decision is None:
        to_come = view.state in _BEFORE_A_DECISION
        yield a_piece(
            PieceKind.NOT_DECIDED,
            status="Not decided." if to_come else "Not decided: no conference is to come.",
        )


def _when(incident: IncidentView, today: date) -> str | None:
    return _day_of(incident.happened, today) if incident.happened else None


def _day_of(happened: PartialDate, today: date) -> str:
    return day_in_words(happened.earliest, today) if happened.is_whole_day else happened.in_words()


def _day(at: datetime, today: date) -> str:
    return day_in_words(at.astimezone(LONDON).date(), today)


def _quoted(incident: IncidentView) -> str | None:
    """Return the beginning of the newest reported text."""
    texts = [report.what for report in incident.reports if report.what]
    return textwrap.shorten(texts[-1].rstrip("."), _QUOTED, placeholder="…") if texts else None


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'s' if number != 1 else ''}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
