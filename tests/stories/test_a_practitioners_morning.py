"""A practitioner's morning and a manager's ten minutes, on the pages that each arrives at."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from dashboard.downloads import MAKERS, PLANS_CSV
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.plans.actions import ActionStatus, PlanGiven, PlannedAction
from engine.services.plans.actions import act
from engine.services.plans.own_actions import own_actions
from engine.services.plans.versions import make_plan
from tests.builders import TOY_CODES, Desk
from tests.dashboard.conftest import _the_program_stays_what_it_was, desk, visits, workers
from tests.dashboard.visits import Visits, asked, decided, opened

__all__ = ["_the_program_stays_what_it_was", "desk", "visits", "workers"]


def an_urgent_action(what: str, agency: str, due: str) -> PlannedAction:
    """It starts at once, before anybody approves the plan."""
    given = {"what": what, "agency": agency, "owner": "A. Officer", "due": due, "is_urgent": True}
    return PlannedAction.model_validate({**given, "owner_user": f"{agency}-worker"})


def a_planned_case(desk: Desk) -> str:
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    actions = (
        an_urgent_action("Change the locks.", "harbour", "2026-03-03"),
        an_urgent_action("Call on Friday.", "harbour", "2026-03-06"),
        an_urgent_action("Check for trackers.", "lantern", "2026-03-20"),
    )
    plan = PlanGiven(actions=actions, reason="Agreed.")
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)
    return reference


def test_a_practitioner_sees_reports_undoes_and_reads_what_others_did(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = a_planned_case(desk)
    desk.clock.forward(timedelta(days=2))
    (of_lantern,) = own_actions(desk.context(workers["lantern"])).actions
    act(
        desk.context(workers["lantern"]),
        action=of_lantern.actions[0].reference,
        status=ActionStatus.IN_PROGRESS,
    )

    # Wednesday: the late action is first, what another agency did stands beside it.
    page = visits(workers["harbour"], Place.PLANS)
    assert "2 open actions on 1 case. 1 is overdue and 1 is due this week." in page.words
    assert f"{case} , Amira K. Action of Lantern House reported as in progress." in page.words

    # Two presses report it, a third undoes that, and nothing is left of it but its history.
    late = own_actions(desk.context(workers["harbour"])).actions[0].actions[0].reference
    page.press(f"report-{late}").press(f"report-{late}-done")
    assert "1 open action on 1 case. 0 are overdue and 1 is due this week." in page.words
    page.press("report-undo")
    assert "2 open actions on 1 case. 1 is overdue and 1 is due this week." in page.words


def test_a_manager_counts_and_takes_a_table_along_without_a_name(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = a_planned_case(desk)
    desk.clock.forward(timedelta(days=2))
    manager = desk.add("max", Role.MANAGER)
    page = visits(manager, Place.PLANS)
    assert "1 action is overdue, on 1 case." in page.words
    assert "Harbour Office 2 1 1 0 0 0" in page.words
    made = MAKERS[PLANS_CSV](manager, "overdue=yes")
    rows = list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"), newline="")))
    assert [(row["Case"], row["Owner agency"], row["Overdue"]) for row in rows] == [
        (case, "Harbour Office", "yes")
    ]
    for name in ("Amira", "Daniel", "Officer", "locks"):
        assert name not in page.source
        assert name.encode() not in made.content
    assert case.encode() not in made.name.encode()
