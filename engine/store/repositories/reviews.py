"""Reviews of plans, changes of custody, decisions of police, and which cases a review may be due on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    func,
    or_,
    select,
)
from sqlmodel import Session, col

from engine.domain.cases.custody import CustodyChange, StoredCustodyChange
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven, StoredPoliceDecision
from engine.domain.plans.reviews import PlanReview
from engine.store.among import among
from engine.store.repositories.access.entrusted import NamedLast, named_last
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.review_dates import dates_on_cases
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.reviews import (
    CustodyChangeRow,
    InvestigationLeadRow,
    PlaceCheckRow,
    PlanReviewRow,
    PoliceDecisionRow,
)
from engine.store.tables.vault.openings import SafeContactOfficerRow

_AT_ONCE = 500


class PlaceCheck(NamedTuple):
    """A check of a version of a plan for protected places, and when it was made."""

    version: int
    at: datetime


class ReviewDates(NamedTuple):
    """Since when changes count for the next review of a case, and the date of that review, if one is set."""

    since: datetime
    review_on: date | None


class Reviews:
    """Adds and reads reviews, changes of custody and decisions of police."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reference: str, *, decided: str, next_on: date, by: str, at: datetime) -> PlanReview:
        """Store a closed review and return it. Raises NotFoundError if the referral does not exist."""
        number = len(self.of([reference])[reference]) + 1
        self._session.add(
            PlanReviewRow(
                involvement_id=involvement_id(self._session, reference),
                number=number,
                decided=decided,
                next_on=next_on,
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return PlanReview(number=number, decided=decided, next_on=next_on, by=by, at=at)

    def of(self, references: Sequence[str]) -> dict[str, tuple[PlanReview, ...]]:
        """Return the closed reviews of these involvements, oldest first."""
        found: dict[str, list[PlanReview]] = {reference: [] for reference in references}
        query = (
            select(col(InvolvementRow.ref), PlanReviewRow)
            .join(PlanReviewRow, col(PlanReviewRow.involvement_id) == col(InvolvementRow.id))
            .order_by(col(PlanReviewRow.number))
        )
        for some in _in_parts(references):
            for ref, row in self._session.execute(query.where(col(InvolvementRow.ref).in_(some))).all():
                found[ref].append(
                    PlanReview(
                        number=row.number, decided=row.decided, next_on=row.next_on, by=row.by, at=row.at
                    )
                )
        return {ref: tuple(reviews) for ref, reviews in found.items()}

    def add_custody_change(
        self, reference: str, change: CustodyChange, *, on: date, by: str, at: datetime
    ) -> None:
        """Store a change of custody. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            CustodyChangeRow(
                involvement_id=involvement_id(self._session, reference),
                change=change.value,
                happened_on=on,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def custody_changes(self, references: Sequence[str]) -> tuple[StoredCustodyChange, ...]:
        """Return the changes of custody recorded on these involvements, oldest first."""
        return tuple(change for _, change in self._custody_changes(references))

    def custody_changes_by_case(self, references: Sequence[str]) -> dict[str, list[StoredCustodyChange]]:
        """Return the same for each of these involvements that has any."""
        found: dict[str, list[StoredCustodyChange]] = {}
        for reference, change in self._custody_changes(references):
            found.setdefault(reference, []).append(change)
        return found

    def _custody_changes(self, references: Sequence[str]) -> Iterator[tuple[str, StoredCustodyChange]]:
        query = (
            select(col(InvolvementRow.ref), CustodyChangeRow)
            .join(CustodyChangeRow, col(InvolvementRow.id) == col(CustodyChangeRow.involvement_id))
            .order_by(col(CustodyChangeRow.id))
        )
        for some in _in_parts(references):
            for ref, row in self._session.execute(query.where(col(InvolvementRow.ref).in_(some))).all():
                change = CustodyChange(row.change)
                yield ref, StoredCustodyChange(change=change, on=row.happened_on, by=row.by, at=row.at)

    def add_police_decision(
        self, reference: str, decision: PoliceDecisionGiven, *, by: str, at: datetime
    ) -> None:
        """Store a decision of police. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            PoliceDecisionRow(
                involvement_id=involvement_id(self._session, reference),
                incident_ref=decision.incident,
                police_action=decision.action.value,
                decided_by=decision.decided_by,
                decided_on=decision.decided_on,
                why=decision.why,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def police_decisions(self, references: Sequence[str]) -> tuple[StoredPoliceDecision, ...]:
        """Return the decisions of police recorded on these involvements, oldest first."""
        rows = self._session.execute(
            select(PoliceDecisionRow)
            .join(InvolvementRow, col(InvolvementRow.id) == col(PoliceDecisionRow.involvement_id))
            .where(among(col(InvolvementRow.ref), references))
            .order_by(col(PoliceDecisionRow.id))
        ).scalars()
        return tuple(map(_police_decision, rows))

    def police_decisions_by_incident(self, cases: Collection[str]) -> dict[str, StoredPoliceDecision]:
        """Return the newest decision of police on each incident of these cases, whichever case it is with."""
        if not cases:
            return {}
        rows = self._session.execute(
            select(PoliceDecisionRow)
            .join(IncidentRow, col(IncidentRow.ref) == col(PoliceDecisionRow.incident_ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRow.involvement_id))
            .where(among(col(InvolvementRow.ref), cases))
            .order_by(col(PoliceDecisionRow.id))
        ).scalars()
        return {row.incident_ref: _police_decision(row) for row in rows}

    def name_lead(self, reference: str, user: str, *, by: str, at: datetime) -> None:
        """Name the lead of the investigating agency. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            InvestigationLeadRow(
                involvement_id=involvement_id(self._session, reference), user_name=user, by=by, at=at
            )
        )
        self._session.flush()

    def leads_named(self, references: Sequence[str]) -> dict[str, NamedLast]:
        """Return by involvement who was named last as lead; whether still on the case, others decide."""
        return named_last(self._session, InvestigationLeadRow, references)

    def add_place_check(self, reference: str, plan_version: int, *, by: str, at: datetime) -> None:
        """Store a check of a plan for protected places. Raises NotFoundError without such a referral."""
        number = involvement_id(self._session, reference)
        self._session.add(PlaceCheckRow(involvement_id=number, plan_version=plan_version, by=by, at=at))
        self._session.flush()

    def place_checks_by(self, user: str, references: Sequence[str]) -> dict[str, PlaceCheck]:
        """Return this person's newest check of the plan of each of these involvements that has one."""
        rows = self._session.execute(
            select(col(InvolvementRow.ref), col(PlaceCheckRow.plan_version), col(PlaceCheckRow.at))
            .join(InvolvementRow, col(InvolvementRow.id) == col(PlaceCheckRow.involvement_id))
            .where(col(PlaceCheckRow.by) == user, among(col(InvolvementRow.ref), references))
            .order_by(col(PlaceCheckRow.id))
        ).all()
        return {case: PlaceCheck(version, at) for case, version, at in rows}

    def cases_entrusted_to(self, user: str) -> frozenset[str]:
        """Return the involvements whose records ever named this user as safe-contact officer or lead."""
        found: set[str] = set()
        for table in (SafeContactOfficerRow, InvestigationLeadRow):
            query = select(col(InvolvementRow.ref)).join(
                table, col(table.involvement_id) == col(InvolvementRow.id)
            )
            found |= set(self._session.execute(query.where(col(table.user_name) == user)).scalars())
        return frozenset(found)

    def first_reported(self, references: Sequence[str], *, shown: Collection[int]) -> dict[str, datetime]:
        """Return when each incident of these involvements was first reported, of what a viewer may see."""
        number = col(IncidentReportRow.release_class_id)
        rows = self._session.execute(
            select(col(IncidentRow.ref), func.min(col(IncidentReportRow.received_at)))
            .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRow.involvement_id))
            .where(
                among(col(InvolvementRow.ref), references), or_(number.is_(None), number.in_(sorted(shown)))
            )
            .group_by(col(IncidentRow.ref))
        ).all()
        return {ref: at for ref, at in rows if at is not None}

    def dates_of(self, references: Sequence[str]) -> dict[str, ReviewDates]:
        """Return the dates of the next review of those of these involvements that a panel has decided."""
        found: dict[str, ReviewDates] = {}
        for some in _in_parts(references):
            for ref, since, review_on in self._session.execute(dates_on_cases(), {"references": some}).all():
                found[ref] = ReviewDates(since, review_on)
        return found


def _police_decision(row: PoliceDecisionRow) -> StoredPoliceDecision:
    return StoredPoliceDecision(
        incident=row.incident_ref,
        action=PoliceAction(row.police_action),
        decided_by=row.decided_by,
        decided_on=row.decided_on,
        why=row.why,
        by=row.by,
        at=row.at,
    )


def _in_parts(references: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(references), _AT_ONCE):
        yield list(references[start : start + _AT_ONCE])
