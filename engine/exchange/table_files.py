"""A table of rows as a CSV or XLSX file for a spreadsheet, in which no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, assert_never

from engine.domain.plans.lists import TableForm
from engine.domain.shown import IN_PLACE_OF_A_CONTROL, disarmed
from engine.exchange.headers import column_letter

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MARKING = "OFFICIAL-SENSITIVE"
_WIDEST = 60

Cell = str | int | date


def table_file(
    headers: Sequence[str], rows: Sequence[Sequence[Cell]], *, sheet: str, form: TableForm
) -> bytes:
    """Return the table in this form; ``sheet`` is the name of the workbook's sheet."""
    match form:
        case "csv":
            return _csv(headers, rows)
        case "xlsx":
            return _xlsx(headers, rows, sheet)
        case _:
            assert_never(form)


def _csv(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return it with the byte-order mark that spreadsheets need to recognise UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow([disarmed(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(headers: Sequence[str], rows: Sequence[Sequence[Cell]], name: str) -> bytes:
    from openpyxl import Workbook  # slow to import, and needed only for this shape

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = name
    _fill(sheet, headers, rows)
    whole = io.BytesIO()
    workbook.save(whole)
    return whole.getvalue()


def _fill(sheet: Worksheet, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    from openpyxl.styles import Font

    sheet.freeze_panes = "A2"
    for line in (sheet.oddHeader, sheet.oddFooter):
        if line is not None:
            line.center.text = MARKING
    sheet.append(list(headers))
    for row in rows:
        sheet.append([_text(cell) if isinstance(cell, str) else cell for cell in row])
    for index, header in enumerate(headers):
        letter = column_letter(index)
        sheet[f"{letter}1"].font = Font(bold=True)
        longest = max([len(header), *(len(str(row[index])) for row in rows if index < len(row))])
        sheet.column_dimensions[letter].width = min(_WIDEST, longest + 2)
    sheet.auto_filter.ref = sheet.dimensions


def _text(cell: str) -> str:
    """Return a cell without controls, which a workbook cannot have, and that no spreadsheet runs."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return disarmed(ILLEGAL_CHARACTERS_RE.sub(IN_PLACE_OF_A_CONTROL, cell))
