"""Details of incidents, and checks of sealed areas by the people who may know them. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.orders.breaches import IncidentDetails, StoredDetails
from engine.domain.plans.texts import WrittenText
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.breaches import AreaCheckRow, IncidentDetailRow
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.orders import CourtOrderCaseRow

_AT_ONCE = 500


class DetailsOfIncidents:
    """Adds and reads details of incidents, by the reference of the incident."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_details(self, incident: str, details: IncidentDetails, *, by: str, at: datetime) -> int:
        """Store details of an incident and return their version. Raises NotFoundError if there is none."""
        number, involvement = self._incident(incident)
        there = select(func.max(col(IncidentDetailRow.version))).where(
            col(IncidentDetailRow.incident_id) == number
        )
        row = IncidentDetailRow(
            incident_id=number,
            involvement_id=involvement,
            version=(self._session.execute(there).scalar() or 0) + 1,
            content=details.model_dump(mode="json", exclude_defaults=True),
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        return row.version

    def details_of(self, cases: Sequence[str]) -> dict[str, StoredDetails]:
        """Return the newest details of each incident of these cases that has some."""
        found: dict[str, StoredDetails] = {}
        for some in _parts(cases):
            rows = self._session.execute(
                select(IncidentDetailRow, col(IncidentRow.ref))
                .join(IncidentRow, col(IncidentRow.id) == col(IncidentDetailRow.incident_id))
                .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentDetailRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(some))
                .order_by(col(IncidentDetailRow.version))
            ).all()
            for row, incident in rows:
                is_erased = "erased_by" in row.content
                found[incident] = StoredDetails(
                    incident=incident,
                    version=row.version,
                    details=None if is_erased else IncidentDetails.model_validate(row.content),
                    by=row.by,
                    at=row.at,
                )
        return found

    def newest_reports(self, cases: Sequence[str]) -> dict[str, datetime]:
        """Return by case when an incident of it, or details of one, were last recorded."""
        found: dict[str, datetime] = {}
        for row, when in (
            (IncidentReportRow, IncidentReportRow.received_at),
            (IncidentDetailRow, IncidentDetailRow.at),
        ):
            query = (
                select(col(InvolvementRow.ref), func.max(col(when)))
                .join(row, col(row.involvement_id) == col(InvolvementRow.id))
                .group_by(col(InvolvementRow.ref))
            )
            for some in _parts(cases):
                for case, at in self._session.execute(query.where(col(InvolvementRow.ref).in_(some))):
                    found[case] = max(at, found.get(case, at))
        return found

    def places_since(self, at: datetime) -> list[WrittenText]:
        """Return what people wrote of incidents since then, on cases with an order.

        Of a sealed place the text is its reference.
        """
        with_order = select(col(CourtOrderCaseRow.involvement_id))
        reports = self._session.execute(
            select(
                col(InvolvementRow.ref),
                col(IncidentRow.ref),
                col(IncidentReportRow.what),
                col(IncidentReportRow.told_by),
                col(IncidentReportRow.received_at),
            )
            .join(IncidentRow, col(IncidentRow.id) == col(IncidentReportRow.incident_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentReportRow.involvement_id))
            .where(
                col(IncidentReportRow.involvement_id).in_(with_order),
                col(IncidentReportRow.referral_version).is_(None),
                col(IncidentReportRow.what).is_not(None),
                col(IncidentReportRow.received_at) >= at,
            )
        ).all()
        details = self._session.execute(
            select(col(InvolvementRow.ref), col(IncidentRow.ref), IncidentDetailRow)
            .join(IncidentRow, col(IncidentRow.id) == col(IncidentDetailRow.incident_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentDetailRow.involvement_id))
            .where(col(IncidentDetailRow.involvement_id).in_(with_order), col(IncidentDetailRow.at) >= at)
        ).all()
        found = [
            WrittenText(case, incident, str(what), by, when) for case, incident, what, by, when in reports
        ]
        for case, incident, row in details:
            place = row.content.get("place")
            found += [WrittenText(case, incident, place, row.by, row.at)] if isinstance(place, str) else []
        return found

    def add_area_check(self, case: str, *, by: str, at: datetime) -> None:
        """Store that a person checked the sealed areas of a case. Raises NotFoundError if there is none."""
        self._session.add(AreaCheckRow(involvement_id=involvement_id(self._session, case), by=by, at=at))
        self._session.flush()

    def area_checks_by(self, user: str, cases: Sequence[str]) -> dict[str, datetime]:
        """Return when this person last checked each of these cases."""
        found: dict[str, datetime] = {}
        for some in _parts(cases):
            rows = self._session.execute(
                select(col(InvolvementRow.ref), col(AreaCheckRow.at))
                .join(InvolvementRow, col(InvolvementRow.id) == col(AreaCheckRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(some), col(AreaCheckRow.by) == user)
                .order_by(col(AreaCheckRow.id))
            ).all()
            for case, at in rows:
                found[case] = at
        return found

    def _incident(self, incident: str) -> tuple[int, int]:
        row = self._session.execute(
            select(col(IncidentRow.id), col(IncidentRow.involvement_id)).where(
                col(IncidentRow.ref) == incident
            )
        ).first()
        if row is None:
            raise NotFoundError("incident", incident)
        return int(row[0] or 0), int(row[1])


def _parts(references: Sequence[str]) -> list[list[str]]:
    return [list(references[start : start + _AT_ONCE]) for start in range(0, len(references), _AT_ONCE)]
