"""Versions of who is responsible for a case; the newest applies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from engine.domain.cases.responsible import Officer, Responsible
from engine.store.among import among
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import InvolvementRow, ScreeningRow
from engine.store.tables.cases.responsible import CaseResponsibleRow


class ResponsibleOfCases:
    """Adds versions and reads them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, case: str, recorded: Responsible, *, by: str, at: datetime) -> None:
        """Store a version. Raises NotFoundError if the referral does not exist."""
        officer = recorded.officer
        self._session.add(
            CaseResponsibleRow(
                involvement_id=involvement_id(self._session, case),
                version=recorded.version,
                officer_name=officer.name if officer else None,
                officer_rank=officer.rank if officer else None,
                officer_force=officer.force if officer else None,
                officer_unit=officer.unit if officer else None,
                officer_contact=officer.contact if officer else None,
                holder=recorded.holder,
                lead_agency=recorded.lead_agency,
                why=recorded.reason,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def of(self, case: str) -> tuple[Responsible, ...]:
        """Return the versions of a case, oldest first."""
        return self.of_each([case]).get(case, ())

    def of_each(self, cases: Collection[str]) -> dict[str, tuple[Responsible, ...]]:
        """Return by case its versions, oldest first, of those of these cases that have any."""
        query = (
            select(col(InvolvementRow.ref), CaseResponsibleRow)
            .join(InvolvementRow, col(InvolvementRow.id) == col(CaseResponsibleRow.involvement_id))
            .where(among(col(InvolvementRow.ref), list(cases)))
            .order_by(col(CaseResponsibleRow.version))
        )
        found: dict[str, tuple[Responsible, ...]] = {}
        for case, row in self._session.execute(query).all():
            found[case] = (*found.get(case, ()), _recorded(row))
        return found

    def screened_at(self, cases: Collection[str]) -> dict[str, datetime]:
        """Return by case when it was first screened, of those of these cases that were."""
        query = (
            select(col(InvolvementRow.ref), func.min(col(ScreeningRow.at)))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ScreeningRow.involvement_id))
            .where(among(col(InvolvementRow.ref), list(cases)))
            .group_by(col(InvolvementRow.ref))
        )
        found: dict[str, datetime] = dict(self._session.execute(query).all())
        return found


def _recorded(row: CaseResponsibleRow) -> Responsible:
    officer = None
    if row.officer_name is not None:
        officer = Officer(
            name=row.officer_name,
            rank=row.officer_rank,
            force=row.officer_force,
            unit=row.officer_unit,
            contact=row.officer_contact,
        )
    return Responsible(
        version=row.version,
        officer=officer,
        holder=row.holder,
        lead_agency=row.lead_agency,
        reason=row.why,
        by=row.by,
        at=row.at,
    )
