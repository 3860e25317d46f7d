"""A list of plans as a file: read back by another library, without formulas, without names for a manager."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from python_calamine import CalamineWorkbook

from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.changes import NotDecidedByPolice
from engine.domain.plans.lists import ListedAction, ListedPlan, Wishes
from engine.domain.plans.reviews import ReviewCause, ReviewTrigger
from engine.domain.plans.versions import PlanState
from engine.exchange.plan_tables import SHEET, plan_table

AGENCIES = {"harbour": "Harbour Office"}


def an_action(**changes: Any) -> ListedAction:
    given = {
        "reference": "A-7K3M9QV",
        "what": "Check home security.",
        "library_title": None,
        "agency": "harbour",
        "owner": "A. Officer",
        "owner_user": None,
        "due": date(2026, 3, 20),
        "status": ActionStatus.IN_PROGRESS,
        "overdue": True,
        "serves": None,
        "is_urgent": False,
        "is_live": True,
        "evidence": None,
    }
    return ListedAction.model_validate({**given, **changes})


def a_plan(*actions: ListedAction, **changes: Any) -> ListedPlan:
    given = {
        "case": "R-7K3M9QV",
        "plan": "P-7K3M9QV",
        "version": 2,
        "in_delivery": 2,
        "state": PlanState.IN_DELIVERY,
        "review": date(2026, 4, 1),
        "review_due": date(2026, 4, 1),
        "wishes": Wishes.NOT_RECORDED,
        "departure": None,
        "not_recorded_because": None,
        "victim": "Amira K.",
        "perpetrator": "Daniel R.",
        "perpetrator_status": "alleged",
        "actions": actions,
        "others": 0,
    }
    return ListedPlan.model_validate({**given, **changes})


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_an_xlsx_file_is_read_back_by_another_library_cell_by_cell() -> None:
    content = plan_table([a_plan(an_action())], agencies=AGENCIES, sees_names=True, form="xlsx")
    headers, row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(SHEET).to_python()
    cells = dict(zip(headers, row, strict=True))
    assert cells["Case"] == "R-7K3M9QV"
    assert cells["Victim's wishes"] == "not recorded"
    assert cells["Owner agency"] == "Harbour Office"
    assert cells["Due"] == date(2026, 3, 20)
    assert (cells["Overdue"], cells["Status"], cells["Risk domain"]) == ("yes", "in progress", "not recorded")


def test_a_review_that_was_brought_forward_says_why_and_a_manager_is_not_told() -> None:
    cause = ReviewCause(trigger=ReviewTrigger.BREACH, says="Breach of an order, 2 March 2026.")
    missing = NotDecidedByPolice(
        incident="I-7K3M9QV", kind=IncidentKind.BREACH, happened=PartialDate("2026-03-02")
    )
    plan = a_plan(an_action(), review_due=date(2026, 3, 4), review_causes=(cause,), not_decided=(missing,))
    headers, row = rows_of(plan_table([plan], agencies={}, sees_names=True, form="csv"))
    cells = dict(zip(headers, row, strict=True))
    assert cells["Review"] == "2026-03-04"
    assert cells["Review brought forward"] == (
        "Brought forward from 1 April 2026 because: Breach of an order, 2 March 2026."
    )
    assert cells["Police decision missing"] == missing.in_words
    nameless = rows_of(plan_table([plan], agencies={}, sees_names=False, form="csv"))
    assert not {"Review brought forward", "Police decision missing"} & set(nameless[0])
    assert not any("Breach" in cell for cell in nameless[1])


def test_no_cell_is_run_by_a_spreadsheet() -> None:
    hostile = an_action(what="=HYPERLINK(0)", owner="@SUM(1)")
    given: dict[str, Any] = {"agencies": {"harbour": "+cmd"}, "sees_names": True}
    plan = a_plan(hostile, victim="-Amira")
    for cells in (
        rows_of(plan_table([plan], **given, form="csv"))[1],
        CalamineWorkbook.from_filelike(io.BytesIO(plan_table([plan], **given, form="xlsx")))
        .get_sheet_by_name(SHEET)
        .to_python()[1],
    ):
        assert not [cell for cell in cells if str(cell).startswith(("=", "+", "-", "@"))]
        assert {"'=HYPERLINK(0)", "'@SUM(1)", "'+cmd", "'-Amira"} <= set(cells)


def test_without_names_there_is_no_column_of_people() -> None:
    headers, row = rows_of(plan_table([a_plan(an_action())], agencies={}, sees_names=False, form="csv"))
    assert not {"Victim", "Perpetrator", "Perpetrator's status", "Owner"} & set(headers)
    assert not {"Amira K.", "Daniel R.", "A. Officer"} & set(row)
    assert len(headers) == len(row)


def test_a_plan_without_an_action_has_a_row_that_says_so() -> None:
    headers, row = rows_of(plan_table([a_plan()], agencies={}, sees_names=True, form="csv"))
    assert dict(zip(headers, row, strict=False))["Action"] == "no action"
