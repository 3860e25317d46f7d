"""Which plans a filter lets through, in what order, and what is counted over them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.domain.conference.risk import Domain
from engine.domain.plans.actions import ActionStatus, DepartureReason
from engine.domain.plans.approval import WhyNot
from engine.domain.plans.lists import (
    ActionLine,
    DueIn,
    Owner,
    PlanFilter,
    PlanLine,
    Wishes,
    by_owner,
    choose,
    due_in,
)
from engine.domain.plans.reviews import ReviewCause, ReviewTrigger
from engine.domain.plans.versions import PlanState
from tests.plan_figures import figures_over

THURSDAY = date(2026, 11, 26)


def an_action(reference: str = "A-1", due: str = "2026-12-01", **changes: Any) -> ActionLine:
    """One open action in delivery."""
    line = ActionLine(
        reference=reference,
        agency="harbour",
        owner="A. Officer",
        owner_user=None,
        due=date.fromisoformat(due),
        status=ActionStatus.NOT_STARTED,
        serves=Domain.VIOLENCE,
        is_urgent=False,
        is_live=True,
        changed_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    )
    return line._replace(**changes)


def a_plan(case: str, *actions: ActionLine, **changes: Any) -> PlanLine:
    """One plan in delivery."""
    line = PlanLine(
        case=case,
        plan=f"P-{case}",
        version=1,
        state=PlanState.IN_DELIVERY,
        in_delivery=1,
        review=None,
        wishes=Wishes.FOLLOWED,
        departure=None,
        not_recorded_because=None,
        has_informer=False,
        actions=actions,
    )
    return line._replace(**changes)


def cases(plans: list[PlanLine], wanted: PlanFilter) -> list[str]:
    return [chosen.plan.case for chosen in choose(plans, wanted, today=THURSDAY)]


@pytest.mark.parametrize(
    ("due", "part"),
    [
        ("2026-11-25", DueIn.OVERDUE),
        ("2026-11-26", DueIn.WEEK_1),
        ("2026-11-29", DueIn.WEEK_1),
        ("2026-11-30", DueIn.WEEK_2),
        ("2027-01-17", DueIn.WEEK_8),
        ("2027-01-18", DueIn.LATER),
    ],
)
def test_a_week_is_monday_to_sunday_and_what_is_past_is_overdue(due: str, part: DueIn) -> None:
    assert due_in(date.fromisoformat(due), THURSDAY) is part


def test_the_plan_with_the_earliest_open_action_comes_first() -> None:
    done_early = an_action("A-3", "2026-10-01", status=ActionStatus.DONE)
    plans = [
        a_plan("none"),
        a_plan("late", an_action("A-1", "2026-12-09")),
        a_plan("early", an_action("A-2", "2026-12-01")),
        a_plan("done", done_early),
    ]
    assert cases(plans, PlanFilter()) == ["early", "late", "done", "none"]


def test_overdue_is_only_an_open_action_in_delivery() -> None:
    plans = [
        a_plan("late", an_action(due="2026-11-25")),
        a_plan("today", an_action(due="2026-11-26")),
        a_plan("done", an_action(due="2026-11-25", status=ActionStatus.DONE)),
        a_plan("draft", an_action(due="2026-11-25", is_live=False), state=PlanState.DRAFT),
    ]
    assert cases(plans, PlanFilter(overdue=True)) == ["late"]
    assert cases(plans, PlanFilter(due=DueIn.OVERDUE)) == ["late"]


def test_a_filter_of_actions_leaves_the_others_of_the_plan_out() -> None:
    plan = a_plan("R", an_action("A-1"), an_action("A-2", agency="lantern"))
    (chosen,) = choose([plan], PlanFilter(agency="lantern"), today=THURSDAY)
    assert [action.reference for action in chosen.actions] == ["A-2"]


def test_a_plan_whose_newer_version_waits_is_found_in_delivery_and_waiting() -> None:
    plans = [a_plan("R", an_action(), state=PlanState.WAITING, version=2)]
    assert cases(plans, PlanFilter(state=PlanState.IN_DELIVERY)) == ["R"]
    assert cases(plans, PlanFilter(state=PlanState.WAITING)) == ["R"]
    assert cases(plans, PlanFilter(state=PlanState.DRAFT)) == []


def test_an_ended_plan_is_in_delivery_no_more() -> None:
    plans = [a_plan("R", an_action(), state=PlanState.ENDED)]
    assert cases(plans, PlanFilter(state=PlanState.IN_DELIVERY)) == []


def test_an_action_is_somebodys_by_user_or_by_name_where_it_names_no_user() -> None:
    owner = Owner(user="kit", agency="harbour", display_name="Kit Arun")
    assert owner.owns(an_action(owner_user="kit"))
    assert owner.owns(an_action(owner="KIT ARUN"))
    assert not owner.owns(an_action(owner="Kit Arun", owner_user="another"))
    assert not owner.owns(an_action(owner="Kit Arun", agency="lantern"))


def test_by_owner_lists_agencies_from_a_to_z_and_open_actions_first() -> None:
    plan = a_plan(
        "R",
        an_action("A-1", agency="lantern"),
        an_action("A-2", status=ActionStatus.DONE),
        an_action("A-3", owner="Z. Last", due="2026-11-27"),
        an_action("A-4", owner="B. First", due="2026-12-20"),
    )
    names = {"lantern": "A lantern", "harbour": "Harbour"}
    listed = by_owner(choose([plan], PlanFilter(), today=THURSDAY), names=names)
    assert [each.actions[0].reference for each in listed] == ["A-1", "A-4", "A-3", "A-2"]


def test_figures_count_open_actions_in_delivery_by_week_and_agency() -> None:
    plans = [
        a_plan(
            "R",
            an_action("A-1", "2026-11-20"),
            an_action("A-2", "2026-11-27"),
            an_action("A-3", "2026-12-02", agency="lantern"),
            an_action("A-4", "2026-12-03", is_live=False),
            an_action("A-5", status=ActionStatus.DONE, done_at=datetime(2026, 11, 20, 9, tzinfo=UTC)),
            an_action("A-6", status=ActionStatus.NOT_POSSIBLE),
            an_action("A-7", status=ActionStatus.NOT_DONE),
            review=date(2026, 12, 10),
        ),
        a_plan("ended", an_action("A-8", "2026-11-01"), state=PlanState.ENDED),
    ]
    figures = figures_over(plans, today=THURSDAY)
    assert (figures.plans, figures.overdue, figures.overdue_cases) == (1, 1, 1)
    assert figures.oldest_overdue == date(2026, 11, 20)
    assert [week.actions for week in figures.weeks] == [1, 1, 0, 0, 0, 0, 0, 0]
    assert [week.reviews for week in figures.weeks] == [0, 0, 1, 0, 0, 0, 0, 0]
    harbour, lantern = figures.agencies
    assert harbour.model_dump() == {
        "agency": "harbour",
        "open": 2,
        "overdue": 1,
        "due_this_week": 1,
        "done_lately": 1,
        "not_possible": 1,
        "not_done": 1,
    }
    assert (lantern.open, lantern.overdue) == (1, 0)


def test_a_review_that_was_brought_forward_counts_today_and_one_past_its_date_as_overdue() -> None:
    def caused(*triggers: ReviewTrigger) -> tuple[ReviewCause, ...]:
        return tuple(ReviewCause(trigger=trigger, says="So.") for trigger in triggers)

    breach, overdue = ReviewTrigger.BREACH, ReviewTrigger.SCHEDULED
    plans = [
        a_plan("1", review=date(2026, 12, 10), review_causes=caused(breach, ReviewTrigger.INCIDENT)),
        a_plan("2", review=None, review_causes=caused(breach)),
        a_plan("3", review=date(2026, 11, 20), review_causes=caused(overdue, breach)),
        a_plan("4", review=None),
    ]
    figures = figures_over(plans, today=THURSDAY)
    assert (figures.brought_forward, figures.reviews_overdue, figures.reviews_dated) == (2, 1, 3)
    assert figures.brought_forward_by == {breach: 2, ReviewTrigger.INCIDENT: 1}
    assert figures.this_week.reviews == 2


def test_the_weeks_name_the_bank_holidays_that_close_offices() -> None:
    figures = figures_over([], today=THURSDAY)
    assert figures.bank_holidays == (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1))


def test_wishes_that_are_not_recorded_are_counted_as_neither() -> None:
    plans = [
        a_plan("1"),
        a_plan("2", wishes=Wishes.DEPARTED, departure=DepartureReason.CHILD, has_informer=True),
        a_plan("3", wishes=Wishes.DEPARTED),
        a_plan("4", wishes=Wishes.NOT_RECORDED, not_recorded_because=WhyNot.DECLINED),
    ]
    figures = figures_over(plans, today=THURSDAY)
    assert figures.wishes == {Wishes.FOLLOWED: 1, Wishes.DEPARTED: 2, Wishes.NOT_RECORDED: 1}
    assert figures.departures == {DepartureReason.CHILD: 1}
    assert figures.departing_without_informer == 1
    assert figures.not_recorded_because == {WhyNot.DECLINED: 1}
