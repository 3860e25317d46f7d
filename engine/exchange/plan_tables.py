"""A list of plans as a table for a spreadsheet, one action a row. Gets a viewer's rows; adds nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, assert_never

from engine.domain.plans.lists import ListedAction, ListedPlan, TableForm
from engine.domain.shown import disarmed
from engine.exchange.headers import column_letter

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MARKING = "OFFICIAL-SENSITIVE"
SHEET = "Plans"
_CASE = ("Case", "Plan", "Version", "State", "Review", "Victim's wishes")
_NAMES = (
    "Review brought forward",
    "Police decision missing",
    "Victim",
    "Perpetrator",
    "Perpetrator's status",
)
_ACTION = ("Action", "Title", "Owner agency")
_OWNER = ("Owner",)
_REST = ("Due", "Overdue", "Status", "Risk domain")
_NOT_RECORDED = "not recorded"
_WIDEST = 60

Cell = str | int | date


def plan_table(
    plans: Sequence[ListedPlan], *, agencies: Mapping[str, str], sees_names: bool, form: TableForm
) -> bytes:
    """Return the plans as a file: a row for each action, and one for a plan without any."""
    headers = [*_CASE, *(_NAMES if sees_names else ()), *_ACTION, *(_OWNER if sees_names else ()), *_REST]
    rows = [
        _row(plan, action, agencies, sees_names=sees_names)
        for plan in plans
        for action in (plan.actions or (None,))
    ]
    match form:
        case "csv":
            return _csv(headers, rows)
        case "xlsx":
            return _xlsx(headers, rows)
        case _:
            assert_never(form)


def _row(
    plan: ListedPlan, action: ListedAction | None, agencies: Mapping[str, str], *, sees_names: bool
) -> list[Cell]:
    cells: list[Cell] = [plan.case, plan.plan, plan.version, plan.state.value]
    cells += [plan.review_due or "no date", plan.wishes.value]
    if sees_names:
        cells += [
            plan.brought_forward() or "no",
            " ".join(each.in_words for each in plan.not_decided) or "no",
        ]
        cells += [plan.victim or "", plan.perpetrator or "", plan.perpetrator_status or ""]
    if action is None:
        return [*cells, "no action"]
    cells += [action.reference, action.what, agencies.get(action.agency, action.agency)]
    if sees_names:
        cells.append(action.owner or _NOT_RECORDED)
    serves = action.serves.value if action.serves else _NOT_RECORDED
    return [*cells, action.due, "yes" if action.overdue else "no", action.status.value, serves]


def _csv(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return it with the byte-order mark that spreadsheets need to recognise UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow([disarmed(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    from openpyxl import Workbook  # slow to import, and needed only for this shape

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
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
        sheet.append([disarmed(cell) if isinstance(cell, str) else cell for cell in row])
    for index, header in enumerate(headers):
        letter = column_letter(index)
        sheet[f"{letter}1"].font = Font(bold=True)
        longest = max([len(header), *(len(str(row[index])) for row in rows if index < len(row))])
        sheet.column_dimensions[letter].width = min(_WIDEST, longest + 2)
    sheet.auto_filter.ref = sheet.dimensions
