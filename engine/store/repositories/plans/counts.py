"""Counts over the plans that a viewer may see: the database counts, and of a plan one short row is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, Row, cast, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.store.among import among
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.due import DueRow
from engine.store.tables.plans import ActionVersionRow


class ActionsCounted(NamedTuple):
    """So many actions of one agency that are alike, and how many of them began to be so lately."""

    whom: str
    version: str
    due_at: datetime | None
    number: int
    lately: int


class OpenAction(NamedTuple):
    """An open action: they sort by their date, a text."""

    due: str
    reference: str
    case: str
    owner: str
    owner_user: str | None


_REFERENCE = len("A-7K3M9QV")
_DATE = slice(_REFERENCE + 1, _REFERENCE + 1 + len("2026-12-31"))
_CONTENT = _DATE.stop + 2
"""The place where the number of the content begins, counted from 1."""


def action_code(reference: str, due: date, content: int) -> str:
    """Return what the row of an action is about: the action, its date and the number of its content."""
    return f"{reference} {due} {content}"


class PlanCounts:
    """Counts rows of what waits by plan and by action."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def plans(
        self, kind: str, may_see: VisibilityFilter, *, states: Collection[State]
    ) -> Sequence[Row[int, str, str, bool]]:
        """Return the number, the case and the row of each plan in these states that the viewer may see.

        The last says if they may only by a row that names them.
        """
        number = col(DueRow.involvement_id)
        query = (
            select(number, col(InvolvementRow.ref), col(DueRow.version), may_see.rests_on_name(number))
            .join(InvolvementRow, col(InvolvementRow.id) == number)
            .where(*_visible(kind, may_see, states))
        )
        return self._session.connection().execute(query).all()

    def actions(self, kind: str, numbers: Collection[int], *, since: datetime) -> Iterator[ActionsCounted]:
        """Yield how many actions of these cases are alike: by agency, by what their rows say, by due time."""
        alike = (col(DueRow.whom), col(DueRow.version), col(DueRow.due_at))
        query = (
            select(*alike, func.count(), func.count().filter(col(DueRow.since) >= since))
            .where(*_of(kind, numbers))
            .group_by(*alike)
        )
        yield from map(ActionsCounted._make, self._session.connection().execute(query))

    def open_actions(
        self, kind: str, may_see: VisibilityFilter, *, states: Collection[State], whom: str
    ) -> Iterator[OpenAction]:
        """Yield the open actions that ``whom`` has on the cases that the viewer may see, with their owners.

        A row is about the action, its date and the number of its content (``action_code``).
        """
        about = col(DueRow.about)
        query = (
            select(
                col(InvolvementRow.ref),
                about,
                col(ActionVersionRow.owner),
                col(ActionVersionRow.owner_user),
            )
            .join_from(DueRow, InvolvementRow, col(InvolvementRow.id) == col(DueRow.involvement_id))
            .join(ActionVersionRow, col(ActionVersionRow.id) == cast(func.substr(about, _CONTENT), Integer))
            .where(
                *_visible(kind, may_see, states), col(DueRow.whom) == whom, col(DueRow.due_at).is_not(None)
            )
        )
        for case, code, owner, owner_user in self._session.connection().execute(query).all():
            yield OpenAction(code[_DATE], code[:_REFERENCE], case, owner, owner_user)

    def about_each(
        self, kind: str, numbers: Collection[int], *, whom: str, at: datetime
    ) -> dict[int, tuple[str, ...]]:
        """Return by case of these what its rows of a kind for ``whom`` are about that apply at a moment."""
        starts, ends = col(DueRow.starts), col(DueRow.ends)
        query = select(col(DueRow.involvement_id), col(DueRow.about)).where(
            *_of(kind, numbers),
            col(DueRow.whom) == whom,
            or_(starts.is_(None), starts <= at),
            or_(ends.is_(None), ends >= at),
        )
        found: dict[int, list[str]] = {}
        for number, about in self._session.connection().execute(query).all():
            found.setdefault(number, []).append(about)
        return {number: tuple(sorted(of)) for number, of in found.items()}

    def with_others_of_episode(
        self, numbers: Collection[int], there: VisibilityFilter
    ) -> Sequence[Row[str, str, bool]]:
        """Return these cases with each other case of their episode that is in this part of the record.

        The last says if the other is there only by a row that names the viewer.
        """
        one, other = aliased(InvolvementRow), aliased(InvolvementRow)
        query = (
            select(col(one.ref), col(other.ref), there.rests_on_name(col(other.id)))
            .join(other, col(other.episode_id) == col(one.episode_id))
            .where(
                among(col(one.id), numbers),
                col(other.id) != col(one.id),
                *there.of_each(col(other.id)),
            )
        )
        return self._session.connection().execute(query).all()


def _visible(kind: str, may_see: VisibilityFilter, states: Collection[State]) -> list[ColumnElement[bool]]:
    """Return the conditions on rows of a kind that the viewer may see, for a query that joins their case.

    The state is an expression: by its index the database would read all cases in these states.
    """
    return [
        col(DueRow.kind) == kind,
        col(InvolvementRow.state).concat("").in_(sorted(state.value for state in states)),
        *may_see.of_each(col(DueRow.involvement_id)),
    ]


def _of(kind: str, numbers: Collection[int]) -> list[ColumnElement[bool]]:
    """Return the conditions on rows of a kind of these cases."""
    return [among(col(DueRow.involvement_id), numbers), col(DueRow.kind) == kind]
