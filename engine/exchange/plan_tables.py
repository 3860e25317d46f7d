"""A list of plans as a table for a spreadsheet, one action a row. Gets a viewer's rows; adds nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.domain.plans.lists import ListedAction, ListedPlan, TableForm
from engine.exchange.table_files import Cell, table_file

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
    return table_file(headers, rows, sheet=SHEET, form=form)


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
