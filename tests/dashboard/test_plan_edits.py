"""What an edited table means for the plan: rows by reference, whitelisted columns, nothing lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard import plan_edits
from dashboard.session import EditorChanges
from engine.domain.conference.risk import Domain
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import ActionStatus, PlannedAction
from engine.domain.plans.views import ActionView

TODAY = date(2026, 3, 2)
NAMES = {"harbour": "Harbour Office", "voice": "Her Voice"}


def an_action(reference: str, what: str = "Apply for an order.", **changes: object) -> ActionView:
    given: dict[str, object] = {
        "reference": reference,
        "what": what,
        "agency": "harbour",
        "owner": "A. Officer",
        "due": date(2026, 3, 20),
        "status": ActionStatus.NOT_STARTED,
        "status_note": None,
        "serves": Domain.VIOLENCE,
        "version": 1,
        "is_overdue": False,
        "is_live": True,
        **changes,
    }
    return ActionView.model_validate(given)


def changes(
    edited: dict[int, dict[str, Any]] | None = None,
    added: list[dict[str, Any]] | None = None,
    deleted: list[int] | None = None,
) -> EditorChanges:
    return EditorChanges(edited or {}, added or [], deleted or [])


def saved(
    opened_on: list[ActionView], given: EditorChanges, newest: list[ActionView] | None = None
) -> tuple[PlannedAction, ...]:
    return plan_edits.planned(
        opened_on=opened_on,
        newest=opened_on if newest is None else newest,
        changes=given,
        names=NAMES,
        today=TODAY,
    )


def test_an_untouched_table_is_the_same_plan() -> None:
    action = saved([an_action("A-1")], changes())[0]
    assert (action.reference, action.agency, action.serves) == ("A-1", "harbour", Domain.VIOLENCE)


def test_a_changed_cell_changes_its_row_alone() -> None:
    actions = saved([an_action("A-1"), an_action("A-2")], changes({1: {"Due": "2026-04-01"}}))
    assert [action.due for action in actions] == [date(2026, 3, 20), date(2026, 4, 1)]


def test_a_new_row_is_a_new_action_and_a_removed_one_leaves_the_plan() -> None:
    row = {"Action": "Fit a camera.", "Agency": "Her Voice", "Owner": "V. Worker", "Due": "2026-03-30"}
    actions = saved([an_action("A-1"), an_action("A-2")], changes(added=[row], deleted=[0]))
    assert [(action.reference, action.agency) for action in actions] == [("A-2", "harbour"), (None, "voice")]


def test_a_row_that_was_not_touched_keeps_what_somebody_else_saved_meanwhile() -> None:
    theirs = [an_action("A-1", due=date(2026, 5, 1)), an_action("A-2"), an_action("A-3", what="Their own.")]
    actions = saved([an_action("A-1"), an_action("A-2")], changes({1: {"Owner": "B. Officer"}}), theirs)
    assert [(a.reference, a.due, a.owner) for a in actions] == [
        ("A-1", date(2026, 5, 1), "A. Officer"),
        ("A-2", date(2026, 3, 20), "B. Officer"),
        ("A-3", date(2026, 3, 20), "A. Officer"),
    ]


def test_a_row_that_was_edited_here_and_removed_there_stays() -> None:
    actions = saved(
        [an_action("A-1"), an_action("A-2")], changes({0: {"Owner": "B. Officer"}}), [an_action("A-2")]
    )
    assert {action.reference for action in actions} == {"A-1", "A-2"}


def test_a_row_beyond_the_table_that_a_browser_forged_is_nothing() -> None:
    actions = saved([an_action("A-1")], changes({7: {"Owner": "Forged"}}, deleted=[9]))
    assert [action.owner for action in actions] == ["A. Officer"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "'Action', 'Agency', 'Owner' and 'Due' are empty"),
        ({"Action": "  ", "Agency": "Her Voice", "Owner": "V. W.", "Due": "2026-03-30"}, "'Action' is empty"),
        ({"Action": "Call.", "Agency": "Her Voice", "Due": "2026-03-30"}, "'Owner' is empty"),
        ({"Action": "Call.", "Agency": "Her Voice", "Owner": "V. W."}, "'Due' is empty"),
        ({"Action": "Call.", "Agency": "Her Voice", "Owner": "V. W.", "Due": "soon"}, "'Due' is not a date"),
        ({"Action": "Call.", "Agency": "Her Voice", "Owner": "V", "Due": "2026-03-30"}, "full name"),
        ({"Action": "Call.", "Agency": "Her Voice", "Owner": "V. W.", "Due": "1203-03-30"}, "before today"),
        ({"Action": "Call.", "Agency": "Her Voice", "Owner": "V. W.", "Due": "2037-03-30"}, "10 years ahead"),
    ],
)
def test_a_row_that_lacks_something_is_refused_by_its_number(row: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=f"action 2.*: .*{sentence}"):
        saved([an_action("A-1")], changes(added=[row]))


def test_a_plan_without_actions_is_no_plan() -> None:
    with pytest.raises(InvalidInputError, match="at least one action"):
        saved([an_action("A-1")], changes(deleted=[0]))


@pytest.mark.parametrize(
    "row",
    [{"Risk domain": "Whatever"}, {"Risk domain": 7}, {"Owner": {"a": 1}}, {"Action": 12}, {"Agency": True}],
)
def test_a_value_that_the_table_does_not_offer_is_refused_and_never_left_out(row: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="choose each value from its list"):
        saved([an_action("A-1")], changes({0: row}))


def test_every_row_that_lacks_something_is_named_by_its_place_on_the_screen() -> None:
    theirs = [an_action("A-0", what="Their own."), an_action("A-1"), an_action("A-2")]
    rows = [{"Action": "Call.", "Owner": "V. W.", "Due": "2026-03-30"}, {}]
    given = changes({1: {"Owner": None}}, added=rows, deleted=[0])
    with pytest.raises(InvalidInputError) as refused:
        saved([an_action("A-1"), an_action("A-2")], given, theirs)
    said = str(refused.value)
    assert said.startswith("action 1: 'Owner' is empty")
    assert "action 2: 'Agency' is empty" in said
    assert "action 3: 'Action', 'Agency', 'Owner' and 'Due' are empty" in said


def test_a_due_day_that_has_passed_may_stay_and_may_not_be_moved_into_the_past() -> None:
    late = an_action("A-1", due=date(2026, 2, 1))
    assert saved([late], changes({0: {"Owner": "B. Officer"}}))[0].due == date(2026, 2, 1)
    with pytest.raises(InvalidInputError, match="action 1, 'Due': this date is before today"):
        saved([late], changes({0: {"Due": "2026-02-02"}}))
