"""Part of the record that one viewer can see, as conditions of a query: cut before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, or_, select
from sqlmodel import Session, col

from engine.store.repositories.access.restrictions import not_restricted, restricted_involvements
from engine.store.tables.cases.involvements import CaseMemberRow, InvolvementRow

FEW = 1_000


@dataclass(frozen=True, slots=True)
class VisibilityFilter:
    """Part of the record that one viewer can see.

    ``user`` None knows of restricted cases too; ``named_on`` cuts to the cases that name this person;
    ``without`` are those that do not exist for a person who is connected to a party.
    """

    user: str | None
    named_on: str | None = None
    without: frozenset[str] = frozenset()

    def of(self, number: SQLColumnExpression[int | None]) -> list[ColumnElement[bool]]:
        """Return the conditions on an involvement's inner number."""
        conditions: list[ColumnElement[bool]] = []
        if self.user is not None:
            conditions.append(or_(not_restricted(number), number.in_(_cases_of(self.user))))
        if self.named_on is not None:
            conditions.append(number.in_(_cases_of(self.named_on)))
        if self.without:
            shut = select(col(InvolvementRow.id)).where(col(InvolvementRow.ref).in_(sorted(self.without)))
            conditions.append(number.not_in(shut))
        return conditions


EVERYTHING = VisibilityFilter(user=None)
NO_RESTRICTED_CASE = VisibilityFilter(user="")
"""The cases that figures over all cases count."""


@dataclass(frozen=True, slots=True)
class ExcludedCaseIds:
    """The same cut with its few shut cases as numbers: read once, and not again for every key."""

    shut: frozenset[int]
    named_on: str | None

    def of(self, number: SQLColumnExpression[int | None]) -> list[ColumnElement[bool]]:
        """Return the conditions on an involvement's inner number."""
        conditions: list[ColumnElement[bool]] = [number.not_in(sorted(self.shut))] if self.shut else []
        if self.named_on is not None:
            conditions.append(number.in_(_cases_of(self.named_on)))
        return conditions


def few_shut(session: Session, may_know: VisibilityFilter) -> VisibilityFilter | ExcludedCaseIds:
    """Return the cut with numbers where they are few, else as it is."""
    shut: set[int] = set()
    if may_know.user is not None:
        restricted = session.execute(restricted_involvements().limit(FEW + 1)).scalars()
        shut = {int(number or 0) for number in restricted}
        if len(shut) > FEW:
            return may_know
        if shut:
            named = _cases_of(may_know.user).where(col(CaseMemberRow.involvement_id).in_(sorted(shut)))
            shut -= set(session.execute(named).scalars())
    if may_know.without:
        wanted = select(col(InvolvementRow.id)).where(col(InvolvementRow.ref).in_(sorted(may_know.without)))
        shut |= {int(number or 0) for number in session.execute(wanted).scalars()}
    return ExcludedCaseIds(frozenset(shut), may_know.named_on)


def _cases_of(user: str) -> Select[int]:
    return select(col(CaseMemberRow.involvement_id)).where(col(CaseMemberRow.user_name) == user)
