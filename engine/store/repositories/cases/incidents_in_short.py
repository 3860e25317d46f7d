"""Incidents in short: without their texts, for lists, reviews and decisions that are awaited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.plans.reviews import IncidentKnown
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import InvolvementRow, ReferralVersionRow

_AT_ONCE = 500


class IncidentDated(NamedTuple):
    """When an incident happened, as written, and when it was last reported, by whom and of whatever class."""

    case: str
    reference: str
    happened: str | None
    last_reported: datetime


class IncidentsInShort:
    """Reads incidents without their texts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def in_short(
        self, groups: Mapping[str, Sequence[str]], *, shown: Collection[int]
    ) -> dict[str, tuple[IncidentKnown, ...]]:
        """Return for each group of involvements its incidents as in ``of``, without their texts, in no order.

        ``reported_at`` is the moment of the first report that these classes show, of whatever version.
        """
        return self._in_short(_short_reports(), groups, {"shown": sorted(shown)})

    def dated(self, involvements: Sequence[str]) -> dict[str, list[IncidentDated]]:
        """Return by involvement each of its incidents, uncut and none joined with another."""
        found: dict[str, list[IncidentDated]] = {}
        query = (
            select(
                col(InvolvementRow.ref),
                col(IncidentRow.ref),
                col(IncidentRow.happened),
                func.max(col(IncidentReportRow.received_at)),
            )
            .join(IncidentRow, col(IncidentRow.involvement_id) == col(InvolvementRow.id))
            .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
            .group_by(col(InvolvementRow.ref), col(IncidentRow.ref), col(IncidentRow.happened))
        )
        for start in range(0, len(involvements), _AT_ONCE):
            some = query.where(col(InvolvementRow.ref).in_(involvements[start : start + _AT_ONCE]))
            for each in map(IncidentDated._make, self._session.connection().execute(some)):
                found.setdefault(each.case, []).append(each)
        return found

    def crimes_in_short(
        self,
        groups: Mapping[str, Sequence[str]],
        *,
        shown: Collection[int],
        kinds: Collection[IncidentKind],
        owners: Collection[str],
    ) -> dict[str, tuple[IncidentKnown, ...]]:
        """Return the same, without incidents that are of other kinds, without a crime reference, and not
        reported by these owners: most of an import are.
        """
        given = {
            "shown": sorted(shown),
            "kinds": sorted(each.value for each in kinds),
            "owners": sorted(owners),
        }
        return self._in_short(_short_reports_of_crimes(), groups, given)

    def _in_short(
        self,
        statement: Select[*tuple[object, ...]],
        groups: Mapping[str, Sequence[str]],
        given: Mapping[str, object],
    ) -> dict[str, tuple[IncidentKnown, ...]]:
        groups_of: dict[str, list[str]] = {}
        for name, references in groups.items():
            for reference in references:
                groups_of.setdefault(reference, []).append(name)
        rows: dict[str, dict[str, list[_ShortReport]]] = {name: {} for name in groups}
        first: dict[str, datetime] = {}
        asked = list(groups_of)
        for start in range(0, len(asked), _AT_ONCE):
            some = {**given, "references": asked[start : start + _AT_ONCE]}
            for row in self._session.connection().execute(statement, some):
                report = _ShortReport._make(row)
                first[report.incident] = min(
                    report.received_at, first.get(report.incident, report.received_at)
                )
                for name in groups_of[report.involvement] if report.is_current else ():
                    rows[name].setdefault(report.incident, []).append(report)
        return {name: tuple(_in_short(incidents, first)) for name, incidents in rows.items()}


class _ShortReport(NamedTuple):
    """One report of one incident, without its text."""

    involvement: str
    incident: str
    kind: str
    happened: str | None
    crime_reference: str | None
    received_at: datetime
    owner: str
    release_class: int | None
    is_current: bool


@cache
def _short_reports() -> Select[*tuple[object, ...]]:
    number = col(IncidentReportRow.release_class_id)
    return (
        select(
            col(InvolvementRow.ref),
            col(IncidentRow.ref),
            col(IncidentRow.kind),
            col(IncidentRow.happened),
            col(IncidentReportRow.crime_reference),
            col(IncidentReportRow.received_at),
            col(IncidentReportRow.owner),
            number,
            is_current(),
        )
        .select_from(InvolvementRow)
        .join(IncidentRow, col(IncidentRow.involvement_id) == col(InvolvementRow.id))
        .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
        .where(
            col(InvolvementRow.ref).in_(bindparam("references", expanding=True)),
            or_(number.is_(None), number.in_(bindparam("shown", expanding=True))),
        )
        .order_by(col(IncidentRow.id), col(IncidentReportRow.id))
    )


@cache
def _short_reports_of_crimes() -> Select[*tuple[object, ...]]:
    report = aliased(IncidentReportRow)
    recorded = exists().where(
        col(report.incident_id) == col(IncidentRow.id),
        or_(
            col(report.crime_reference).is_not(None),
            col(report.owner).in_(bindparam("owners", expanding=True)),
        ),
    )
    is_crime = col(IncidentRow.kind).in_(bindparam("kinds", expanding=True))
    return _short_reports().where(or_(is_crime, recorded))


def _in_short(
    incidents: Mapping[str, Sequence[_ShortReport]], first: Mapping[str, datetime]
) -> Iterator[IncidentKnown]:
    """Yield these incidents; those that share a crime reference are one, named by the first of them."""
    by_key: dict[str, list[_ShortReport]] = {}
    for reports in incidents.values():
        by_key.setdefault(incident_key(reports[0].incident, reports[0].crime_reference), []).extend(reports)
    for reports in by_key.values():
        newest = reports[0]
        if len(reports) == 1:  # as most are: an import reads thousands
            yield IncidentKnown(
                reference=newest.incident,
                kind=IncidentKind(newest.kind),
                happened=_date(newest.happened) if newest.happened else None,
                reported_at=first[newest.incident],
                owners=(newest.owner,),
                is_recorded_crime=bool(newest.crime_reference),
                classes=(newest.release_class,),
            )
            continue
        yield IncidentKnown(
            reference=newest.incident,
            kind=IncidentKind(newest.kind),
            happened=_date(newest.happened) if newest.happened else None,
            reported_at=min([first[newest.incident], *(report.received_at for report in reports)]),
            others=tuple(dict.fromkeys(r.incident for r in reports if r.incident != newest.incident)),
            owners=tuple(dict.fromkeys(report.owner for report in reports)),
            is_recorded_crime=any(report.crime_reference for report in reports),
            classes=tuple(dict.fromkeys(report.release_class for report in reports)),
            also=also_of(report.kind for report in reports),
        )


_date = lru_cache(maxsize=4_096)(PartialDate)


def is_current() -> ColumnElement[bool]:
    """Build: the report is not of a referral, or of the newest version of it."""
    version = col(IncidentReportRow.referral_version)
    newest = (
        select(func.max(ReferralVersionRow.version))
        .where(col(ReferralVersionRow.involvement_id) == col(InvolvementRow.id))
        .correlate(InvolvementRow)
        .scalar_subquery()
    )
    return or_(version.is_(None), version == newest)


def incident_key(incident: str, crime_reference: str | None) -> str:
    """Return what makes two incidents one: a crime reference, or the incident itself."""
    return f"crime {crime_reference.casefold()}" if crime_reference else incident


def also_of(kinds: Iterable[str]) -> tuple[IncidentKind, ...]:
    """Return the kinds of these reports of one incident without that of the first."""
    return tuple(IncidentKind(kind) for kind in list(dict.fromkeys(kinds))[1:])
