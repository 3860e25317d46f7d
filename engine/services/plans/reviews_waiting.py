"""Since when a review waits, for cases that all coordinators and chairs see alike; kinds of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from engine.clock import LONDON
from engine.domain.cases.custody import StoredCustodyChange
from engine.domain.cases.due import OF_DESK, Waits
from engine.domain.plans.approval import StoredNeed
from engine.domain.plans.lists import PlanLine
from engine.domain.plans.reviews import IncidentKnown, ReviewCause
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.plans.changes import REVIEWED, causes_since, signed_not_in_contact
from engine.services.plans.reviews_due import actions_known, came_faster_before
from engine.settings import ReviewSettings
from engine.store.repositories.access.visibility import EVERYTHING
from engine.store.repositories.reviews import ReviewDates
from engine.store.unit_of_work import Work

READS = frozenset(
    {
        "episode_judgement",
        "move",
        "decision",
        "plan_review",
        "incident",
        "incident_report",
        "referral_version",
        "custody_change",
        "plan",
        "plan_approval",
        "plan_need",
        "action",
        "action_version",
    }
)
A_DAY = timedelta(days=1)


class ReviewedCase(NamedTuple):
    """A case that is reviewed, with the incidents that some viewers see of it."""

    reference: str
    dates: ReviewDates
    incidents: Sequence[IncidentKnown]
    plan: PlanLine | None
    custody: Sequence[StoredCustodyChange]
    needs: Sequence[StoredNeed]

    def causes(self, settings: ReviewSettings, *, on: date) -> tuple[ReviewCause, ...]:
        """Return every reason for a review on a date."""
        last = max(
            (min(i.happened.latest, on) for i in self.incidents if i.happened is not None), default=None
        )
        return tuple(
            causes_since(
                self.dates,
                self.incidents,
                actions=actions_known(self.plan),
                custody=self.custody,
                lost=signed_not_in_contact(self.needs),
                came_faster=came_faster_before(self.incidents, self.dates, last, on=on, quiet=settings.quiet),
                last_incident=last,
                today=on,
                settings=settings,
            )
        )

    def days(self, settings: ReviewSettings) -> list[date]:
        """Return every date when a reason may begin by the clock only, in order.

        That reports had come faster is known from incidents with a whole date, so that it begins once.
        """
        found = {change.on - settings.release_ahead for change in self.custody}
        found |= {each.due + settings.action_grace + A_DAY for each in actions_known(self.plan)}
        if self.dates.review_on is not None:
            found.add(self.dates.review_on)
        last = max((i.happened.latest for i in self.incidents if i.happened is not None), default=None)
        if last is not None:
            found.add(last + settings.quiet)
        since = self.dates.since.astimezone(LONDON).date()
        return [since, *sorted(day for day in found if day > since)]

    def due_from(self, settings: ReviewSettings) -> date | None:
        """Return the first date with a reason."""
        return next((day for day in self.days(settings) if self.causes(settings, on=day)), None)


def scheduled(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each review whose date has come, from that date."""
    for case in _seen_alike(work, cases, given):
        if case.dates.review_on is not None:
            yield Waits(
                case=case.reference,
                about="review",
                whom=OF_DESK,
                since=case.dates.since,
                starts=start_of(case.dates.review_on),
                due=start_of(case.dates.review_on + A_DAY) - datetime.resolution,
            )


def brought_forward(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each review that is due before its day, or without one, from when there is a reason."""
    for case in _seen_alike(work, cases, given):
        first, review_on = case.due_from(given.settings.reviews), case.dates.review_on
        if first is not None and (review_on is None or first < review_on):
            yield Waits(
                case=case.reference,
                about="review",
                whom=OF_DESK,
                since=case.dates.since,
                starts=start_of(first),
                ends=start_of(review_on) - datetime.resolution if review_on is not None else None,
            )


def to_work_out(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each review whose reasons are a viewer's.

    Of those of an episode of several cases, and of those with reports that some viewers do not see, each
    viewer has their own.
    """
    alike = {case.reference for case in _seen_alike(work, cases, given)}
    for reference, dates in reviewed(work, cases, given).items():
        if reference not in alike:
            yield Waits(case=reference, about="review", whom=OF_DESK, since=dates.since)


def reviewed(work: Work, cases: Sequence[str], given: DueGiven) -> dict[str, ReviewDates]:
    """Return those of these cases that are reviewed, with the dates of their next review."""
    states = given.states(work, cases)
    return work.reviews.dates_of([case for case, (state, _) in states.items() if state in REVIEWED])


def _seen_alike(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[ReviewedCase]:
    """Yield the cases that are reviewed, and that all their viewers see alike."""
    dates = reviewed(work, cases, given)
    together = work.cases.together_with_each(list(dates)) if dates else {}
    alone = [case for case in dates if set(together[case]) == {case}]
    cut = work.incidents.classes_on(alone) if alone else {}
    alike = {case: dates[case] for case in alone if case not in cut}
    if not alike:
        return
    read = facts_of(work, alike)
    incidents = work.incidents.in_short({case: (case,) for case in alike}, shown=())
    for case in alike:
        yield read[case]._replace(incidents=incidents[case])


def facts_of(work: Work, dates: Mapping[str, ReviewDates]) -> dict[str, ReviewedCase]:
    """Return by case everything that its reviews depend on, but for its incidents."""
    cases = list(dates)
    lines = work.plan_lines.of_cases(EVERYTHING, states=REVIEWED, among=cases)
    plans = {line.case: line for line in lines}
    custody = work.reviews.custody_changes_by_case(cases)
    needs = work.plan_approvals.needs_of(cases)
    return {
        case: ReviewedCase(case, dates[case], (), plans.get(case), custody.get(case, ()), needs[case])
        for case in cases
    }


def start_of(day: date) -> datetime:
    """Return the first moment of a date."""
    return datetime.combine(day, time(), LONDON)


def _given(given: DueGiven) -> object:
    return given.settings.reviews.model_dump(mode="json")


REVIEW = DueKind("review", reads=READS, of=scheduled)
FORWARD = DueKind("review brought forward", reads=READS, of=brought_forward, given=_given, version=2)
OF_VIEWER = DueKind("review to work out", reads=READS, of=to_work_out, version=2)
