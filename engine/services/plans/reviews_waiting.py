"""Since when a review waits, for cases that all coordinators and chairs see alike; kinds of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

_READS = frozenset(
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
_A_DAY = timedelta(days=1)


class _Case(NamedTuple):
    """A case that is reviewed, as all coordinators and chairs see it."""

    reference: str
    dates: ReviewDates
    incidents: Sequence[IncidentKnown]
    plan: PlanLine | None
    custody: Sequence[StoredCustodyChange]
    needs: Sequence[StoredNeed]

    def causes(self, settings: ReviewSettings, *, on: date, is_quiet: bool = True) -> tuple[ReviewCause, ...]:
        """Return every reason for a review on a date; without ``is_quiet`` not that nothing was reported."""
        last = max(
            (min(i.happened.latest, on) for i in self.incidents if i.happened is not None), default=None
        )
        came_faster = is_quiet and came_faster_before(
            self.incidents, self.dates, last, on=on, quiet=settings.quiet
        )
        return tuple(
            causes_since(
                self.dates,
                self.incidents,
                actions=actions_known(self.plan),
                custody=self.custody,
                lost=signed_not_in_contact(self.needs),
                came_faster=came_faster,
                last_incident=last,
                today=on,
                settings=settings,
            )
        )

    def days(self, settings: ReviewSettings) -> list[date]:
        """Return every date when a reason may begin by the clock only, in order."""
        found = {change.on - settings.release_ahead for change in self.custody}
        found |= {each.due + settings.action_grace + _A_DAY for each in actions_known(self.plan)}
        if self.dates.review_on is not None:
            found.add(self.dates.review_on)
        if (quiet := self.quiet_from(settings)) is not None:
            found.add(quiet)
        since = self.dates.since.astimezone(LONDON).date()
        return [since, *sorted(day for day in found if day > since)]

    def quiet_from(self, settings: ReviewSettings) -> date | None:
        """Return from when it may be a reason that nothing was reported; None if a review considered that."""
        last = max((i.happened.latest for i in self.incidents if i.happened is not None), default=None)
        since = self.dates.since.astimezone(LONDON).date()
        return None if last is None or last + settings.quiet <= since else last + settings.quiet

    @property
    def has_vague_days(self) -> bool:
        """True if whether reports came faster depends on the date of the question."""
        return any(each.happened is None or not each.happened.is_whole_day for each in self.incidents)

    def due_from(self, settings: ReviewSettings) -> date | None:
        """Return the first date with a reason; what depends on vague dates is left out."""
        is_quiet = not self.has_vague_days
        return next(
            (day for day in self.days(settings) if self.causes(settings, on=day, is_quiet=is_quiet)), None
        )


def scheduled(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each review whose date has come, from that date."""
    for case in _seen_alike(work, cases, given):
        if case.dates.review_on is not None:
            yield Waits(
                case=case.reference,
                about="review",
                whom=OF_DESK,
                since=case.dates.since,
                starts=_start_of(case.dates.review_on),
                due=_start_of(case.dates.review_on + _A_DAY) - datetime.resolution,
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
                starts=_start_of(first),
                ends=_start_of(review_on) - datetime.resolution if review_on is not None else None,
            )


def to_work_out(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each review whose reasons are a viewer's, or depend on the date of the question.

    Of those of an episode of several cases, and of those with reports that some viewers do not see, each
    viewer has their own.
    """
    reviewed = _reviewed(work, cases, given)
    alike = {case.reference: case for case in _seen_alike(work, cases, given)}
    for reference, dates in reviewed.items():
        waits = Waits(case=reference, about="review", whom=OF_DESK, since=dates.since)
        case = alike.get(reference)
        if case is None:
            yield waits
        elif case.has_vague_days and (quiet := case.quiet_from(given.settings.reviews)) is not None:
            first = case.due_from(given.settings.reviews)
            if first is None or quiet < first:
                ends = _start_of(first) - datetime.resolution if first is not None else None
                yield waits._replace(starts=_start_of(quiet), ends=ends)


def _reviewed(work: Work, cases: Sequence[str], given: DueGiven) -> dict[str, ReviewDates]:
    states = given.states(work, cases)
    return work.reviews.dates_of([case for case, (state, _) in states.items() if state in REVIEWED])


def _seen_alike(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[_Case]:
    """Yield the cases that are reviewed, and that all their viewers see alike."""
    dates = _reviewed(work, cases, given)
    together = work.cases.together_with_each(list(dates)) if dates else {}
    alone = [case for case in dates if set(together[case]) == {case}]
    cut = work.incidents.kept_back_on(alone) if alone else frozenset()
    alike = [case for case in alone if case not in cut]
    if not alike:
        return
    incidents = work.incidents.in_short({case: (case,) for case in alike}, shown=())
    lines = work.plan_lines.of_cases(EVERYTHING, states=REVIEWED, among=alike)
    plans = {line.case: line for line in lines}
    custody = work.reviews.custody_changes_by_case(alike)
    needs = work.plan_approvals.needs_of(alike)
    for case in alike:
        yield _Case(case, dates[case], incidents[case], plans.get(case), custody.get(case, ()), needs[case])


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _given(given: DueGiven) -> object:
    return given.settings.reviews.model_dump(mode="json")


REVIEW = DueKind("review", reads=_READS, of=scheduled)
FORWARD = DueKind("review brought forward", reads=_READS, of=brought_forward, given=_given)
OF_VIEWER = DueKind("review to work out", reads=_READS, of=to_work_out, given=_given)
