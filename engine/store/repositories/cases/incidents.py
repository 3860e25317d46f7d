"""Incidents and their reports, cut by release. Counts count incidents, never reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import Select, bindparam, func, or_, select
from sqlmodel import col

from engine.domain.cases.incidents import Channel, IncidentKind, IncidentReported
from engine.domain.cases.views import IncidentView, ReportView
from engine.domain.dates import PartialDate
from engine.domain.system.audit import canonical, digest
from engine.store.repositories.bulk import insert_all, insert_and_number
from engine.store.repositories.cases.incidents_in_short import (
    IncidentsInShort,
    also_of,
    incident_key,
    is_current,
)
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.repositories.sharing.incident_rules import IncidentRules
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import InvolvementRow, ReferralVersionRow

_Columns = TypeVarTuple("_Columns")
_AT_ONCE = 500


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
    content: Mapping[str, object] | None = None
    """The incident as a document, where it was written out before."""


class Incidents(IncidentsInShort):
    """Adds reports and reads incidents."""

    def add(self, reports: Sequence[ReportToAdd]) -> list[str]:
        """Write these reports and return the references of their incidents.

        A report repeated by a corrected referral belongs to the same incident as before.
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
        ruled = IncidentRules(self._session).current_classes({number for number, _ in known.values()})
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
                    "grade": report.incident.grade,
                    "digest": key,
                    "release_class_id": ruled.get((placed[report.involvement_id, key][0], report.owner)),
                    "received_at": report.at,
                }
                for report, key in zip(reports, digests, strict=True)
            ],
        )
        return [placed[report.involvement_id, key][1] for report, key in zip(reports, digests, strict=True)]

    def add_entered(self, reference: str, report: ReportToAdd) -> str:
        """Write one report that a person entered on this involvement.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        return self.add([replace(report, involvement_id=number)])[0]

    def of(self, involvements: Iterable[str], *, shown: Collection[int]) -> tuple[IncidentView, ...]:
        """Return the incidents of these involvements, newest first.

        Two reports with one crime reference are one.

        Of a referral that was corrected, only what its newest version reports is shown; and of all reports
        only those that bear no release class or one of ``shown``.
        """
        return merged(list(self._told(list(involvements), shown)))

    def of_each(
        self,
        groups: Mapping[str, Sequence[str]],
        *,
        shown: Collection[int],
        among: Collection[str] | None = None,
    ) -> dict[str, tuple[IncidentView, ...]]:
        """Return the same for each group of involvements, or those that have one of the references ``among``.

        In as many statements whatever the number of groups.
        """
        of_involvement: dict[str, list[ReportRead]] = {}
        everywhere = sorted({each for of in groups.values() for each in of})
        for start in range(0, len(everywhere), _AT_ONCE):
            for each in self._told(everywhere[start : start + _AT_ONCE], shown):
                of_involvement.setdefault(each.involvement, []).append(each)
        there = {
            name: sorted(
                (report for each in of for report in of_involvement.get(each, ())),
                key=lambda report: (report.incident, report.report),
            )
            for name, of in groups.items()
        }
        return {name: merged(of, among=among) for name, of in there.items()}

    def _told(self, involvements: Sequence[str], shown: Collection[int]) -> Iterator[ReportRead]:
        asked = {"references": involvements, "shown": sorted(shown)}
        return map(ReportRead._make, self._session.connection().execute(_told_of(), asked))

    def kept_back(self, involvements: Iterable[str], *, shown: Collection[int]) -> dict[str, frozenset[int]]:
        """Return, by the reference of each of these incidents,
        the classes that withhold a report of it from a viewer.
        """
        asked = {"references": list(involvements), "shown": sorted(shown)}
        found: dict[str, set[int]] = {}
        for incident, number in self._session.execute(_kept_back(), asked):
            found.setdefault(incident, set()).add(int(number))
        return {incident: frozenset(numbers) for incident, numbers in found.items()}

    def newest_by_class(self, involvements: Sequence[str]) -> dict[str, dict[int | None, datetime]]:
        """Return by involvement and release class, or None, when the newest report was received."""
        found: dict[str, dict[int | None, datetime]] = {}
        number = col(IncidentReportRow.release_class_id)
        for start in range(0, len(involvements), _AT_ONCE):
            newest = (
                select(col(InvolvementRow.ref), number, func.max(col(IncidentReportRow.received_at)))
                .join(IncidentReportRow, col(IncidentReportRow.involvement_id) == col(InvolvementRow.id))
                .where(col(InvolvementRow.ref).in_(involvements[start : start + _AT_ONCE]))
                .group_by(col(InvolvementRow.ref), number)
            )
            for case, release_class, received_at in self._session.execute(newest):
                found.setdefault(case, {})[release_class] = received_at
        return found

    def classes_on(self, involvements: Sequence[str]) -> dict[str, frozenset[int]]:
        """Return by involvement the release classes of its reports; without one it is left out."""
        found = {
            case: frozenset(each for each in classes if each is not None)
            for case, classes in self.newest_by_class(involvements).items()
        }
        return {case: classes for case, classes in found.items() if classes}

    def reported_by(self, incident: str, reference: str) -> tuple[str, ...]:
        """Return the agencies whose reports of this incident are on this involvement."""
        owners = self._session.execute(
            select(col(IncidentReportRow.owner))
            .join(IncidentRow, col(IncidentRow.id) == col(IncidentReportRow.incident_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRow.involvement_id))
            .where(col(IncidentRow.ref) == incident, col(InvolvementRow.ref) == reference)
            .distinct()
            .order_by(col(IncidentReportRow.owner))
        ).scalars()
        return tuple(owners)

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


class ReportRead(NamedTuple):
    """One report of one incident. ``incident`` and ``report`` are their numbers in here."""

    incident: int
    report: int
    involvement: str
    ref: str
    kind: str
    channel: str | None
    happened: str | None
    owner: str
    told_by: str
    received_at: datetime
    what: str | None
    crime_reference: str | None
    grade: str | None
    received_by: str | None = None
    """The user whose file it was in; None of one that a person entered, who is ``told_by``."""


@cache
def _told_of() -> Select[*tuple[object, ...]]:
    """Build the statement once: building a statement takes several times as long as running it."""
    number = col(IncidentReportRow.release_class_id)
    columns: Select[*tuple[object, ...]] = select(
        col(IncidentRow.id),
        col(IncidentReportRow.id),
        col(InvolvementRow.ref),
        col(IncidentRow.ref),
        col(IncidentRow.kind),
        col(IncidentRow.channel),
        col(IncidentRow.happened),
        col(IncidentReportRow.owner),
        col(IncidentReportRow.told_by),
        col(IncidentReportRow.received_at),
        col(IncidentReportRow.what),
        col(IncidentReportRow.crime_reference),
        col(IncidentReportRow.grade),
        select(col(ReferralVersionRow.received_by))
        .where(
            col(ReferralVersionRow.involvement_id) == col(IncidentReportRow.involvement_id),
            col(ReferralVersionRow.version) == col(IncidentReportRow.referral_version),
        )
        .scalar_subquery(),
    )
    return (
        _of_these(columns)
        .where(or_(number.is_(None), number.in_(bindparam("shown", expanding=True))))
        .order_by(col(IncidentRow.id), col(IncidentReportRow.id))
    )


@cache
def _kept_back() -> Select[str, int | None]:
    number = col(IncidentReportRow.release_class_id)
    return _of_these(select(col(IncidentRow.ref), number)).where(
        number.is_not(None), number.not_in(bindparam("shown", expanding=True))
    )


def _of_these(selected: Select[*_Columns]) -> Select[*_Columns]:
    """Add the current reports of these involvements: of a corrected referral the newest version's."""
    return (
        selected.select_from(IncidentRow)
        .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRow.involvement_id))
        .where(
            col(InvolvementRow.ref).in_(bindparam("references", expanding=True)),
            is_current(),
        )
    )


def merged(
    reports: Sequence[ReportRead], *, among: Collection[str] | None = None
) -> tuple[IncidentView, ...]:
    """Return incidents with their reports; a crime reference that two incidents share makes them one.

    With ``among`` only those that have one of these references.
    """
    by_key: dict[str, list[ReportRead]] = {}
    key_of_incident: dict[str, str] = {}
    for each in reports:
        key = key_of_incident.get(each.ref)
        if key is None:
            key = key_of_incident[each.ref] = incident_key(each.ref, each.crime_reference)
        by_key.setdefault(key, []).append(each)
    wanted = (
        {key_of_incident[ref] for ref in among if ref in key_of_incident} if among is not None else by_key
    )
    views = [_view(parts) for key, parts in by_key.items() if key in wanted]
    undated = [view for view in views if view.happened is None]
    dated = [view for view in views if view.happened is not None]
    dated.sort(
        key=lambda view: (view.happened.latest if view.happened else None, view.reference), reverse=True
    )
    return tuple(dated + undated)


def _view(parts: Sequence[ReportRead]) -> IncidentView:
    first = parts[0]
    reports = {
        each.report: ReportView(
            owner=each.owner,
            told_by=each.told_by,
            received_at=each.received_at,
            what=each.what,
            crime_reference=each.crime_reference,
            grade=each.grade,
            typed_by=each.received_by or each.told_by,
        )
        for each in parts
    }
    return IncidentView(
        reference=first.ref,
        happened=PartialDate(first.happened) if first.happened else None,
        kind=IncidentKind(first.kind),
        also=also_of(each.kind for each in parts),
        channel=Channel(first.channel) if first.channel else None,
        reports=tuple(reports.values()),
    )


def _digests(reports: Sequence[ReportToAdd]) -> list[str]:
    seen: Counter[tuple[int, str]] = Counter()
    keys: list[str] = []
    for report in reports:
        content = digest(canonical(report.content or report.incident.model_dump(mode="json")))
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
