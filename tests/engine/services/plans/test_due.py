"""Actions that wait: late for the desk, within a week for their agency, and nothing once they are done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.plans.actions import ActionStatus
from engine.services.plans.actions import act, undo_report
from engine.services.plans.versions import make_plan
from tests.builders import TOY_CODES, Desk, a_plan, approve, with_toys
from tests.dashboard.visits import decided, opened, screened
from tests.due_rows import lines


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


@pytest.fixture
def action(desk: Desk, workers: dict[str, Acting]) -> str:
    reference = screened(desk)
    opened(desk, reference)
    decided(desk, reference)
    due = str(desk.clock.today() + timedelta(days=9))
    planned = make_plan(
        desk.context(desk.chair),
        reference=reference,
        plan=a_plan(agency="harbour", due=due),
        agencies=TOY_CODES,
    )
    approve(desk, reference)
    return planned.actions[0]


def waiting(desk: Desk, acting: Acting) -> list[tuple[str | None, bool]]:
    return [(each.action, each.is_overdue) for each in lines(desk, acting, "action")]


def test_an_action_waits_for_its_agency_a_week_before_and_for_the_desk_once_it_is_late(
    desk: Desk, workers: dict[str, Acting], action: str
) -> None:
    everybody = (workers["harbour"], workers["lantern"], desk.coordinator, desk.chair)
    assert [waiting(desk, each) for each in everybody] == [[], [], [], []]
    desk.clock.forward(timedelta(days=2))
    assert [waiting(desk, each) for each in everybody] == [[(action, False)], [], [], []]
    desk.clock.forward(timedelta(days=7))
    assert [waiting(desk, each) for each in everybody] == [[(action, False)], [], [], []]
    desk.clock.forward(timedelta(days=1))
    late = [(action, True)]
    assert [waiting(desk, each) for each in everybody] == [late, [], late, late]


def test_an_action_that_is_done_waits_for_nobody_and_waits_again_when_that_is_undone(
    desk: Desk, workers: dict[str, Acting], action: str
) -> None:
    desk.clock.forward(timedelta(days=10))
    context = desk.context(workers["harbour"])
    act(context, action=action, status=ActionStatus.IN_PROGRESS)
    (line,) = lines(desk, desk.chair, "action")
    assert (line.what, line.why) == (f"Action {action} of harbour", "harbour: in progress.")
    act(context, action=action, status=ActionStatus.DONE)
    assert waiting(desk, desk.chair) == waiting(desk, workers["harbour"]) == []
    undo_report(context, action=action)
    assert waiting(desk, desk.chair) == waiting(desk, workers["harbour"]) == [(action, True)]


def test_an_action_of_a_plan_that_is_not_approved_waits_for_nobody(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    opened(desk, reference)
    decided(desk, reference)
    plan = a_plan(agency="harbour").model_copy(update={"asks_approval": True})
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)
    desk.clock.forward(timedelta(days=90))
    assert waiting(desk, desk.chair) == waiting(desk, workers["harbour"]) == []
