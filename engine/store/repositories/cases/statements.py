"""Statements about involvements, each built once in a process.

Building a statement takes up to ten times as long as running it. Terms in ``ticks`` are its parameters.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TypeAlias

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, cast, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.domain.cases.involvement import Involvement
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.store.among import among_parameter
from engine.store.granting import with_check
from engine.store.repositories.access.restrictions import restricted_involvements
from engine.store.tables.access import ConnectionRow
from engine.store.tables.cases.involvements import CaseMemberRow, ConferenceRow, EpisodeRow, InvolvementRow
from engine.store.tables.system.row_checks import RowCheckRow

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
def conferences_opened() -> Select[*tuple[object, ...]]:
    """Return the openings of conferences on the involvement of the number ``case``, each with its check."""
    return with_check(ConferenceRow).where(col(ConferenceRow.involvement_id) == bindparam("case"))


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
def open_to() -> Select[*tuple[object, ...]]:
    """Return the rows that name this ``user`` on a case, each with its check and the case's reference."""
    return (
        with_check(CaseMemberRow)
        .add_columns(col(InvolvementRow.ref))
        .join(InvolvementRow, col(InvolvementRow.id) == col(CaseMemberRow.involvement_id))
        .where(col(CaseMemberRow.user_name) == bindparam("user"))
    )


@cache
def named_on_restricted() -> Select[*tuple[object, ...]]:
    """Return the same of the restricted cases: of a person who is on most cases those are few."""
    return open_to().where(col(CaseMemberRow.involvement_id).in_(restricted_involvements()))


@cache
def named_in_text(*, only_restricted: bool) -> Select[str | None]:
    """Return all these rows of a ``user``, with their checks, as one text: no two sets of rows have the same.

    For a person who is on many cases it takes a twentieth of the time of the rows themselves.
    """
    its_check = and_(
        col(RowCheckRow.table) == "case_member", col(RowCheckRow.row_number) == col(CaseMemberRow.id)
    )
    whole: ColumnElement[str] = cast(col(CaseMemberRow.id), String)
    for column in (
        cast(col(CaseMemberRow.involvement_id), String),
        cast(col(CaseMemberRow.at), String),
        func.length(col(CaseMemberRow.named_by)).concat(":").concat(col(CaseMemberRow.named_by)),
        func.coalesce(col(RowCheckRow.keyed_check), ""),
    ):
        whole = whole.concat(",").concat(column)
    named = (
        select(func.aggregate_strings(whole, ";"))
        .select_from(CaseMemberRow)
        .outerjoin(RowCheckRow, its_check)
        .where(col(CaseMemberRow.user_name) == bindparam("user"))
    )
    if only_restricted:
        return named.where(col(CaseMemberRow.involvement_id).in_(restricted_involvements()))
    return named


@cache
def open_to_among(*, few: bool) -> Select[*tuple[object, ...]]:
    """Build the same of these ``references``, or of these ``few``, with no row where the user is not named.

    From the cases to the people on each: the other way round the database reads every case on which somebody
    is named, and one may be on most.
    """
    named = and_(
        col(CaseMemberRow.involvement_id) == col(InvolvementRow.id),
        col(CaseMemberRow.user_name) == bindparam("user"),
    )
    return (
        with_check(CaseMemberRow)
        .add_columns(col(InvolvementRow.ref))
        .select_from(InvolvementRow)
        .outerjoin(CaseMemberRow, named)
        .where(among_parameter(col(InvolvementRow.ref), "references", few=few))
    )


@cache
def connected() -> Select[*tuple[object, ...]]:
    """Return the declarations of this ``user``'s connection with the parties of each, the newest last.

    Each with its check and the reference.
    """
    return (
        with_check(ConnectionRow)
        .add_columns(col(InvolvementRow.ref))
        .join(InvolvementRow, col(InvolvementRow.id) == col(ConnectionRow.involvement_id))
        .where(col(ConnectionRow.user_name) == bindparam("user"))
        .order_by(col(ConnectionRow.id))
    )


@cache
def connected_among() -> Select[*tuple[object, ...]]:
    """Return the same of these ``users``."""
    return (
        with_check(ConnectionRow)
        .add_columns(col(InvolvementRow.ref))
        .join(InvolvementRow, col(InvolvementRow.id) == col(ConnectionRow.involvement_id))
        .where(col(ConnectionRow.user_name).in_(bindparam("users", expanding=True)))
        .order_by(col(ConnectionRow.id))
    )


@cache
def names_on() -> Select[*tuple[object, ...]]:
    """Return the rows that name ``user`` on the case ``reference``, each with its check."""
    return people_on().where(col(CaseMemberRow.user_name) == bindparam("user"))


@cache
def people_on() -> Select[*tuple[object, ...]]:
    """Return the rows that name a person on the case ``reference``, by name, each with its check."""
    return (
        with_check(CaseMemberRow)
        .join(InvolvementRow, col(InvolvementRow.id) == col(CaseMemberRow.involvement_id))
        .where(col(InvolvementRow.ref) == bindparam("reference"))
        .order_by(col(CaseMemberRow.user_name))
    )


Columns: TypeAlias = Row[int | None, str, str, str, str, str | None, datetime, int, str, str]
Values: TypeAlias = tuple[int | None, str, str, str, str, str | None, datetime, int, str, str]
NOT_THERE: Values = (
    0,
    "R-0000000",
    "none",
    "none",
    State.NOT_SCREENED.value,
    None,
    datetime(2020, 1, 1, tzinfo=UTC),
    1,
    "E-0000000",
    "E-0000000",
)
"""A row in place of one that is missing: it takes as long as one of a case that is not open."""


def involvement(row: Columns | Values) -> Involvement:
    """Return the involvement of one row."""
    _, reference, source, source_reference, state, outcome, received_at, version, episode, own = row
    return Involvement(
        reference=reference,
        episode=episode,
        own_episode=own,
        source=source,
        source_reference=source_reference,
        state=State(state),
        triage_outcome=TriageOutcome(outcome) if outcome else None,
        received_at=received_at,
        version=version,
    )
