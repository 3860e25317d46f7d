"""Reports on actions: what was delivered, and undoing one's own last report for ten minutes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import ActionStatus, Delivered
from engine.services.plans.actions import act, undo_report
from engine.services.plans.versions import make_plan
from tests.builders import TOY_CODES, Desk, a_plan, approve, with_toys
from tests.dashboard.visits import decided, opened, screened


@pytest.fixture
def action(desk: Desk) -> str:
    with_toys(desk)
    reference = screened(desk)
    opened(desk, reference)
    decided(desk, reference)
    planned = make_plan(
        desk.context(desk.chair), reference=reference, plan=a_plan(agency="harbour"), agencies=TOY_CODES
    )
    approve(desk, reference)
    return planned.actions[0]


def test_a_report_says_when_how_often_and_how_long(desk: Desk, action: str) -> None:
    delivered = Delivered(done_on=date(2026, 3, 1), sessions=2, minutes=90)
    stored = act(desk.context(desk.chair), action=action, status=ActionStatus.DONE, delivered=delivered)
    assert (stored.done_on, stored.sessions, stored.minutes) == (date(2026, 3, 1), 2, 90)
    assert stored.reported_by == "chair"
    with pytest.raises(InvalidInputError, match="in the future"):
        act(
            desk.context(desk.chair),
            action=action,
            status=ActionStatus.DONE,
            delivered=Delivered(done_on=date(2026, 3, 3)),
        )


def test_ones_own_last_report_is_undone_within_ten_minutes(desk: Desk, action: str) -> None:
    context = desk.context(desk.chair)
    first = act(context, action=action, status=ActionStatus.IN_PROGRESS, note="Begun.")
    act(context, action=action, status=ActionStatus.DONE, delivered=Delivered(sessions=1))
    undone = undo_report(context, action=action)
    assert (undone.status, undone.status_note, undone.sessions) == (ActionStatus.IN_PROGRESS, "Begun.", None)
    assert undone.reported_at == first.reported_at
    with pytest.raises(InvalidInputError, match="only your own last report"):
        undo_report(context, action=action)  # an undone one is not undone again
    act(context, action=action, status=ActionStatus.DONE)
    with pytest.raises(InvalidInputError, match="only your own last report"):
        undo_report(desk.context(desk.coordinator), action=action)
    desk.clock.forward(timedelta(minutes=10, seconds=1))
    with pytest.raises(InvalidInputError, match="within 10 minutes"):
        undo_report(context, action=action)


def test_the_first_report_undone_leaves_an_action_that_has_not_started(desk: Desk, action: str) -> None:
    context = desk.context(desk.chair)
    act(context, action=action, status=ActionStatus.NOT_DONE, note="The wrong row.")
    undone = undo_report(context, action=action)
    assert (undone.status, undone.status_note, undone.reported_by) == (ActionStatus.NOT_STARTED, None, None)
