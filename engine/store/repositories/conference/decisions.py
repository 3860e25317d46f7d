"""Decisions with their judgements and dissent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session, col

from engine.domain.cases.involvement import StoredDecision
from engine.domain.conference.risk import Decision, DissentEntry
from engine.domain.errors import NotFoundError
from engine.domain.responses.answers import AnswerState
from engine.store.among import among
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import (
    DecisionRow,
    DissentEntryRow,
    DissentRow,
    JudgementRow,
)


class Decisions:
    """Adds and reads decisions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        reference: str,
        decision: Decision,
        *,
        saw: dict[str, int],
        not_seen: dict[str, AnswerState],
        by: str,
        at: datetime,
        writers: Mapping[str, str] | None = None,
    ) -> tuple[str, int]:
        """Store a decision and return its reference and version.

        ``writers`` are by place the authors of texts that it left as they were.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        version = 1 + int(
            self._session.execute(
                select(func.count()).select_from(DecisionRow).where(col(DecisionRow.involvement_id) == number)
            ).scalar_one()
        )
        ref = unused_references(self._session, "decision", col(DecisionRow.ref), 1)[0]
        row = DecisionRow(
            ref=ref,
            involvement_id=number,
            version=version,
            content=decision.model_dump(mode="json"),
            saw=dict(saw),
            not_seen={agency: state.value for agency, state in not_seen.items()},
            review_on=date.fromisoformat(decision.review_on) if decision.review_on else None,
            writers=dict(writers) if writers else None,
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        for judgement in decision.judgements:
            weeks = judgement.horizon_weeks
            self._session.add(
                JudgementRow(
                    decision_id=row.id or 0,
                    domain=judgement.domain.value,
                    level=judgement.level.value,
                    valid_until=at.date() + timedelta(weeks=weeks) if weeks else None,
                )
            )
        for dissent in decision.dissent:
            self._session.add(
                DissentRow(
                    decision_id=row.id or 0, agency=dissent.agency, who=dissent.who, reasons=dissent.reasons
                )
            )
        self._session.flush()
        return ref, version

    def of(self, references: Sequence[str]) -> dict[str, tuple[StoredDecision, ...]]:
        """Return the decisions of these involvements, oldest first."""
        found: dict[str, list[StoredDecision]] = {reference: [] for reference in references}
        for start in range(0, len(references), 500):
            some = {"references": list(references[start : start + 500])}
            for ref, row in self._session.execute(_on_cases(), some).all():
                found[ref].append(_decision(row))
        return {ref: tuple(decisions) for ref, decisions in found.items()}

    def enter_dissent(self, decision: str, entry: DissentEntry) -> None:
        """Store an agency's own entry. Raises NotFoundError if the decision does not exist."""
        number = self._session.execute(
            select(col(DecisionRow.id)).where(col(DecisionRow.ref) == decision)
        ).scalar_one_or_none()
        row = DissentEntryRow(
            decision_id=int(number or 0),
            involvement_id=involvement_id(self._session, self.involvement_of(decision)),
            agency=entry.agency,
            reasons=entry.reasons,
            states_none=entry.states_none,
            is_aloud=entry.is_aloud,
            by=entry.by,
            at=entry.at,
        )
        self._session.add(row)
        if entry.reasons is not None:
            noted = DissentRow(
                decision_id=int(number or 0), agency=entry.agency, who=entry.by, reasons=entry.reasons
            )
            self._session.add(noted)
        self._session.flush()

    def dissent_entries(self, decisions: Sequence[str]) -> dict[str, tuple[DissentEntry, ...]]:
        """Return what agencies entered or confirmed of their dissent from these decisions, oldest first.

        That an agency was asked aloud, which who presides records, is among them.
        """
        rows = self._session.execute(
            select(col(DecisionRow.ref), DissentEntryRow)
            .join(DecisionRow, col(DecisionRow.id) == col(DissentEntryRow.decision_id))
            .where(among(col(DecisionRow.ref), decisions))
            .order_by(col(DissentEntryRow.id))
        ).all()
        found: dict[str, list[DissentEntry]] = {}
        for ref, row in rows:
            entry = DissentEntry(
                agency=row.agency,
                reasons=row.reasons,
                by=row.by,
                at=row.at,
                states_none=bool(row.states_none),
                is_aloud=bool(row.is_aloud),
            )
            found.setdefault(ref, []).append(entry)
        return {ref: tuple(entries) for ref, entries in found.items()}

    def first_at(self) -> dict[str, datetime]:
        """Return when each involvement with a decision was first decided."""
        rows = self._session.execute(
            select(col(InvolvementRow.ref), func.min(DecisionRow.at))
            .join(DecisionRow, col(DecisionRow.involvement_id) == col(InvolvementRow.id))
            .group_by(col(InvolvementRow.ref))
        ).all()
        return {str(ref): at for ref, at in rows}

    def involvement_of(self, decision: str) -> str:
        """Return the involvement of this decision.

        Raises NotFoundError if the decision does not exist.
        """
        found = self._session.execute(
            select(col(InvolvementRow.ref))
            .join(DecisionRow, col(DecisionRow.involvement_id) == col(InvolvementRow.id))
            .where(col(DecisionRow.ref) == decision)
        ).scalar_one_or_none()
        if found is None:
            raise NotFoundError("decision", decision)
        return str(found)


@cache
def _on_cases() -> Select[str, DecisionRow]:
    """Build it once in a process: each page of a case asks for it."""
    return (
        select(col(InvolvementRow.ref), DecisionRow)
        .join(DecisionRow, col(DecisionRow.involvement_id) == col(InvolvementRow.id))
        .where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))
        .order_by(col(DecisionRow.version))
    )


def _decision(row: DecisionRow) -> StoredDecision:
    return StoredDecision(
        reference=row.ref,
        version=row.version,
        decision=Decision.model_validate(row.content),
        saw={agency: int(version) for agency, version in row.saw.items()},
        not_seen={agency: AnswerState(state) for agency, state in row.not_seen.items()},
        by=row.by,
        at=row.at,
        writers=row.writers or {},
    )
