"""Reports put in order: which are one incident, on which days, about whom. Forms no sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from engine.hooks.v1 import CaseAsked, PartialDate, RecordPointer
from plugins.police.records import IncidentRow, OffenceRow, PoliceRecords

_POINTERS_MOST = 40


@dataclass(frozen=True, kw_only=True)
class Reported:
    """Reports of one person by the day of asking, and the offences on each."""

    on: date
    reports: tuple[IncidentRow, ...]
    offences: dict[str, tuple[OffenceRow, ...]]

    @cached_property
    def dated(self) -> tuple[IncidentRow, ...]:
        """Those with a date, oldest first."""
        dated = (row for row in self.reports if row.happened)
        return tuple(sorted(dated, key=lambda row: (row.happened or "", row.incident_id)))

    @cached_property
    def by_victim(self) -> dict[str, list[IncidentRow]]:
        """The reports that say who was affected, by whom, in the order of their first reports."""
        found: dict[str, list[IncidentRow]] = defaultdict(list)
        undated = [row for row in self.reports if not row.happened]
        for row in (*self.dated, *undated):
            if row.victim_id:
                found[row.victim_id].append(row)
        return dict(found)

    def pointers_to_offences(self, offences: Iterable[OffenceRow]) -> tuple[RecordPointer, ...]:
        """Return pointers to these offences, dated as their reports are.

        Return only the newest when there are very many.
        """
        happened = {row.incident_id: row.happened for row in self.reports}
        newest = sorted(offences, key=lambda each: (happened[each.incident_id] or "", each.offence_id))
        return tuple(
            RecordPointer(record=each.offence_id, kind="offence", dated=happened[each.incident_id])
            for each in newest[-_POINTERS_MOST:]
        )

    def of_this_case(self, case: CaseAsked) -> str | None:
        """Return which of the victims this case is about, where a crime reference shows it."""
        asked = {_plain(each.crime_reference) for each in case.incidents if each.crime_reference}
        found = {
            row.victim_id for row in self.reports if row.victim_id and _plain(row.crime_reference) in asked
        }
        return found.pop() if len(found) == 1 else None


def reported_of(held: PoliceRecords, person: str, *, on: date) -> Reported:
    """Return what is reported of this person; what happened after the day of asking is left out."""
    rows = tuple(
        row for row in held.incidents.get(person, []) if row.happened is None or row.happened.earliest <= on
    )
    return Reported(
        on=on,
        reports=rows,
        offences={
            row.incident_id: tuple(
                sorted(held.offences.get(row.incident_id, []), key=lambda o: not o.principal)
            )
            for row in rows
        },
    )


def as_incidents(rows: Iterable[IncidentRow]) -> list[list[IncidentRow]]:
    """Return reports by incident: those that share a crime reference are one."""
    found: dict[str, list[IncidentRow]] = defaultdict(list)
    for row in rows:
        found[_plain(row.crime_reference) or f"report {row.incident_id}"].append(row)
    return list(found.values())


def different_days(rows: Iterable[IncidentRow]) -> int:
    """Return on how many different days these reports were at the least:
    dates that can be one day count once.
    """
    spans = sorted((row.happened.latest, row.happened.earliest) for row in rows if row.happened)
    days, last = 0, date.min
    for latest, earliest in spans:
        if earliest > last:
            days, last = days + 1, latest
    return days


def within(rows: Iterable[IncidentRow], days: int, on: date) -> tuple[list[IncidentRow], list[IncidentRow]]:
    """Return the reports of the days up to that day, and those that may be of them:
    their dates are not exact.
    """
    since = on - timedelta(days=days)
    inside, perhaps = [], []
    for row in rows:
        if row.happened is None or row.happened.earliest <= since < row.happened.latest:
            perhaps.append(row)
        elif row.happened.earliest > since:
            inside.append(row)
    return inside, perhaps


def span_of(rows: Sequence[IncidentRow]) -> str:
    """Return ``between 1 March 2025 and 9 October 2026``, ``on 1 March 2025``;
    empty when no date is recorded.
    """
    dates = sorted(row.happened for row in rows if row.happened)
    if not dates:
        return ""
    first, last = PartialDate(dates[0]), PartialDate(dates[-1])
    return f" {on_day(first)}" if first == last else f" between {first.in_words()} and {last.in_words()}"


def on_day(day: PartialDate | None) -> str:
    """Return ``on 1 March 2025``, ``in March 2025``."""
    if day is None:
        return "on a date not recorded"
    return f"{'on' if day.is_whole_day else 'in'} {day.in_words()}"


def pointers_to(rows: Sequence[IncidentRow]) -> tuple[RecordPointer, ...]:
    """Return pointers to the reports, the newest when there are very many."""
    newest = sorted(rows, key=lambda row: (row.happened or "", row.incident_id))[-_POINTERS_MOST:]
    return tuple(RecordPointer(record=row.incident_id, kind="report", dated=row.happened) for row in newest)


def _plain(reference: str | None) -> str:
    """Return it for comparing: each force writes crime references its own way, so only case and spaces go."""
    return "".join((reference or "").upper().split())
