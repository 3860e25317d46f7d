"""Part of the record that one viewer can see, as conditions of a query: cut before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, false, not_, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.domain.cases.lifecycle import State
from engine.store.among import among
from engine.store.repositories.access.restrictions import is_restricted_itself, not_restricted
from engine.store.tables.cases.involvements import CaseMemberRow, InvolvementRow


@dataclass(frozen=True, slots=True)
class VisibilityFilter:
    """Part of the record that one viewer can see.

    ``user`` None knows of restricted cases too; ``named_on`` cuts to the cases that name this person, but not
    by a row of ``unproven``, which the software did not write so; ``without`` are those that do not exist for
    a person who is connected to a party; ``screened_only`` leaves out those that no person has screened.
    """

    user: str | None
    named_on: str | None = None
    unproven: frozenset[int] = frozenset()
    without: frozenset[str] = frozenset()
    screened_only: bool = False

    def of(self, number: SQLColumnExpression[int | None]) -> list[ColumnElement[bool]]:
        """Return the conditions on an involvement's inner number."""
        conditions: list[ColumnElement[bool]] = []
        if self.user is not None:
            conditions.append(or_(not_restricted(number), number.in_(self._cases_of(self.user))))
        if self.named_on is not None:
            conditions.append(number.in_(self._cases_of(self.named_on)))
        if self.without:
            shut = select(col(InvolvementRow.id)).where(among(col(InvolvementRow.ref), sorted(self.without)))
            conditions.append(number.not_in(shut))
        if self.screened_only:
            conditions.append(_is_screened(number))
        return conditions

    def of_each(self, number: SQLColumnExpression[int | None]) -> list[ColumnElement[bool]]:
        """Return the same conditions for a query that other conditions cut to a few cases.

        Its cost is by case: no list is made of all that are restricted, name this viewer, or are shut.
        """
        conditions: list[ColumnElement[bool]] = []
        if self.user not in (None, self.named_on):  # each case that names them they know, restricted or not
            conditions.append(or_(not_(is_restricted_itself(number)), self._names(number, self.user)))
        if self.named_on is not None:
            conditions.append(self._names(number, self.named_on))
        if self.without:
            one = aliased(InvolvementRow)
            shut = exists().where(col(one.id) == number, among(col(one.ref), sorted(self.without)))
            conditions.append(not_(shut))
        if self.screened_only:
            conditions.append(_is_screened(number))
        return conditions

    def rests_on_name(self, number: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
        """Return whether a case is here only by a row that names the viewer: its check is to be made.

        For a query of few cases by a part "before proof", whose caller leaves out those without a proven row.
        """
        if self.named_on is not None:
            return true()
        return is_restricted_itself(number) if self.user is not None else false()

    def _names(self, number: SQLColumnExpression[int | None], user: str) -> ColumnElement[bool]:
        member = _member()
        named = exists().where(col(member.involvement_id) == number, col(member.user_name) == user)
        return named.where(col(member.id).not_in(self.unproven)) if self.unproven else named

    def _cases_of(self, user: str) -> Select[int]:
        named = select(col(CaseMemberRow.involvement_id)).where(col(CaseMemberRow.user_name) == user)
        return named.where(col(CaseMemberRow.id).not_in(self.unproven)) if self.unproven else named


EVERYTHING = VisibilityFilter(user=None)
NO_RESTRICTED_CASE = VisibilityFilter(user="")
"""The cases that figures over all cases count."""


def _is_screened(number: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    one = aliased(InvolvementRow)
    return exists().where(col(one.id) == number, col(one.state) != State.NOT_SCREENED.value)


@cache
def _member() -> type[CaseMemberRow]:
    return aliased(CaseMemberRow)
