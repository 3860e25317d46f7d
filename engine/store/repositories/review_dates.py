"""Statements on the dates of reviews: since when changes count for the next one, and when it is due."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, case, func, select
from sqlmodel import col

from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import DecisionRow
from engine.store.tables.reviews import PlanReviewRow


@cache
def dates_on_cases() -> Select[str, datetime, date | None]:
    """Build the dates of those of the ``references`` that a panel has decided; once in a process."""
    dates = review_dates(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))
    return select(col(InvolvementRow.ref), dates.c.since, dates.c.review_on).join(
        dates, dates.c.involvement_id == col(InvolvementRow.id)
    )


def review_dates(*within: ColumnElement[bool]) -> Subquery:
    """Build by involvement: the later of the newest decision and the newest review, and what it set.

    ``within`` are conditions on the involvement, so that no other's rows are read.
    """
    newest_decision = (
        select(col(DecisionRow.involvement_id), func.max(col(DecisionRow.version)).label("version"))
        .join(InvolvementRow, col(InvolvementRow.id) == col(DecisionRow.involvement_id))
        .where(*within)
        .group_by(col(DecisionRow.involvement_id))
        .subquery()
    )
    newest_review = _newest_reviews()
    is_reviewed = and_(col(PlanReviewRow.at).is_not(None), col(PlanReviewRow.at) >= col(DecisionRow.at))
    dates: Select[int, datetime, date | None] = (
        select(
            col(DecisionRow.involvement_id).label("involvement_id"),
            case((is_reviewed, col(PlanReviewRow.at)), else_=col(DecisionRow.at)).label("since"),
            case((is_reviewed, col(PlanReviewRow.next_on)), else_=col(DecisionRow.review_on)).label(
                "review_on"
            ),
        )
        .join(
            newest_decision,
            and_(
                newest_decision.c.involvement_id == col(DecisionRow.involvement_id),
                newest_decision.c.version == col(DecisionRow.version),
            ),
        )
        .outerjoin(newest_review, newest_review.c.involvement_id == col(DecisionRow.involvement_id))
        .outerjoin(
            PlanReviewRow,
            and_(
                col(PlanReviewRow.involvement_id) == newest_review.c.involvement_id,
                col(PlanReviewRow.number) == newest_review.c.number,
            ),
        )
    )
    return dates.subquery()


@cache
def _newest_reviews() -> Subquery:
    return (
        select(col(PlanReviewRow.involvement_id), func.max(col(PlanReviewRow.number)).label("number"))
        .group_by(col(PlanReviewRow.involvement_id))
        .subquery()
    )
