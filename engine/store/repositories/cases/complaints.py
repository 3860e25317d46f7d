"""Findings on complaints about the victim; the newest of each incident applies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.cases.complaints import ComplaintFinding, ComplaintFindingGiven, ComplaintFound, FoundBy
from engine.store.among import among
from engine.store.tables.cases.complaints import ComplaintFindingRow
from engine.store.tables.cases.incidents import IncidentRow


class ComplaintFindings:
    """Adds findings and their withdrawal, and reads those that apply."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, incident: str, given: ComplaintFindingGiven, *, by: str, at: datetime) -> ComplaintFinding:
        """Store a finding on an incident that is there."""
        self._add(incident, given, source=given.source, by=by, at=at)
        return ComplaintFinding(**given.model_dump(), incident=incident, by=by, at=at)

    def withdraw(self, incident: str, *, why: str, by: str, at: datetime) -> None:
        """Store that the finding does not apply any more."""
        self._add(incident, None, source=why, by=by, at=at)

    def of(self, incidents: Collection[str]) -> dict[str, ComplaintFinding]:
        """Return by incident the finding that applies, of those of these incidents that have one."""
        query = (
            select(col(IncidentRow.ref), ComplaintFindingRow)
            .join(IncidentRow, col(IncidentRow.id) == col(ComplaintFindingRow.incident_id))
            .where(among(col(IncidentRow.ref), list(incidents)))
            .order_by(col(ComplaintFindingRow.id))
        )
        newest = dict(self._session.execute(query).all())
        return {
            incident: ComplaintFinding(
                incident=incident,
                found=ComplaintFound(row.found),
                found_by=FoundBy(row.found_by),
                found_on=date.fromisoformat(row.found_on),
                source=row.source,
                by=row.by,
                at=row.at,
            )
            for incident, row in newest.items()
            if row.found and row.found_by and row.found_on
        }

    def _add(
        self, incident: str, given: ComplaintFindingGiven | None, *, source: str, by: str, at: datetime
    ) -> None:
        number, involvement = self._session.execute(
            select(col(IncidentRow.id), col(IncidentRow.involvement_id)).where(
                col(IncidentRow.ref) == incident
            )
        ).one()
        self._session.add(
            ComplaintFindingRow(
                incident_id=int(number or 0),
                involvement_id=involvement,
                found=given.found.value if given else None,
                found_by=given.found_by.value if given else None,
                found_on=str(given.found_on) if given else None,
                source=source,
                by=by,
                at=at,
            )
        )
        self._session.flush()
