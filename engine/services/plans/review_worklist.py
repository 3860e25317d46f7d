"""Lines of coordinators and chair about reviews that are due: one for each case, with every reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.cases.worklists import WorkItem
from engine.domain.plans.reviews import ReviewCause, ReviewTrigger, day_due, why_due
from engine.services.plans.reviews_due import DueReview, due_reviews
from engine.settings import Settings
from engine.store.unit_of_work import Work

REVIEW_DUE = "review"
"""The kind of a line about a review that is due."""


def review_items(work: Work, acting: Acting, clock: Clock, settings: Settings) -> Iterator[WorkItem]:
    """Yield a line for each case whose review is due for what this person may see of it."""
    if acting.role not in COORDINATOR_AND_CHAIR:
        return
    today = clock.today()
    for reference, due in due_reviews(work, acting, on=today, settings=settings.reviews).items():
        yield _line(reference, due, today)


def _line(reference: str, review: DueReview, today: date) -> WorkItem:
    review_on = review.dates.review_on
    due = day_due(review_on, review.causes, on=today) or today
    causes = [_without_lateness(each) for each in review.causes] if due < today else review.causes
    return WorkItem(
        reference=reference,
        what="Review the plan",
        why=why_due(causes, review_on) or "",
        due_at=datetime.combine(due, time(23, 59), LONDON),
        since=review.dates.since,
        is_overdue=due < today,
        is_alarm=False,
        kind=REVIEW_DUE,
    )


def _without_lateness(cause: ReviewCause) -> ReviewCause:
    """Return the reason without what the line says beside it: that it is overdue, and since when."""
    is_scheduled = cause.trigger is ReviewTrigger.SCHEDULED
    return cause.model_copy(update={"says": "Scheduled review."}) if is_scheduled else cause
