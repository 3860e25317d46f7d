"""Restricted involvements: the one condition by which every list and count leaves them out."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, Exists, Select, SQLColumnExpression, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow


@cache
def restricted_involvements() -> Select[int | None]:
    """Return the inner numbers of those that are restricted by the case that they are in, or by their own."""
    hidden = select(col(EpisodeRow.id)).where(col(EpisodeRow.restricted))
    return select(col(InvolvementRow.id)).where(
        or_(col(InvolvementRow.episode_id).in_(hidden), col(InvolvementRow.own_episode_id).in_(hidden))
    )


def not_restricted(number: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """Return the condition that the involvement of this inner number is not restricted."""
    return number.not_in(restricted_involvements())


def is_restricted_itself(number: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """Return the condition that the involvement of this inner number is restricted, for a query of few rows.

    Reads each row by its number, where ``not_restricted`` reads all restricted involvements once.
    """
    one, restricted = _one_restricted()
    return restricted.where(col(one.id) == number)


@cache
def _one_restricted() -> tuple[type[InvolvementRow], Exists]:
    """Build it once in a process: that takes longer than running it."""
    one, its = aliased(InvolvementRow), aliased(EpisodeRow)
    in_it = col(its.id).in_([col(one.episode_id), col(one.own_episode_id)])
    return one, exists().where(in_it, col(its.restricted))
