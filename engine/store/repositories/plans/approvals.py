"""Needs of an approval of a plan, recorded or signed, and approvals. Append-only; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.plans.approval import Approval, Need, SafetyResult, StoredNeed, WhyNot
from engine.domain.responses.voices import Agreement
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.plans import PlanApprovalRow, PlanNeedRow

_AT_ONCE = 500


class PlanApprovals:
    """Adds records of needs and approvals, reads the needs; a plan is read with its approval."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_need(self, reference: str, need: StoredNeed) -> None:
        """Store one record of a need. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            PlanNeedRow(
                involvement_id=involvement_id(self._session, reference),
                need=need.need.value,
                plan_version=need.plan_version,
                why_not=need.why_not.value if need.why_not else None,
                says=need.says,
                agreed_to_sharing=need.agreed_to_sharing.value if need.agreed_to_sharing else None,
                with_whom=list(need.with_whom),
                plan_departs=need.plan_departs,
                informs_agency=need.informs_agency,
                informs_person=need.informs_person,
                result=need.result.value if need.result else None,
                because=need.because,
                by=need.by,
                agency=need.agency,
                at=need.at,
            )
        )
        self._session.flush()

    def needs_of(self, references: Sequence[str]) -> dict[str, tuple[StoredNeed, ...]]:
        """Return for each of these involvements every record of a need, oldest first."""
        found: dict[str, list[StoredNeed]] = {reference: [] for reference in references}
        for start in range(0, len(references), _AT_ONCE):
            for ref, row in self._session.execute(
                select(col(InvolvementRow.ref), PlanNeedRow)
                .join(PlanNeedRow, col(PlanNeedRow.involvement_id) == col(InvolvementRow.id))
                .where(col(InvolvementRow.ref).in_(references[start : start + _AT_ONCE]))
                .order_by(col(PlanNeedRow.id))
            ).all():
                found[ref].append(_need(row))
        return {reference: tuple(needs) for reference, needs in found.items()}

    def approve(self, reference: str, approval: Approval) -> None:
        """Store an approval. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            PlanApprovalRow(
                involvement_id=involvement_id(self._session, reference),
                plan_version=approval.version,
                accepted=dict(approval.accepted),
                voice_agency=approval.voice.agency if approval.voice else None,
                voice_version=approval.voice.version if approval.voice else None,
                by=approval.by,
                at=approval.at,
            )
        )
        self._session.flush()


def _need(row: PlanNeedRow) -> StoredNeed:
    return StoredNeed(
        need=Need(row.need),
        plan_version=row.plan_version,
        why_not=WhyNot(row.why_not) if row.why_not else None,
        says=row.says,
        agreed_to_sharing=Agreement(row.agreed_to_sharing) if row.agreed_to_sharing else None,
        with_whom=tuple(row.with_whom),
        plan_departs=row.plan_departs,
        informs_agency=row.informs_agency,
        informs_person=row.informs_person,
        result=SafetyResult(row.result) if row.result else None,
        because=row.because,
        by=row.by,
        agency=row.agency,
        at=row.at,
    )
