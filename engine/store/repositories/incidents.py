"""Incidents and the reports by which they are known. Counts count incidents, never reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select
from sqlmodel import Session, col

from engine.domain.audit import canonical, digest
from engine.domain.dates import PartialDate
from engine.domain.incidents import Channel, IncidentKind, IncidentReported
from engine.domain.views import IncidentView, ReportView
from engine.store.repositories.bulk import insert_all, insert_and_number
from engine.store.repositories.cases import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases import InvolvementRow, ReferralVersionRow
from engine.store.tables.incidents import IncidentReportRow, IncidentRow


@dataclass(frozen=True)
class ReportToAdd:
    """One report of one incident. ``referral_version`` is None for one that a person entered."""

    involvement_id: int
    position: int
    referral_version: int | None
    owner: str
    told_by: str
    incident: IncidentReported
    at: datetime


class Incidents:
    """Adds reports and reads incidents."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reports: Sequence[ReportToAdd]) -> list[str]:
        """Write these reports and return the references of their incidents.

        A report told again by a corrected referral belongs to the incident that it told of before.
        """
        if not reports:
            return []
        known = self._known({r.involvement_id for r in reports if (r.referral_version or 1) > 1})
        digests = _digests(reports)
        fresh = [
            (report, key)
            for report, key in zip(reports, digests, strict=True)
            if (report.involvement_id, key) not in known
        ]
        references = unused_references(self._session, "incident", col(IncidentRow.ref), len(fresh))
        ids = insert_and_number(
            self._session,
            IncidentRow,
            [_incident(report, ref) for (report, _), ref in zip(fresh, references, strict=True)],
        )
        placed = dict(known)
        for (report, key), number, ref in zip(fresh, ids, references, strict=True):
            placed[report.involvement_id, key] = (number, ref)
        insert_all(
            self._session,
            IncidentReportRow,
            [
                {
                    "incident_id": placed[report.involvement_id, key][0],
                    "involvement_id": report.involvement_id,
                    "position": report.position,
                    "referral_version": report.referral_version,
                    "owner": report.owner,
                    "told_by": report.told_by,
                    "what": report.incident.what,
                    "crime_reference": report.incident.crime_reference,
                    "digest": key,
                    "received_at": report.at,
                }
                for report, key in zip(reports, digests, strict=True)
            ],
        )
        return [placed[report.involvement_id, key][1] for report, key in zip(reports, digests, strict=True)]

    def add_entered(self, reference: str, report: ReportToAdd) -> str:
        """Write one report that a person entered on this involvement."""
        number = involvement_id(self._session, reference)
        return self.add([replace(report, involvement_id=number)])[0]

    def of(self, involvements: Iterable[str]) -> tuple[IncidentView, ...]:
        """The incidents of these involvements, newest first; two reports with one crime reference are one.

        Of a referral that was corrected, only what its newest version tells is shown.
        """
        rows = self._session.execute(_told_of(), {"references": list(involvements)}).all()
        return merged([(incident, report) for incident, report in rows])

    def _known(self, involvements: set[int]) -> dict[tuple[int, str], tuple[int, str]]:
        if not involvements:
            return {}
        rows = self._session.execute(
            select(
                col(IncidentReportRow.involvement_id),
                col(IncidentReportRow.digest),
                col(IncidentRow.id),
                col(IncidentRow.ref),
            )
            .join(IncidentRow, col(IncidentRow.id) == col(IncidentReportRow.incident_id))
            .where(col(IncidentReportRow.involvement_id).in_(involvements))
        ).all()
        return {(int(number), key): (int(incident), ref) for number, key, incident, ref in rows}


@cache
def _told_of() -> Select[IncidentRow, IncidentReportRow]:
    """Built once: to build a statement takes several times as long as to run it."""
    newest = (
        select(func.max(ReferralVersionRow.version))
        .where(col(ReferralVersionRow.involvement_id) == col(InvolvementRow.id))
        .correlate(InvolvementRow)
        .scalar_subquery()
    )
    return (
        select(IncidentRow, IncidentReportRow)
        .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRow.involvement_id))
        .where(
            col(InvolvementRow.ref).in_(bindparam("references", expanding=True)),
            or_(
                col(IncidentReportRow.referral_version).is_(None),
                col(IncidentReportRow.referral_version) == newest,
            ),
        )
        .order_by(col(IncidentRow.id), col(IncidentReportRow.id))
    )


def merged(rows: Sequence[tuple[IncidentRow, IncidentReportRow]]) -> tuple[IncidentView, ...]:
    """Incidents with their reports; a crime reference that two incidents share makes them one."""
    by_key: dict[str, list[tuple[IncidentRow, IncidentReportRow]]] = {}
    key_of_incident: dict[str, str] = {}
    for incident, report in rows:
        key = key_of_incident.get(incident.ref)
        if key is None:
            key = f"crime {report.crime_reference.casefold()}" if report.crime_reference else incident.ref
            key_of_incident[incident.ref] = key
        by_key.setdefault(key, []).append((incident, report))
    views = [_view(parts) for parts in by_key.values()]
    undated = [view for view in views if view.happened is None]
    dated = [view for view in views if view.happened is not None]
    dated.sort(
        key=lambda view: (view.happened.latest if view.happened else None, view.reference), reverse=True
    )
    return tuple(dated + undated)


def _view(parts: list[tuple[IncidentRow, IncidentReportRow]]) -> IncidentView:
    first = parts[0][0]
    reports = {
        report.id: ReportView(
            owner=report.owner,
            told_by=report.told_by,
            received_at=report.received_at,
            what=report.what,
            crime_reference=report.crime_reference,
        )
        for _, report in parts
    }
    return IncidentView(
        reference=first.ref,
        happened=PartialDate(first.happened) if first.happened else None,
        kind=IncidentKind(first.kind),
        channel=Channel(first.channel) if first.channel else None,
        reports=tuple(reports.values()),
    )


def _digests(reports: Sequence[ReportToAdd]) -> list[str]:
    seen: Counter[tuple[int, str]] = Counter()
    keys: list[str] = []
    for report in reports:
        content = digest(canonical(report.incident.model_dump(mode="json")))
        seen[report.involvement_id, content] += 1
        entered = "" if report.referral_version else f" entered {report.at.isoformat()}"
        keys.append(f"{content[:40]}/{seen[report.involvement_id, content]}{entered}")
    return keys


def _incident(report: ReportToAdd, ref: str) -> dict[str, object]:
    happened = report.incident.happened
    return {
        "ref": ref,
        "involvement_id": report.involvement_id,
        "kind": report.incident.kind.value,
        "channel": report.incident.channel.value if report.incident.channel else None,
        "happened": str(happened) if happened else None,
        "earliest": happened.earliest if happened else None,
        "latest": happened.latest if happened else None,
    }
