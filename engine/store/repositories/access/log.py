"""Access log of a case: the audit chain read by its case index. Only reads."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, select
from sqlmodel import Session, col

from engine.domain.access.need_to_know import AccessLogEntry
from engine.domain.accounts.acting import Role
from engine.domain.system.audit import MAIN_STREAM, canonical
from engine.store.tables.cases.involvements import CaseMemberRow, InvolvementRow
from engine.store.tables.system.audit import AuditCaseRow, AuditEntryRow


@dataclass(frozen=True)
class LookedAt:
    """One viewing by one person, in the detail that is counted."""

    reference: str
    user: str
    at: datetime


class Looks:
    """Reads the entries that touched a case."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def at(
        self, reference: str, *, first: int, count: int, named: Collection[str]
    ) -> tuple[tuple[AccessLogEntry, ...], int]:
        """Return so many entries that touched this involvement, newest first, and the number of all."""
        of_case = and_(
            col(AuditCaseRow.stream) == MAIN_STREAM, col(AuditCaseRow.involvement_ref) == reference
        )
        total = self._session.execute(
            select(func.count()).select_from(AuditCaseRow).where(of_case)
        ).scalar_one()
        bodies = self._session.execute(
            select(col(AuditEntryRow.body))
            .join(AuditCaseRow, _same_entry())
            .where(of_case)
            .order_by(col(AuditCaseRow.sequence).desc())
            .offset(first)
            .limit(count)
        ).scalars()
        return tuple(_look(json.loads(body), named) for body in bodies), int(total)

    def without_being_named(
        self, users: Sequence[str], *, what: str, since: datetime
    ) -> tuple[LookedAt, ...]:
        """Return the actions of this kind by these people since then, on cases that do not name them."""
        if not users:
            return ()
        # First the entries, by their index of user and time. SQLite has no statistics: with the stream as a
        # constant in here it would begin with all entries of the stream.
        there = (
            select(
                col(AuditEntryRow.stream),
                col(AuditEntryRow.sequence),
                col(AuditEntryRow.user_name),
                col(AuditEntryRow.at),
            )
            .where(
                col(AuditEntryRow.user_name).in_(list(users)),
                col(AuditEntryRow.at) >= since,
                col(AuditEntryRow.body).contains(_body_part(what), autoescape=True),
            )
            .cte("entries")
            .prefix_with("MATERIALIZED")
        )
        member = select(literal(1)).where(
            col(CaseMemberRow.involvement_id) == col(InvolvementRow.id),
            col(CaseMemberRow.user_name) == there.c.user_name,
        )
        rows = self._session.execute(
            select(col(AuditCaseRow.involvement_ref), there.c.user_name, there.c.at)
            .select_from(there)
            .join(
                AuditCaseRow,
                and_(
                    col(AuditCaseRow.stream) == there.c.stream, col(AuditCaseRow.sequence) == there.c.sequence
                ),
            )
            .join(InvolvementRow, col(InvolvementRow.ref) == col(AuditCaseRow.involvement_ref))
            .where(there.c.stream == MAIN_STREAM, ~member.exists())
            .order_by(there.c.sequence)
        ).all()
        return tuple(LookedAt(*row) for row in rows)

    def has_worked_on(self, user: str, reference: str, *, apart_from: str) -> bool:
        """Return whether this person has done anything else on an involvement."""
        found: Select[str] = (
            select(col(AuditEntryRow.hash))
            .join(AuditCaseRow, _same_entry())
            .where(
                col(AuditCaseRow.stream) == MAIN_STREAM,
                col(AuditCaseRow.involvement_ref) == reference,
                col(AuditEntryRow.user_name) == user,
                ~col(AuditEntryRow.body).contains(_body_part(apart_from), autoescape=True),
                ~col(AuditEntryRow.body).contains(_body_part("see who may know"), autoescape=True),
            )
            .limit(1)
        )
        return self._session.execute(found).first() is not None


def _same_entry() -> ColumnElement[bool]:
    return and_(
        col(AuditEntryRow.stream) == col(AuditCaseRow.stream),
        col(AuditEntryRow.sequence) == col(AuditCaseRow.sequence),
    )


def _body_part(what: str) -> str:
    """Return a part of a canonical body.

    Nothing else in one reads the same, since quotes in texts are escaped.
    """
    return canonical({"what": what})[1:-1]


def _look(body: dict[str, str | None], named: Collection[str]) -> AccessLogEntry:
    user = body["user"]
    return AccessLogEntry.model_validate(
        {
            "at": body["at"],
            "user": user,
            "role": Role(body["role"] or ""),
            "agency": body["agency"],
            "purpose": body["purpose"],
            "on_behalf_of": body["on_behalf_of"],
            "what": body["what"],
            "is_named": user in named,
        }
    )
