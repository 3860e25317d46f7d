"""A plan while it is changed: what is refused, what is saved, and two people at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

from dashboard.plan_working import Working, begin, checked, empty, fields_of, onto, planned, refused_on
from engine.domain.plans.actions import ActionStatus, Side
from engine.domain.plans.versions import PlanState
from engine.domain.plans.views import ActionView, PlanView

TODAY = date(2026, 3, 2)
AGENCIES = ("harbour", "lantern")
USERS = {"kit": "harbour"}
NAMES = {"kit": "Kit Arun"}


def an_action(reference: str, what: str = "Check the locks.", **changes: object) -> ActionView:
    given = {
        "reference": reference,
        "what": what,
        "agency": "harbour",
        "owner": "A. Officer",
        "due": date(2026, 3, 20),
        "side": Side.VICTIM_SAFETY,
        "status": ActionStatus.NOT_STARTED,
        "status_note": None,
        "version": 1,
        "is_overdue": False,
        "is_live": False,
        "need": "housing",
        **changes,
    }
    return ActionView.model_validate(given)


def a_plan(*actions: ActionView, version: int = 1) -> PlanView:
    given = {
        "reference": "P-7K3M9QV",
        "version": version,
        "state": PlanState.DRAFT,
        "by": "chair",
        "at": datetime(2026, 3, 1, tzinfo=UTC),
        "reason": "Agreed.",
        "departs_from_wishes": None,
        "departure_reason": None,
        "actions": actions,
        "in_delivery_version": None,
        "in_delivery": (),
        "approval": None,
        "gate": (),
        "still_needed": (),
    }
    return PlanView.model_validate(given)


def typed(working: Working, name: str, **fields: object) -> Working:
    from dataclasses import replace

    row = working.row(name)
    return working.with_row(replace(row, typed={**row.typed, **fields}))


def check(working: Working) -> Working:
    return checked(working, agencies=AGENCIES, users=USERS, today=TODAY)


def test_an_action_that_was_not_touched_is_saved_as_it_is_with_what_has_no_field() -> None:
    working = check(begin(a_plan(an_action("A-1", due=date(2026, 1, 1)))))
    (action,) = planned(working, names=NAMES)
    assert (action.reference, action.what, action.need) == ("A-1", "Check the locks.", "housing")
    assert not working.faulty


def test_an_owner_who_is_a_user_is_saved_with_both_names() -> None:
    working = check(typed(begin(a_plan(an_action("A-1"))), "A-1", owner="kit"))
    (action,) = planned(working, names=NAMES)
    assert (action.owner, action.owner_user) == ("Kit Arun", "kit")


def test_each_fault_is_named_at_its_field() -> None:
    working = check(begin(None).with_new(empty(Side.INTERVENTION)))
    (row,) = working.faulty
    assert set(row.faults) == {"what", "agency", "owner", "due"}


def test_an_owner_at_another_agency_is_refused() -> None:
    working = check(typed(begin(a_plan(an_action("A-1"))), "A-1", owner="kit", agency="lantern"))
    assert working.row("A-1").faults == {"owner": "choose an owner at this agency"}


def test_a_new_date_that_is_past_is_refused_and_an_old_one_is_not() -> None:
    plan = a_plan(an_action("A-1", due=date(2026, 2, 1)), an_action("A-2"))
    working = check(typed(typed(begin(plan), "A-1", what="Changed."), "A-2", due="1 February 2026"))
    assert set(working.row("A-2").faults) == {"due"}
    assert not working.row("A-1").faults


def test_a_refused_change_stays_as_it_is_stored_and_a_refused_new_action_is_left_out() -> None:
    plan = a_plan(an_action("A-1"), an_action("A-2", "Call."))
    working = typed(typed(begin(plan), "A-1", what=""), "A-2", what="Call twice.")
    working = check(working.with_new(empty(Side.VICTIM_SAFETY)))
    assert [action.what for action in planned(working, names=NAMES)] == ["Check the locks.", "Call twice."]


def test_what_was_refused_is_kept_on_the_version_that_has_the_rest() -> None:
    plan = a_plan(an_action("A-1"), an_action("A-2"))
    working = check(typed(begin(plan), "A-1", what=""))
    saved = refused_on(working, a_plan(an_action("A-1"), an_action("A-2"), version=2))
    assert (saved.version, saved.open_row) == (2, "A-1")
    assert cast(str, saved.row("A-1").typed["what"]) == ""


def test_changes_go_onto_what_another_person_saved_first() -> None:
    mine = typed(begin(a_plan(an_action("A-1"), an_action("A-2"), an_action("A-3"))), "A-1", what="Mine.")
    mine = mine.without("A-3").with_new({**empty(Side.OTHERS_AT_RISK), "what": "New."})
    theirs = a_plan(
        an_action("A-1", "Theirs."),
        an_action("A-2", "Theirs too."),
        an_action("A-3"),
        an_action("A-4"),
        version=2,
    )
    merged = onto(mine, theirs)
    assert merged.version == 2
    assert [row.typed["what"] for row in merged.rows] == ["Mine.", "Theirs too.", "Check the locks.", "New."]
    assert "A-3" not in {row.name for row in merged.rows}


def test_of_an_action_that_both_changed_each_keeps_the_fields_that_they_typed() -> None:
    mine = typed(begin(a_plan(an_action("A-1"), an_action("A-2"))), "A-1", what="Mine.")
    mine = typed(mine, "A-2", what="Mine too.")
    theirs = a_plan(an_action("A-1", due=date(2026, 4, 1)), an_action("A-2"), version=2)
    both, only_mine = onto(mine, theirs).rows
    assert (both.typed["what"], both.typed["due"], both.saved_first) == ("Mine.", "1 April 2026", True)
    assert (only_mine.typed["what"], only_mine.saved_first) == ("Mine too.", False)


def test_fields_show_a_user_by_name_so_that_the_choice_finds_them() -> None:
    assert fields_of(an_action("A-1", owner="Kit Arun", owner_user="kit"))["owner"] == "kit"
