"""Empty referral files of the right shape, with one invented example. Knows the columns and nothing else."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Literal, assert_never

from engine.exchange.columns import (
    COLUMNS,
    INCIDENT_COLUMNS,
    INCIDENTS_SHEET,
    REFERRALS_SHEET,
    Column,
    placed,
)
from engine.exchange.headers import column_letter

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TemplateKind = Literal["csv", "xlsx", "json"]

_INCIDENTS_IN_A_ROW = 3
_ROWS_WITH_LISTS = 2_000
_REFERENCE = "source_reference"


def template(kind: TemplateKind) -> bytes:
    """Return a file of this kind with one example row, ready to be filled in.

    The user deletes the example.
    """
    match kind:
        case "csv":
            return _csv()
        case "xlsx":
            return _xlsx()
        case "json":
            return _json()
        case _:
            assert_never(kind)


def _csv() -> bytes:
    """Return it with a byte-order mark, by which spreadsheets know UTF-8."""
    numbers = range(1, _INCIDENTS_IN_A_ROW + 1)
    places = [*(placed(column) for column in COLUMNS)]
    places += [placed(column, number) for number in numbers for column in INCIDENT_COLUMNS]
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(place.name for place in places)
    rows.writerow(place.column.example if place.incident in (None, 1) else "" for place in places)
    return text.getvalue().encode("utf-8-sig")


def _json() -> bytes:
    referral: dict[str, object] = {column.name: column.example for column in COLUMNS}
    referral[INCIDENTS_SHEET] = [{column.name: column.example for column in INCIDENT_COLUMNS}]
    return (json.dumps({"referrals": [referral]}, indent=2, ensure_ascii=False) + "\n").encode()


def _xlsx() -> bytes:
    from openpyxl import Workbook  # slow to import, and needed only for this shape

    workbook = Workbook()
    referrals = workbook.worksheets[0]
    referrals.title = REFERRALS_SHEET
    _fill(referrals, COLUMNS)
    _fill(
        workbook.create_sheet(INCIDENTS_SHEET),
        tuple(column for column in COLUMNS if column.name == _REFERENCE) + INCIDENT_COLUMNS,
    )
    whole = io.BytesIO()
    workbook.save(whole)
    return whole.getvalue()


def _fill(sheet: Worksheet, columns: tuple[Column, ...]) -> None:
    """Write a header and one row, all formatted as text, so that the spreadsheet turns nothing into dates."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns):
        letter = column_letter(index)
        sheet.column_dimensions[letter].width = max(14, min(40, len(column.name) + 2))
        sheet.column_dimensions[letter].number_format = "@"
        sheet[f"{letter}1"] = column.name
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet[f"{letter}2"] = column.example
        sheet[f"{letter}2"].number_format = "@"
        if column.choices:
            words = f'"{",".join(column.choices)}"'
            rule = DataValidation(type="list", formula1=words, allow_blank=True, showErrorMessage=True)
        else:
            rule = DataValidation(
                type="textLength", operator="lessThanOrEqual", formula1=str(column.longest), allow_blank=True
            )
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.name[:32], column.help[:255], True
        rule.add(f"{letter}2:{letter}{_ROWS_WITH_LISTS}")
        sheet.add_data_validation(rule)
