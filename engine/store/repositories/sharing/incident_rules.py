"""Stored audiences of each owner's report of an incident. Decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select, update
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.sharing import Grounds, ReleaseClass, StoredRule
from engine.store.among import among
from engine.store.repositories.sharing.release_rules import class_of
from engine.store.tables.cases.incidents import (
    IncidentReportRow,
    IncidentRow,
    IncidentRuleRow,
    ReleaseClassRow,
)
from engine.store.tables.cases.involvements import InvolvementRow


class IncidentRules:
    """Store of owners' rules on their reports of incidents."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, incident: str, rule: StoredRule, *, owner: str, release_class: int) -> None:
        """Add an owner's rule on its reports of this incident; each of them bears its class from now on."""
        number, case = self._session.execute(
            select(col(IncidentRow.id), col(IncidentRow.involvement_id)).where(
                col(IncidentRow.ref) == incident
            )
        ).one()
        self._session.add(
            IncidentRuleRow(
                incident_id=number,
                involvement_id=case,
                owner=owner,
                release_class_id=release_class,
                grounds=rule.grounds.model_dump(mode="json"),
                why=rule.why,
                by=rule.by,
                at=rule.at,
            )
        )
        self._session.execute(
            update(IncidentReportRow)
            .where(col(IncidentReportRow.incident_id) == number, col(IncidentReportRow.owner) == owner)
            .values(release_class_id=release_class)
            .execution_options(synchronize_session=False)
        )
        self._session.flush()

    def of(self, involvements: Iterable[str]) -> tuple[StoredRule, ...]:
        """Return every rule that was given on incidents of these involvements, oldest first."""
        rows = self._session.execute(
            select(IncidentRuleRow, ReleaseClassRow, col(IncidentRow.ref))
            .join(IncidentRow, col(IncidentRow.id) == col(IncidentRuleRow.incident_id))
            .join(ReleaseClassRow, col(ReleaseClassRow.id) == col(IncidentRuleRow.release_class_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRuleRow.involvement_id))
            .where(among(col(InvolvementRow.ref), list(involvements)))
            .order_by(col(IncidentRuleRow.id))
        ).all()
        return tuple(
            StoredRule(
                item=ref,
                release_class=class_of(kind.owner, kind.audience, kind.rule, kind.until),
                grounds=Grounds.model_validate(row.grounds),
                why=row.why,
                by=row.by,
                at=row.at,
            )
            for row, kind, ref in rows
        )

    def class_of_reports(self, incident: str, owner: str) -> ReleaseClass | None:
        """Return the class that this owner's reports of an incident have now; None if no rule was given.

        Raises NotFoundError where this owner did not report it.
        """
        reports = self._session.execute(
            select(ReleaseClassRow)
            .select_from(IncidentReportRow)
            .join(IncidentRow, col(IncidentRow.id) == col(IncidentReportRow.incident_id))
            .outerjoin(ReleaseClassRow, col(ReleaseClassRow.id) == col(IncidentReportRow.release_class_id))
            .where(col(IncidentRow.ref) == incident, col(IncidentReportRow.owner) == owner)
            .limit(1)
        ).all()
        if not reports:
            raise NotFoundError("incident", incident)
        (of,) = reports[0]
        return class_of(of.owner, of.audience, of.rule, of.until) if of else None

    def current_classes(self, incidents: Collection[int]) -> dict[tuple[int, str], int]:
        """Return the class of the newest rule of each owner on these; a repeated report stays in it."""
        if not incidents:
            return {}
        rows = self._session.execute(
            select(
                col(IncidentRuleRow.incident_id),
                col(IncidentRuleRow.owner),
                col(IncidentRuleRow.release_class_id),
            )
            .where(col(IncidentRuleRow.incident_id).in_(incidents))
            .order_by(col(IncidentRuleRow.id))
        ).all()
        return {(int(incident), str(owner)): int(number) for incident, owner, number in rows}
