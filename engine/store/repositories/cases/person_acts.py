"""Acts of other cases that a coordinator or chair shared with a panel; the newest step applies."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from engine.domain.accounts.acting import Role
from engine.domain.cases.person_acts import ActsShared, ActsToShare
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.cases.person_acts import ActsSharedRow


class SharingStep(NamedTuple):
    """One sharing or withdrawal of acts, by whom and when."""

    is_shared: bool
    by: str
    at: datetime


class SharedActs:
    """Adds steps of sharing, and reads what is shared now."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def share(
        self, case: str, content: ActsToShare, *, role: Role, why: str, by: str, at: datetime
    ) -> ActsShared:
        """Store what is shared from now on. Raises NotFoundError if the referral does not exist."""
        self._add(case, content.model_dump(mode="json"), role=role, why=why, by=by, at=at)
        return ActsShared(content=content, by=by, role=role.label, at=at)

    def withdraw(self, case: str, *, role: Role, why: str, by: str, at: datetime) -> None:
        """Store that nothing is shared any more. Raises NotFoundError if the referral does not exist."""
        self._add(case, None, role=role, why=why, by=by, at=at)

    def of(self, case: str) -> ActsShared | None:
        """Return what is shared with the panel of this case; None where nothing is, or it was erased."""
        row = self._session.connection().execute(_newest(), {"case": case}).one_or_none()
        if row is None or row.content is None:
            return None
        return ActsShared(
            content=ActsToShare.model_validate(row.content), by=row.by, role=Role(row.role).label, at=row.at
        )

    def steps(self, case: str) -> tuple[SharingStep, ...]:
        """Return every step on this case, in order; an erased one too."""
        step = ActsSharedRow
        query = (
            select(col(step.is_shared), col(step.by), col(step.at))
            .join(InvolvementRow, col(InvolvementRow.id) == col(step.involvement_id))
            .where(col(InvolvementRow.ref) == case)
            .order_by(col(step.id))
        )
        return tuple(SharingStep(*row) for row in self._session.connection().execute(query))

    def _add(
        self, case: str, content: dict[str, object] | None, *, role: Role, why: str, by: str, at: datetime
    ) -> None:
        self._session.add(
            ActsSharedRow(
                involvement_id=involvement_id(self._session, case),
                is_shared=content is not None,
                content=content,
                role=role.value,
                why=why,
                by=by,
                at=at,
            )
        )
        self._session.flush()


@cache
def _newest() -> Select[dict[str, object] | None, str, str, datetime]:
    """Build the statement once: it is read with each case."""
    step = ActsSharedRow
    return (
        select(col(step.content), col(step.role), col(step.by), col(step.at))
        .join(InvolvementRow, col(InvolvementRow.id) == col(step.involvement_id))
        .where(col(InvolvementRow.ref) == bindparam("case"))
        .order_by(col(step.id).desc())
        .limit(1)
    )
