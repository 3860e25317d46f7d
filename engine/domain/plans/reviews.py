"""Reviews of a plan: when one is due and why, each reason a small function. Knows no storage.

A review is scheduled, and may be brought forward by what happened since the last one. Reasons are worked out
at every read from what the viewer sees; a person closes a review with a sentence and the next date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from engine.domain.base import Frozen, Instant, Sentence
from engine.domain.cases.custody import CustodyChange, StoredCustodyChange
from engine.domain.cases.incidents import IncidentKind, kinds_in_words
from engine.domain.dates import PartialDate
from engine.domain.plans.actions import OPEN_STATUSES, ActionStatus

SILENCE = "Silence is not safety."
TRIGGERS_NOT_CHECKED = "Not checked here: whether an order is about to expire."


class ReviewTrigger(StrEnum):
    """A reason why a review is due."""

    BREACH = "breach"
    INCIDENT = "new incident"
    RELEASED = "release from custody"
    NO_CONTACT = "victim not in contact with services"
    MISSED_ACTION = "missed action"
    GONE_QUIET = "gone quiet after an escalation"
    SCHEDULED = "scheduled"


class ReviewCause(Frozen):
    """One reason for a review, in a sentence, with the record and the date that it comes from."""

    trigger: ReviewTrigger
    says: str
    record: str | None = None
    on: date | None = None


class PlanReview(Frozen):
    """A review as a person closed it."""

    number: int
    decided: Sentence
    next_on: date
    by: str
    at: Instant


class IncidentKnown(NamedTuple):
    """An incident within the viewer's access: when it happened and when it was first reported here."""

    reference: str
    kind: IncidentKind
    happened: PartialDate | None
    reported_at: datetime
    others: tuple[str, ...] = ()
    """Incidents that are one with it by a crime reference, each by the reference that it had."""
    owners: tuple[str, ...] = ()
    is_recorded_crime: bool = False
    """True if a report has a crime reference."""
    classes: tuple[int | None, ...] = ()
    """The release classes of its reports; None is one without."""
    also: tuple[IncidentKind, ...] = ()
    """The kinds of those incidents, where they differ from ``kind``."""

    @property
    def kinds(self) -> tuple[IncidentKind, ...]:
        """Every kind that a report gives it, that of the first report first."""
        return (self.kind, *self.also)


class ActionKnown(NamedTuple):
    """An action's status and due date; ``changed_at`` is the moment of its newest report."""

    reference: str
    status: ActionStatus
    due: date
    changed_at: datetime


class ContactLost(NamedTuple):
    """A record that the victim is not in contact with services: where, when, in words."""

    record: str
    at: datetime
    in_words: str


def scheduled(review_on: date | None, *, on: date) -> Iterator[ReviewCause]:
    """Yield the scheduled review on its date and after it. No date is "not recorded", and not "not due"."""
    if review_on is not None and review_on <= on:
        since = "Review due today" if review_on == on else f"Review overdue since {_day(review_on)}"
        yield ReviewCause(trigger=ReviewTrigger.SCHEDULED, says=f"{since}.", on=review_on)


def new_incidents(incidents: Iterable[IncidentKnown], *, since: datetime) -> Iterator[ReviewCause]:
    """Yield incidents that were first reported after the last review, but for breaches and nothing else."""
    for each in _reported_after(incidents, since):
        others = [kind for kind in each.kinds if kind is not IncidentKind.BREACH]
        if others:
            sentence = f"New incident ({kinds_in_words(others)}), {_when(each)}."
            yield _caused(ReviewTrigger.INCIDENT, sentence, each)


def breaches(incidents: Iterable[IncidentKnown], *, since: datetime) -> Iterator[ReviewCause]:
    """Yield breaches of an order that were first reported after the last review."""
    for each in _reported_after(incidents, since):
        if IncidentKind.BREACH in each.kinds:
            yield _caused(ReviewTrigger.BREACH, f"Breach of an order, {_when(each)}.", each)


def missed_actions(
    actions: Iterable[ActionKnown], *, since: datetime, on: date, grace: timedelta
) -> Iterator[ReviewCause]:
    """Yield actions open past their due date for longer than the grace period, and those reported not done.

    One that is no longer possible was not missed.
    """
    for each in actions:
        if each.status in OPEN_STATUSES and on - each.due > grace:
            days = (on - each.due).days
            sentence = f"Action {each.reference} is {days} days overdue."
        elif each.status is ActionStatus.NOT_DONE and each.changed_at > since:
            sentence = f"Action {each.reference} was not done."
        else:
            continue
        yield ReviewCause(
            trigger=ReviewTrigger.MISSED_ACTION, says=sentence, record=each.reference, on=each.due
        )


def releases(
    changes: Iterable[StoredCustodyChange], *, since: datetime, on: date, ahead: timedelta
) -> Iterator[ReviewCause]:
    """Yield the newest change of custody if it is a release that no review has considered.

    A planned release counts from so many days ahead; one whose date has passed may have happened.
    """
    newest = max(changes, key=lambda change: (change.on, change.at), default=None)
    if newest is None:
        return
    if newest.change is CustodyChange.RELEASED and newest.at > since:
        sentence = f"Released from custody, {_day(newest.on)}."
    elif newest.change is CustodyChange.RELEASE_PLANNED and since.date() < newest.on <= on + ahead:
        sentence = f"Release from custody planned for {_day(newest.on)}."
    else:
        return
    yield ReviewCause(trigger=ReviewTrigger.RELEASED, says=sentence, on=newest.on)


def gone_quiet(
    last_incident: date | None, *, came_faster: bool | None, since: date, on: date, quiet: timedelta
) -> Iterator[ReviewCause]:
    """Yield that nothing was reported for so long after reports had come faster.

    Not where a review since then has already considered the silence.
    """
    if not came_faster or last_incident is None:
        return
    if on - last_incident >= quiet and last_incident + quiet > since:
        days = (on - last_incident).days
        sentence = f"No report for {days} days after reports had come faster. {SILENCE}"
        yield ReviewCause(trigger=ReviewTrigger.GONE_QUIET, says=sentence, on=last_incident)


def contact_lost(lost: Iterable[ContactLost], *, since: datetime) -> Iterator[ReviewCause]:
    """Yield records after the last review that the victim is not in contact with services."""
    for each in lost:
        if each.at > since:
            yield ReviewCause(
                trigger=ReviewTrigger.NO_CONTACT, says=each.in_words, record=each.record, on=each.at.date()
            )


def in_order(causes: Iterable[ReviewCause]) -> tuple[ReviewCause, ...]:
    """Return the reasons in the order of their triggers, newest first within each."""
    place = {trigger: number for number, trigger in enumerate(ReviewTrigger)}
    newest_first = sorted(causes, key=lambda cause: cause.on or date.min, reverse=True)
    return tuple(sorted(newest_first, key=lambda cause: place[cause.trigger]))


def is_brought_forward(causes: Iterable[ReviewCause]) -> bool:
    """Return whether a review is due, and not because its date has come."""
    triggers = {cause.trigger for cause in causes}
    return bool(triggers) and ReviewTrigger.SCHEDULED not in triggers


def day_due(review_on: date | None, causes: Iterable[ReviewCause], *, on: date) -> date | None:
    """Return the date of a review: today if it is brought forward. None if no date is recorded."""
    return on if is_brought_forward(causes) else review_on


def why_due(causes: Iterable[ReviewCause], review_on: date | None) -> str | None:
    """Return one line: the review is due, or brought forward and why; None when no reason applies."""
    ordered = in_order(causes)
    if not ordered:
        return None
    sentences = " ".join(cause.says for cause in ordered)
    is_scheduled = any(cause.trigger is ReviewTrigger.SCHEDULED for cause in ordered)
    if is_scheduled:
        return sentences
    planned = f"planned for {_day(review_on)}" if review_on is not None else "no date was recorded"
    return f"Review brought forward ({planned}): {sentences}"


def _reported_after(incidents: Iterable[IncidentKnown], since: datetime) -> Iterator[IncidentKnown]:
    return (each for each in incidents if each.reported_at > since)


def _caused(trigger: ReviewTrigger, sentence: str, incident: IncidentKnown) -> ReviewCause:
    happened = incident.happened.latest if incident.happened is not None else None
    return ReviewCause(
        trigger=trigger, says=sentence, record=incident.reference, on=happened or incident.reported_at.date()
    )


def _when(incident: IncidentKnown) -> str:
    if incident.happened is None:
        return f"date not recorded, reported {_day(incident.reported_at.date())}"
    return incident.happened.in_words()


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
