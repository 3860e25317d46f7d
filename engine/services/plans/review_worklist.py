"""Lines of coordinators and chair about reviews that are due: one for each case, with every reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.cases.due import Waits
from engine.domain.cases.worklists import LongLines, WorkItem
from engine.domain.plans.reviews import ReviewCause, ReviewTrigger, day_due, why_due
from engine.services.due.lines import lines_with_those_of_viewer
from engine.services.plans.reviews_due import DueReview, due_reviews
from engine.services.plans.reviews_waiting import FORWARD, OF_VIEWER, REVIEW
from engine.settings import Settings
from engine.store.unit_of_work import Work

REVIEW_DUE = REVIEW.name
"""The kind of a line about a review that is due."""


def review_lines(work: Work, acting: Acting, clock: Clock, settings: Settings) -> Iterator[LongLines]:
    """Yield a line for each case whose review is due for what this person may see of it."""
    if acting.role not in COORDINATOR_AND_CHAIR:
        return
    today = clock.today()

    def due(cases: Sequence[str]) -> dict[str, DueReview]:
        return due_reviews(work, acting, cases, on=today, settings=settings.reviews)

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        reviews = due([each.case for each in rows])
        for each in rows:
            yield _line(each.case, reviews[each.case], today)

    def of_viewer(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for reference, review in due([each.case for each in rows]).items():
            yield _line(reference, review, today)

    yield lines_with_those_of_viewer(
        (REVIEW, FORWARD),
        OF_VIEWER,
        work,
        acting,
        clock,
        write=write,
        items=of_viewer,
        named=REVIEW_DUE,
        undated=_end_of(today),
    )


def _line(reference: str, review: DueReview, today: date) -> WorkItem:
    review_on = review.dates.review_on
    due = day_due(review_on, review.causes, on=today) or today
    causes = [_without_lateness(each) for each in review.causes] if due < today else review.causes
    return WorkItem(
        reference=reference,
        what="Review the plan",
        why=why_due(causes, review_on) or "",
        due_at=_end_of(due),
        since=review.dates.since,
        is_overdue=due < today,
        is_alarm=False,
        kind=REVIEW_DUE,
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), LONDON)


def _without_lateness(cause: ReviewCause) -> ReviewCause:
    """Return the reason without what the line says beside it: that it is overdue, and since when."""
    is_scheduled = cause.trigger is ReviewTrigger.SCHEDULED
    return cause.model_copy(update={"says": "Scheduled review."}) if is_scheduled else cause
