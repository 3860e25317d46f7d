"""A workbook as given rows: the sheet of referrals, and the incidents of a second one. No column's rules.

The whole workbook is read through before its first row is handed on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, WorkbookUnconfirmedError
from engine.exchange.columns import INCIDENTS_SHEET, REFERRALS_SHEET
from engine.exchange.headers import BELOW_A_BLANK_HEADER, bind_header, bind_incident_header, column_letter
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import ColumnMapping
from engine.exchange.raw_row import Bound, Broken, Cell, Given, GivenIncident, Shape, Unread, original_of
from engine.exchange.rows import CellFault
from engine.exchange.workbooks import Book, opened_book
from engine.exchange.xlsx_parts import Sheet
from engine.exchange.xlsx_sheet import SheetRow

_REFERENCE = "source_reference"
_MOST_FAULTS = 20
_ON_INCIDENTS = f"sheet '{INCIDENTS_SHEET}'"


class _Layout(NamedTuple):
    sheet: Sheet
    names: list[str]
    columns: list[Bound | None]


class _IncidentRows(NamedTuple):
    """The sheet of incidents: its rows by their referral's reference, and those in which none can be read."""

    rows: dict[str, list[Given]]
    loose: list[Given | Broken]


def read_workbook_rows(
    path: Path,
    *,
    mapping: ColumnMapping,
    default_source: str | None,
    limits: FileLimits,
    is_confirmed: bool = False,
) -> tuple[Shape, Iterator[Given | Broken]]:
    """Return how the workbook counts days, and its rows.

    Raises InvalidInputError at once if it cannot be read whole.

    A workbook that hides what its cells show is refused (WorkbookUnconfirmedError) unless a person has viewed
    it and confirmed how it is read.
    """
    with opened_book(path, limits) as book:
        sheet, told_on = _sheets(book)
        rows = book.rows(sheet)
        header = next(rows, None)
        if header is None:
            raise InvalidInputError(
                "file", "the sheet of referrals is empty; it needs a header and a row for each"
            )
        names = _names(header, limits)
        columns = bind_header(names, mapping=mapping, default_source=default_source)
        layout = _Layout(sheet, names, columns)
        dates = Counter[str]()
        uses = Counter[str]()
        for row in rows:
            uses[_reference(row, columns)] += 1
            dates.update(_dates(row, columns))
        if not uses.total():
            raise InvalidInputError("file", "it has a header but no referrals; add one row for each referral")
        answer = _incidents(book, told_on, mapping, limits) if told_on else _IncidentRows({}, [])
        for given in (each for rows_told in answer.rows.values() for each in rows_told):
            dates.update(bound.shown for bound, cell in given.cells if isinstance(cell, PartialDate))
        if book.hides_formats and not is_confirmed:
            raise WorkbookUnconfirmedError(dates)
    return Shape(book.counts_days_from), _rows(path, layout, answer, uses, limits)


def _rows(
    path: Path, layout: _Layout, answer: _IncidentRows, uses: Counter[str], limits: FileLimits
) -> Iterator[Given | Broken]:
    with opened_book(path, limits) as book:
        rows = book.rows(layout.sheet)
        next(rows, None)
        for row in rows:
            given = _given(row, layout, limits)
            reference = _reference(row, layout.columns)
            if isinstance(given, Given) and reference in answer.rows:
                given = _with_incidents(given, answer.rows[reference], is_ambiguous=uses[reference] > 1)
            yield given
    orphans = [row for reference, rows in answer.rows.items() if reference not in uses for row in rows]
    if answer.loose or orphans:
        yield _left_over([*answer.loose, *orphans])


def _with_incidents(given: Given, rows: list[Given], *, is_ambiguous: bool) -> Given:
    """Return the referral with its rows of the other sheet; its original is then one JSON text of both."""
    if is_ambiguous:
        reason = (
            f"several rows have this reference, so it is not clear which one the {_ON_INCIDENTS} belong to"
        )
        return given._replace(faults=(*given.faults, CellFault(column=_REFERENCE, reason=reason)))
    originals = ", ".join(row.original for row in rows)
    return given._replace(
        incidents=tuple(GivenIncident(f"{_ON_INCIDENTS}, row {row.row}", row.cells) for row in rows),
        original=f'{{"referral": {given.original}, "incidents": [{originals}]}}',
        faults=(*given.faults, *(fault for row in rows for fault in row.faults)),
    )


def _left_over(rows: list[Given | Broken]) -> Broken:
    """Return one fault, at the header's row, for all incidents that belong to no referral of the file."""
    numbers = sorted(row.row for row in rows)
    listed = ", ".join(str(number) for number in numbers[:20]) + (" and more" if len(numbers) > 20 else "")
    originals = ", ".join(row.original for row in rows[:1_000])
    reason = f"{_ON_INCIDENTS}: no referral of this file has the reference in row {listed}; correct it"
    return Broken(1, _REFERENCE, reason, f"[{originals}]", may_hold_an_alarm=False)


def _sheets(book: Book) -> tuple[Sheet, Sheet | None]:
    sheets = book.sheets()
    by_name = {sheet.name.strip().casefold(): sheet for sheet in sheets}
    told_on = by_name.get(INCIDENTS_SHEET)
    if REFERRALS_SHEET in by_name:
        return by_name[REFERRALS_SHEET], told_on
    others = [sheet for sheet in sheets if sheet.visible and sheet is not told_on]
    filled = [sheet for sheet in others if next(book.rows(sheet), None)]
    if len(filled) > 1:
        raise InvalidInputError(
            "file", f"several sheets have content; name the one with the referrals '{REFERRALS_SHEET}'"
        )
    if not filled:
        raise InvalidInputError(
            "file", "the workbook is empty; it needs a header and a row for each referral"
        )
    return filled[0], told_on


def _names(header: SheetRow, limits: FileLimits) -> list[str]:
    width = max(header.cells) + 1
    if width > limits.columns:
        raise InvalidInputError(
            "header", f"more than {limits.columns} columns; remove those that are not needed"
        )
    cells = [header.cells.get(index, "") for index in range(width)]
    for index, cell in enumerate(cells):
        if not isinstance(cell, str):
            raise InvalidInputError(
                f"header, column {column_letter(index)}", "not a text; write the column's name"
            )
    return [str(cell) for cell in cells]


def _given(row: SheetRow, layout: _Layout, limits: FileLimits) -> Given | Broken:
    names, columns = layout.names, layout.columns
    if row.too_many:
        return Broken(row.row, None, "has far more cells than any header; remove them", "{}")
    cells: list[tuple[Bound, Cell]] = []
    faults: list[CellFault] = []
    original: dict[str, object] = {}
    for index, cell in row.cells.items():
        is_named = index < len(names) and bool(names[index].strip())
        name = names[index] if is_named else column_letter(index)
        original[name] = cell.given if isinstance(cell, Unread) else cell
        bound = columns[index] if index < len(columns) else None
        if bound is not None:
            cells.append((bound, cell))
        elif not is_named and len(faults) < _MOST_FAULTS:
            faults.append(CellFault(column=name, reason=BELOW_A_BLANK_HEADER))
    return Given(row.row, cells, original_of(original, longest=limits.cell_characters), faults=tuple(faults))


def _incidents(book: Book, sheet: Sheet, mapping: ColumnMapping, limits: FileLimits) -> _IncidentRows:
    rows = book.rows(sheet)
    header = next(rows, None)
    answer = _IncidentRows(defaultdict(list), [])
    if header is None:
        return answer
    names = _names(header, limits)
    columns = bind_incident_header(names, mapping=mapping)
    there = _Layout(sheet, names, columns)
    for row in rows:
        given = _given(row, there, limits)
        reference = _reference(row, columns)
        if isinstance(given, Broken) or not reference:
            answer.loose.append(given)
            continue
        where = f"{_ON_INCIDENTS}, row {row.row}"
        faults = tuple(CellFault(column=f.column, reason=f"{where}: {f.reason}") for f in given.faults)
        cells = [(bound, cell) for bound, cell in given.cells if bound.place.column.name != _REFERENCE]
        answer.rows[reference].append(given._replace(cells=cells, faults=faults))
    return answer


def _dates(row: SheetRow, columns: list[Bound | None]) -> Iterator[str]:
    """Yield the column of each date in a row."""
    for index, cell in row.cells.items():
        bound = columns[index] if index < len(columns) else None
        if bound is not None and isinstance(cell, PartialDate):
            yield bound.shown


def _reference(row: SheetRow, columns: list[Bound | None]) -> str:
    """Return the row's reference as both sheets write it; blank if it has none that can be read."""
    for index, cell in row.cells.items():
        bound = columns[index] if index < len(columns) else None
        if bound is not None and bound.place.name == _REFERENCE:
            if isinstance(cell, float) and cell.is_integer():
                return str(int(cell))
            return "" if isinstance(cell, Unread) else str(cell).strip()
    return ""
