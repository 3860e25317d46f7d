"""Counts over the whole record. A restricted case is in none of them, for any viewer."""

from __future__ import annotations

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import TriageOutcome
from engine.store.repositories.access.restrictions import not_restricted, restricted_involvements
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import DecisionRow, DissentRow
from engine.store.tables.outcomes import OutcomeRow
from engine.store.tables.plans import ActionRow
from engine.store.tables.system.audit import AuditCaseRow, AuditEntryRow
from engine.store.tables.system.outbox import OutboxRow


class Counts:
    """Counts of each kind of record, the same for every viewer."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_triage(self) -> dict[TriageOutcome | None, int]:
        """Return the number of involvements by triage outcome."""
        rows = self._session.execute(
            select(col(InvolvementRow.triage_outcome), func.count())
            .where(not_restricted(col(InvolvementRow.id)))
            .group_by(col(InvolvementRow.triage_outcome))
        ).all()
        return {TriageOutcome(outcome) if outcome else None: int(count) for outcome, count in rows}

    def references(self) -> tuple[str, ...]:
        """Return the involvements that are counted."""
        return tuple(
            self._session.execute(
                select(col(InvolvementRow.ref))
                .where(not_restricted(col(InvolvementRow.id)))
                .order_by(col(InvolvementRow.id))
            ).scalars()
        )

    def decisions(self) -> int:
        """Return the number of decisions."""
        return self._one(
            select(func.count())
            .select_from(DecisionRow)
            .where(not_restricted(col(DecisionRow.involvement_id)))
        )

    def dissents(self) -> int:
        """Return the number of decisions that have dissent."""
        return self._one(
            select(func.count(func.distinct(DissentRow.decision_id)))
            .join(DecisionRow, col(DecisionRow.id) == col(DissentRow.decision_id))
            .where(not_restricted(col(DecisionRow.involvement_id)))
        )

    def actions(self) -> int:
        """Return the number of actions."""
        return self._one(
            select(func.count()).select_from(ActionRow).where(not_restricted(col(ActionRow.involvement_id)))
        )

    def outcomes(self) -> int:
        """Return the number of findings."""
        return self._one(
            select(func.count()).select_from(OutcomeRow).where(not_restricted(col(OutcomeRow.involvement_id)))
        )

    def flows_waiting(self) -> int:
        """Return the number of flows that wait to be run."""
        cases = select(col(InvolvementRow.ref)).where(col(InvolvementRow.id).in_(restricted_involvements()))
        decisions = select(col(DecisionRow.ref)).where(
            col(DecisionRow.involvement_id).in_(restricted_involvements())
        )
        return self._one(
            select(func.count())
            .select_from(OutboxRow)
            .where(
                col(OutboxRow.done_at).is_(None),
                col(OutboxRow.subject).not_in(cases),
                col(OutboxRow.subject).not_in(decisions),
            )
        )

    def hidden_entries(self) -> int:
        """Return the number of audit entries that touched restricted cases and no other.

        An attempt at emergency access is not among them: it counts alike at a case that does not exist.
        """
        restricted = (
            select(col(InvolvementRow.ref))
            .where(col(InvolvementRow.id).in_(restricted_involvements()))
            .scalar_subquery()
        )
        other = aliased(AuditCaseRow)
        elsewhere = select(literal(1)).where(
            col(other.stream) == col(AuditCaseRow.stream),
            col(other.sequence) == col(AuditCaseRow.sequence),
            col(other.involvement_ref).not_in(restricted),
        )
        attempt = select(literal(1)).where(
            col(AuditEntryRow.stream) == col(AuditCaseRow.stream),
            col(AuditEntryRow.sequence) == col(AuditCaseRow.sequence),
            col(AuditEntryRow.body).contains('"attempted":'),
        )
        return self._one(
            select(func.count(func.distinct(AuditCaseRow.sequence))).where(
                col(AuditCaseRow.involvement_ref).in_(restricted), ~elsewhere.exists(), ~attempt.exists()
            )
        )

    def _one(self, query: Select[int]) -> int:
        return int(self._session.execute(query).scalar_one())
