"""People named last on a case, as its safe-contact officer or as its investigation lead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sqlmodel import Session, col

from engine.store.granting import proven, with_check
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.reviews import InvestigationLeadRow
from engine.store.tables.vault.openings import SafeContactOfficerRow

_AT_ONCE = 500
NamedLast: TypeAlias = tuple[int, str]
"""A number that grows from one naming to the next, and the user who was named."""


def named_last(
    session: Session, rows_of: type[SafeContactOfficerRow | InvestigationLeadRow], references: Sequence[str]
) -> dict[str, NamedLast]:
    """Return by involvement who was named last; whether this person is still on the case, others decide."""
    found: dict[str, NamedLast] = {}
    for start in range(0, len(references), _AT_ONCE):
        rows = session.connection().execute(
            with_check(rows_of)
            .add_columns(col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(rows_of.involvement_id))
            .where(col(InvolvementRow.ref).in_(references[start : start + _AT_ONCE]))
            .order_by(col(rows_of.id))
        )
        found |= {row.ref: (int(row.id), row.user_name) for row in proven(session, rows_of, rows)}
    return found
