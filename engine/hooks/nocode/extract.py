"""The sheets of an agency without Python, read by its mapping. Forms no sentence and guesses nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from engine.hooks.nocode.definition import definition
from engine.hooks.nocode.mapping import FindingMapped, PeopleMapped, ViewsMapped
from engine.hooks.nocode.person_rows import PersonsDescribed, described
from engine.hooks.nocode.reporting import link_of, order_of
from engine.hooks.nocode.sheet_mapping import SheetMapped
from engine.hooks.nocode.sheets import Row, read_sheet
from engine.hooks.v1 import (
    AgencyRecords,
    Domain,
    Level,
    PersonIndex,
    RecordedLink,
    RecordedView,
    RecordsExpected,
    ReportedOrder,
    once_per_extract,
)


@dataclass(frozen=True, kw_only=True)
class PersonHeldHere:
    """All rows that concern one person."""

    row: Row
    rows: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    filled: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    views: list[RecordedView] = field(default_factory=list)
    orders: list[ReportedOrder] = field(default_factory=list)
    links: list[RecordedLink] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Held:
    """The whole extract; ``who`` are its people as they can be found."""

    index: PersonIndex
    people: dict[str, PersonHeldHere]
    who: PersonsDescribed

    @property
    def doubts(self) -> tuple[str, ...]:
        """Gaps of every answer: what of the sheet of people was not used."""
        return self.who.doubts


@once_per_extract
def own_records(records: AgencyRecords) -> Held:
    """Read every sheet. Raises RecordsUnreadableError."""
    mapping = definition().mapping
    people: dict[str, PersonHeldHere] = {}
    for row in _sheet(records, mapping.people):
        key = row.number(mapping.people.record)
        if key in people:
            raise row.twice(mapping.people.record)
        row.require_readable(_beside_who(mapping.people))
        _dates_are_dates(row, mapping.people.findings)
        if mapping.people.last_checked is not None:
            row.whole_day(mapping.people.last_checked)
        people[key] = PersonHeldHere(row=row)
    who = described(mapping.people, {key: person.row for key, person in people.items()}, on=records.dated)
    index = PersonIndex(who.persons, table=who.table)
    for place, table in enumerate(mapping.table):
        for row in _unique(_sheet(records, table), table):
            _dates_are_dates(row, table.findings)
            _whose(people, row, table.person).rows[place].append(row)
    for place, form in enumerate(mapping.instrument):
        for row in _unique(_sheet(records, form), form):
            for item in form.items.values():
                row.meaning(item.column, item.words)
            _whose(people, row, form.person).filled[place].append(row)
    if mapping.views is not None:
        for row in _unique(_sheet(records, mapping.views), mapping.views):
            _whose(people, row, mapping.views.person).views.append(_view(mapping.views, row))
    if mapping.orders is not None:
        for row in _unique(_sheet(records, mapping.orders), mapping.orders):
            order = order_of(mapping.orders, row, records=mapping.looked_in[0])
            _whose(people, row, mapping.orders.person).orders.append(order)
    if mapping.links is not None:
        for row in _unique(_sheet(records, mapping.links), mapping.links):
            _whose(people, row, mapping.links.person).links.append(link_of(mapping.links, row))
    return Held(index=index, people=people, who=who)


def _sheet(records: AgencyRecords, mapped: SheetMapped) -> tuple[Row, ...]:
    return read_sheet(records.folder, mapped.file, mapped.sheet, mapped.reads)


def _beside_who(mapped: PeopleMapped) -> tuple[str, ...]:
    return tuple(column for column in mapped.reads if column not in mapped.matched_on)


def _unique(rows: tuple[Row, ...], mapped: SheetMapped) -> tuple[Row, ...]:
    seen: set[str] = set()
    for row in rows:
        row.require_readable(mapped.reads)
        key = row.number(mapped.record)
        if key in seen:
            raise row.twice(mapped.record)
        seen.add(key)
    return rows


def _whose(people: dict[str, PersonHeldHere], row: Row, column: str) -> PersonHeldHere:
    """Return the person of a row.

    A row of an unknown person breaks the extract: it would be lost unnoticed.
    """
    person = people.get(row.text(column))
    if person is None:
        raise row.broken(column, RecordsExpected.PERSON)
    return person


def _dates_are_dates(row: Row, findings: tuple[FindingMapped, ...]) -> None:
    dates = set(definition().mapping.dates)
    for finding in findings:
        for column in finding.columns:
            if column in dates:
                row.day(column)


def _view(mapped: ViewsMapped, row: Row) -> RecordedView:
    domains = mapped.domains or {domain.value: domain for domain in Domain}
    levels = mapped.levels or {level.value: level for level in Level}
    domain, level = row.meaning(mapped.domain, domains), row.meaning(mapped.level, levels)
    recorded = row.day(mapped.recorded_on)
    if domain is None:
        raise row.broken(mapped.domain, RecordsExpected.WORD)
    if level is None:
        raise row.broken(mapped.level, RecordsExpected.WORD)
    if recorded is None or not recorded.is_whole_day:
        raise row.broken(mapped.recorded_on, RecordsExpected.WHOLE_DATE)
    try:
        return RecordedView(
            view_id=row.text(mapped.record),
            person_id=row.text(mapped.person),
            domain=domain,
            level=level,
            reasons=row.text(mapped.reasons),
            how_soon=row.meaning(mapped.how_soon, mapped.how_soons) if mapped.how_soon else None,
            recorded_by=row.text(mapped.recorded_by),
            post=row.text(mapped.post),
            recorded_on=recorded.earliest,
        )
    except ValueError:  # a text that is too long or too short for a view
        raise row.broken(mapped.reasons, RecordsExpected.TEXT) from None
