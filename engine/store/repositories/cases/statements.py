"""Statements about involvements, each built once in a process.

Building a statement takes up to ten times as long as running it. Terms in ``ticks`` are its parameters.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TypeAlias

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.store.among import among_parameter
from engine.store.tables.access import ConnectionRow
from engine.store.tables.cases.involvements import CaseMemberRow, ConferenceRow, EpisodeRow, InvolvementRow

OWN = aliased(EpisodeRow)
Involvements: TypeAlias = Select[int | None, str, str, str, str, str | None, datetime, int, str, str]
"""Involvements with the episode of each and its own."""


@cache
def involvements() -> Involvements:
    """Return involvements with the episode of each and its own; the caller narrows them."""
    return (
        select(
            col(InvolvementRow.id),
            col(InvolvementRow.ref),
            col(InvolvementRow.source),
            col(InvolvementRow.source_reference),
            col(InvolvementRow.state),
            col(InvolvementRow.triage_outcome),
            col(InvolvementRow.received_at),
            col(InvolvementRow.version),
            col(EpisodeRow.ref).label("episode"),
            col(OWN.ref).label("own_episode"),
        )
        .join(EpisodeRow, col(EpisodeRow.id) == col(InvolvementRow.episode_id))
        .join(OWN, col(OWN.id) == col(InvolvementRow.own_episode_id))
    )


@cache
def one() -> Involvements:
    """Return the involvement of that ``reference``."""
    return involvements().where(col(InvolvementRow.ref) == bindparam("reference"))


@cache
def one_held() -> Involvements:
    """Return the same, held until the transaction ends.

    SQLite has one writer anyway, and leaves the clause out.
    """
    return one().with_for_update(of=InvolvementRow, key_share=True)


@cache
def newest_first() -> Involvements:
    """Return every involvement, newest first."""
    return involvements().order_by(col(InvolvementRow.received_at).desc(), col(InvolvementRow.id).desc())


@cache
def named(*, few: bool) -> Involvements:
    """Return those of these ``references``, or of these ``few``, newest first."""
    return newest_first().where(among_parameter(col(InvolvementRow.ref), "references", few=few))


@cache
def of_episode() -> Involvements:
    """Return the involvements of that ``episode``, oldest first."""
    return (
        involvements()
        .where(col(EpisodeRow.ref) == bindparam("episode"))
        .order_by(col(InvolvementRow.received_at))
    )


@cache
def conference_opened_at() -> Select[datetime | None]:
    """Return when a conference was last opened on the involvement of the number ``case``."""
    return select(func.max(col(ConferenceRow.opened_at))).where(
        col(ConferenceRow.involvement_id) == bindparam("case")
    )


@cache
def number() -> Select[int | None]:
    """Return the inner number of the involvement of that ``reference``."""
    return select(col(InvolvementRow.id)).where(col(InvolvementRow.ref) == bindparam("reference"))


@cache
def together() -> Select[str]:
    """Return the references of the involvements of the same episode as ``reference``, its own too."""
    own = aliased(InvolvementRow)
    return (
        select(col(InvolvementRow.ref))
        .join(own, col(own.episode_id) == col(InvolvementRow.episode_id))
        .where(col(own.ref) == bindparam("reference"))
        .order_by(col(InvolvementRow.id))
    )


@cache
def together_with_each() -> Select[str, str]:
    """Return, by each of these ``references``, the references of the involvements of its episode."""
    own = aliased(InvolvementRow)
    return (
        select(col(own.ref), col(InvolvementRow.ref))
        .join(own, col(own.episode_id) == col(InvolvementRow.episode_id))
        .where(col(own.ref).in_(bindparam("references", expanding=True)))
        .order_by(col(InvolvementRow.id))
    )


@cache
def open_to() -> Select[str]:
    """Return the references of those on which this ``user`` is named."""
    return (
        select(col(InvolvementRow.ref))
        .join(CaseMemberRow, col(CaseMemberRow.involvement_id) == col(InvolvementRow.id))
        .where(col(CaseMemberRow.user_name) == bindparam("user"))
    )


@cache
def open_to_among() -> Select[str]:
    """Build the same of those that are among these ``references``: from the cases to the people on each.

    The other way round the database reads every case on which somebody is named, and one may be on most.
    """
    named = exists().where(
        col(CaseMemberRow.involvement_id) == col(InvolvementRow.id),
        col(CaseMemberRow.user_name) == bindparam("user"),
    )
    return select(col(InvolvementRow.ref)).where(
        col(InvolvementRow.ref).in_(bindparam("references", expanding=True)), named
    )


@cache
def connected() -> Select[str, bool]:
    """Return the declarations of this ``user``'s connection with the parties of each, the newest last."""
    return (
        select(col(InvolvementRow.ref), col(ConnectionRow.is_connected))
        .join(InvolvementRow, col(InvolvementRow.id) == col(ConnectionRow.involvement_id))
        .where(col(ConnectionRow.user_name) == bindparam("user"))
        .order_by(col(ConnectionRow.id))
    )


@cache
def connected_among() -> Select[str, str, bool]:
    """Return the same of these ``users``, by user."""
    return (
        select(col(ConnectionRow.user_name), col(InvolvementRow.ref), col(ConnectionRow.is_connected))
        .join(InvolvementRow, col(InvolvementRow.id) == col(ConnectionRow.involvement_id))
        .where(col(ConnectionRow.user_name).in_(bindparam("users", expanding=True)))
        .order_by(col(ConnectionRow.id))
    )


@cache
def people_on() -> Select[str]:
    """Return the people who may open the case ``reference``, by name."""
    return (
        select(col(CaseMemberRow.user_name))
        .join(InvolvementRow, col(InvolvementRow.id) == col(CaseMemberRow.involvement_id))
        .where(col(InvolvementRow.ref) == bindparam("reference"))
        .order_by(col(CaseMemberRow.user_name))
    )
