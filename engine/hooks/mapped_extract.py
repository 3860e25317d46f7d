"""An extract read through by its mapping, without a question: rows, and which of them a person is found by.

It gives counts, reasons and lines, and no cell. Its rows are asked about as their own columns name the
person, so that a mapping that reads another column is found out by the workbook itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress

from engine.domain.agencies.files import (
    MOST_NAMED,
    ExtractRead,
    OwnRowsAsked,
    RowsUnmatchable,
    TableRead,
)
from engine.hooks.matchable import name_fault
from engine.hooks.nocode.definition import definition
from engine.hooks.nocode.extract import Held, own_records
from engine.hooks.nocode.headings import Part, part_called
from engine.hooks.nocode.sentences import plain
from engine.hooks.nocode.sheet_mapping import SheetMapped
from engine.hooks.nocode.sheets import Row, heading_of, read_sheet
from engine.hooks.v1 import (
    AgencyRecords,
    FoundNobody,
    FoundOne,
    FoundUnclear,
    PartialDate,
    PersonAsked,
    read_date,
    sentence,
)
from engine.identity.names import divided


def read_through(records: AgencyRecords) -> ExtractRead:
    """Return what the mapping makes of every sheet. Raises RecordsUnreadableError."""
    held = own_records(records)
    return ExtractRead(
        tables=tuple(_tables(held)), doubts=held.doubts, own_rows=_own_rows_asked(records, held)
    )


def _tables(held: Held) -> Iterator[TableRead]:
    mapping = definition().mapping
    lines: dict[str, list[int]] = {}
    for person in held.who.persons:
        if person.why_not_matchable is not None:
            lines.setdefault(person.why_not_matchable.value, []).append(held.people[person.key].row.line)
    unmatchable = tuple(
        RowsUnmatchable(reason=sentence(reason), rows=len(places), lines=tuple(sorted(places)[:MOST_NAMED]))
        for reason, places in lines.items()
    )
    people = len(held.people)
    yield TableRead(
        table=_named(mapping.people),
        rows=people,
        matchable=people - sum(each.rows for each in unmatchable),
        unmatchable=unmatchable,
    )
    lost = {person.key for person in held.who.persons if person.why_not_matchable is not None}
    for place, table in enumerate(mapping.table):
        yield _of_them(table, lost, [(key, len(each.rows[place])) for key, each in held.people.items()])
    for place, form in enumerate(mapping.instrument):
        yield _of_them(form, lost, [(key, len(each.filled[place])) for key, each in held.people.items()])
    for sheet, counts in (
        (mapping.views, [(key, len(each.views)) for key, each in held.people.items()]),
        (mapping.orders, [(key, len(each.orders)) for key, each in held.people.items()]),
        (mapping.links, [(key, len(each.links)) for key, each in held.people.items()]),
    ):
        if sheet is not None:
            yield _of_them(sheet, lost, counts)


def _of_them(sheet: SheetMapped, lost: Collection[str], counts: list[tuple[str, int]]) -> TableRead:
    """Return a table about people: a row is matchable if its person is."""
    rows = sum(count for _, count in counts)
    left = sum(count for key, count in counts if key in lost)
    why = RowsUnmatchable(reason="Of a person who cannot be matched on.", rows=left)
    return TableRead(
        table=_named(sheet), rows=rows, matchable=rows - left, unmatchable=(why,) if left else ()
    )


def _named(sheet: SheetMapped) -> str:
    return plain(f"{sheet.file}, sheet {sheet.sheet}" if sheet.sheet else sheet.file)


def _own_rows_asked(records: AgencyRecords, held: Held) -> OwnRowsAsked | None:
    """Return how the index answers about each row's person, as the columns called name and birth give them.

    None when the sheet has no column that is called a name, or none that is called a date of birth.
    """
    mapped = definition().mapping.people
    heading = heading_of(records.folder, mapped.file, mapped.sheet)
    parts = {part: name for name in heading if (part := part_called(name)) and heading.count(name) == 1}
    has_name = Part.WHOLE_NAME in parts or {Part.FORENAME, Part.SURNAME} <= parts.keys()
    if not has_name or Part.BORN not in parts:
        return None
    columns = tuple(dict.fromkeys((mapped.record, *parts.values())))
    found = unclear = 0
    not_found, other_row = list[int](), list[int]()
    for row in read_sheet(records.folder, mapped.file, mapped.sheet, columns):
        person = _as_its_columns_name(row, parts)
        if person is None:
            continue
        match held.index.find(person):
            case FoundOne(key=key) if key == row.cells[mapped.record]:
                found += 1
            case FoundOne():
                other_row.append(row.line)
            case FoundUnclear():
                unclear += 1
            case FoundNobody():
                not_found.append(row.line)
    return OwnRowsAsked(
        asked=found + unclear + len(not_found) + len(other_row),
        found=found,
        unclear=unclear,
        not_found=tuple(not_found[:MOST_NAMED]),
        other_row=tuple(other_row[:MOST_NAMED]),
    )


def _as_its_columns_name(row: Row, parts: dict[Part, str]) -> PersonAsked | None:
    """Return the person of a row; None for one without a whole name, or without a whole date of birth."""
    born: PartialDate | None = None
    with suppress(ValueError):
        born = read_date(row.cells[parts[Part.BORN]] or "")
    if {Part.FORENAME, Part.SURNAME} <= parts.keys():
        forename, surname = (row.cells[parts[part]] or "" for part in (Part.FORENAME, Part.SURNAME))
    else:
        forename, surname = divided(row.cells[parts[Part.WHOLE_NAME]] or "")
    if born is None or not born.is_whole_day or not (forename and surname):
        return None
    if name_fault(f"{forename} {surname}") is not None:
        return None
    return PersonAsked(forename=forename, surname=surname, date_of_birth=born)
