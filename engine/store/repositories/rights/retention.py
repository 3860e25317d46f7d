"""Stored decisions on retention and erasure, and certificates. Decides nothing and erases nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, select, union
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.domain.responses.answers import Stage
from engine.domain.rights.retention import (
    Certificate,
    ErasedRow,
    ErasureGround,
    RetentionAct,
    RetentionDecision,
)
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.agency_outcomes import OutcomeReturnRow
from engine.store.tables.base import Row, table_of
from engine.store.tables.cases.involvements import InvolvementRow, MoveRow
from engine.store.tables.responses.answers import AnswerRow, RequestRow
from engine.store.tables.rights.retention import ErasedRowRow, ErasureRow, RetentionWordRow
from engine.store.tables.victims_outcomes import VictimDescriptionRow, VictimOutcomeRow

_AT_ONCE = 500
BESIDE_ANSWERS = (OutcomeReturnRow, VictimDescriptionRow, VictimOutcomeRow)
"""The tables beside answers whose rows give an agency a part. They say so themselves, and a test compares: to
load every table for that would cost each command that records something 0.4 s.
"""


class Retention:
    """Store of retention decisions, and of what was erased."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def say(self, decision: RetentionDecision) -> None:
        """Add a decision. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            RetentionWordRow(
                involvement_id=involvement_id(self._session, decision.involvement),
                owner=decision.owner,
                act=decision.act.value,
                why=decision.why,
                review_on=decision.review_on,
                by=decision.by,
                at=decision.at,
            )
        )
        self._session.flush()

    def words(self, references: Sequence[str]) -> tuple[RetentionDecision, ...]:
        """Return the decisions on these involvements, oldest first."""
        found: list[RetentionDecision] = []
        for start in range(0, len(references), _AT_ONCE):
            rows = self._session.execute(
                select(RetentionWordRow, col(InvolvementRow.ref))
                .join(InvolvementRow, col(InvolvementRow.id) == col(RetentionWordRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(references[start : start + _AT_ONCE]))
                .order_by(col(RetentionWordRow.id))
            ).all()
            found += [
                RetentionDecision(
                    involvement=reference,
                    owner=row.owner,
                    act=RetentionAct(row.act),
                    why=row.why,
                    review_on=row.review_on,
                    by=row.by,
                    at=row.at,
                )
                for row, reference in rows
            ]
        return tuple(found)

    def ended_at(self, references: Sequence[str]) -> dict[str, datetime]:
        """Return when each of these that is closed was closed."""
        found: dict[str, datetime] = {}
        for start in range(0, len(references), _AT_ONCE):
            rows = self._session.execute(
                select(col(InvolvementRow.ref), func.max(MoveRow.at))
                .join(MoveRow, col(MoveRow.involvement_id) == col(InvolvementRow.id))
                .where(
                    col(InvolvementRow.ref).in_(references[start : start + _AT_ONCE]),
                    # An expression: SQLite would read its index of states, so every closed case.
                    col(InvolvementRow.state).concat("") == State.CLOSED.value,
                    col(MoveRow.after) == State.CLOSED.value,
                )
                .group_by(col(InvolvementRow.ref))
            ).all()
            found |= {str(reference): at for reference, at in rows}
        return found

    def owners(self, references: Sequence[str]) -> dict[str, dict[str, bool]]:
        """Return the agencies that have a part of each, and whether any of its answers was released.

        One that only returned outcomes has one too, which its own people see. What an agency found on arrival
        makes none: only the agency knows of it, and it goes with the referral too.
        """
        found: dict[str, dict[str, bool]] = {}
        for start in range(0, len(references), _AT_ONCE):
            among = col(InvolvementRow.ref).in_(references[start : start + _AT_ONCE])
            answered = (
                select(col(InvolvementRow.ref), col(RequestRow.agency), col(AnswerRow.stage))
                .join(RequestRow, col(RequestRow.involvement_id) == col(InvolvementRow.id))
                .join(AnswerRow, col(AnswerRow.request_id) == col(RequestRow.id))
                .where(among)
            )
            beside = (
                select(col(InvolvementRow.ref), col(table.agency), literal(""))
                .join(table, col(table.involvement_id) == col(InvolvementRow.id))
                .where(among, *_that_count(table))
                for table in BESIDE_ANSWERS
            )
            rows = self._session.execute(union(answered, *beside)).all()
            for reference, agency, stage in rows:
                of_case = found.setdefault(reference, {})
                of_case[agency] = of_case.get(agency, False) or stage == Stage.RELEASED.value
        return found

    def new_certificate(self) -> str:
        """Return a reference for a certificate that is not in use."""
        return unused_references(self._session, "erasure", col(ErasureRow.ref), 1)[0]

    def certify(self, certificate: Certificate) -> None:
        """Store a certificate with the envelope of each row.

        Raises NotFoundError if the referral does not exist.
        """
        row = ErasureRow(
            ref=certificate.reference,
            involvement_id=involvement_id(self._session, certificate.involvement),
            owner=certificate.owner,
            ground=certificate.ground.value,
            schedule=certificate.schedule,
            why=certificate.why,
            decided_by=certificate.decided_by,
            by=certificate.by,
            role=certificate.role,
            protected_values=certificate.protected_values,
            at=certificate.at,
        )
        self._session.add(row)
        self._session.flush()
        self._session.add_all(
            ErasedRowRow(
                erasure_id=row.id or 0,
                table=each.table,
                row_number=each.row,
                kind=each.kind,
                digest=each.digest,
                dated=each.dated,
            )
            for each in certificate.rows
        )
        self._session.flush()

    def certificates(self, references: Sequence[str]) -> tuple[Certificate, ...]:
        """Return the certificates of these involvements, oldest first."""
        found: list[Certificate] = []
        for start in range(0, len(references), _AT_ONCE):
            rows = self._session.execute(
                select(ErasureRow, col(InvolvementRow.ref))
                .join(InvolvementRow, col(InvolvementRow.id) == col(ErasureRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(references[start : start + _AT_ONCE]))
                .order_by(col(ErasureRow.id))
            ).all()
            found += [
                Certificate(
                    reference=row.ref,
                    involvement=reference,
                    owner=row.owner,
                    ground=ErasureGround(row.ground),
                    schedule=row.schedule,
                    why=row.why,
                    decided_by=row.decided_by,
                    by=row.by,
                    role=row.role,
                    at=row.at,
                    rows=self._rows(row.id or 0),
                    protected_values=row.protected_values,
                )
                for row, reference in rows
            ]
        return tuple(found)

    def _rows(self, erasure: int) -> tuple[ErasedRow, ...]:
        rows = self._session.execute(
            select(ErasedRowRow).where(col(ErasedRowRow.erasure_id) == erasure).order_by(col(ErasedRowRow.id))
        ).scalars()
        return tuple(
            ErasedRow(table=r.table, row=r.row_number, kind=r.kind, digest=r.digest, dated=r.dated)
            for r in rows
        )


def _that_count(table: type[Row]) -> list[ColumnElement[bool]]:
    """Return the condition on a row that gives its agency a part; none where every row does."""
    where = table.rows.asked_where
    return [table_of(table).c[where[0]] == where[1]] if where else []
