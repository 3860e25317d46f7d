"""What of the record takes part for one viewer, as conditions of a query: cut before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import col

from engine.store.repositories.restricted import not_restricted
from engine.store.tables.cases import CaseMemberRow, InvolvementRow


@dataclass(frozen=True, slots=True)
class MayKnow:
    """What of the record takes part for one viewer.

    ``user`` None knows of restricted cases too; ``named_on`` cuts to the cases that name this person;
    ``without`` are those that do not exist for a person who is connected to a party.
    """

    user: str | None
    named_on: str | None = None
    without: frozenset[str] = frozenset()

    def of(self, number: Any) -> list[ColumnElement[bool]]:
        """The conditions on an involvement's inner number."""
        conditions: list[ColumnElement[bool]] = []
        if self.user is not None:
            conditions.append(or_(not_restricted(number), number.in_(_cases_of(self.user))))
        if self.named_on is not None:
            conditions.append(number.in_(_cases_of(self.named_on)))
        if self.without:
            shut = select(col(InvolvementRow.id)).where(col(InvolvementRow.ref).in_(sorted(self.without)))
            conditions.append(number.not_in(shut))
        return conditions


EVERYTHING = MayKnow(user=None)


def _cases_of(user: str) -> Select[int]:
    return select(col(CaseMemberRow.involvement_id)).where(col(CaseMemberRow.user_name) == user)
