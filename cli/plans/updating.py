"""Plans: a new version, reports on actions. Asks; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.input_files import checked, document_of, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say
from cli.session import answering, at_desk
from cli.templates import PLAN, print_template

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

RefOrTemplate = Annotated[str | None, typer.Argument(metavar="REF")]
FileGiven = Annotated[str | None, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")]
Action = Annotated[str, typer.Argument(metavar="ACTION", help="The action's reference, such as A-7K3M9QV.")]


def update_plan(
    reference: RefOrTemplate = None,
    file: FileGiven = None,
    template: Annotated[
        bool, typer.Option("--template", help="Write a FILE to fill in; with REF, the current plan.")
    ] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Update the plan: record a whole new version, with an agency, owner and due date for each action.

    It is a draft, or waits for approval; urgent safety actions start at once.

    Example: stac plan update R-7K3M9QV plan.toml
    """
    if template:
        _plan_template(reference, user, purpose, as_json)
        return
    if reference is None or file is None:
        raise typer.BadParameter("give REF and FILE, or --template")
    from engine.domain.plans.actions import PlanGiven

    with answering(as_json):
        given = checked(PlanGiven, document_of(file))
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.plans.versions import make_plan

        planned = make_plan(
            desk.context,
            reference=reference,
            plan=given,
            agencies=[agency.code for agency in desk.runtime.agencies_known],
        )
    if as_json:
        print_json(planned.model_dump(mode="json"))
        return
    say(
        f"plan {planned.plan} of {planned.reference} is recorded, version {planned.version}: "
        f"{planned.plan_state.value}"
    )
    say(f"  actions: {', '.join(planned.actions)}")
    if planned.urgent:
        say(f"  urgent safety actions, started: {', '.join(planned.urgent)}")


def _plan_template(reference: str | None, user: str | None, purpose: str, as_json: bool) -> None:
    if reference is None:
        print_template(PLAN)
        return
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases.parts import view_plan

        there = view_plan(desk.context, reference=reference)
    if there is None:
        print_template(PLAN)
        return
    from engine.domain.plans.actions import PlannedAction

    stored = set(PlannedAction.model_fields)
    print_json(
        {
            "reason": "write here why the plan changes",
            "base_version": there.version,
            "departs_from_wishes": there.departs_from_wishes,
            "departure_reason": there.departure_reason,
            "asks_approval": False,
            "actions": [action.model_dump(mode="json", include=stored) for action in there.actions],
        }
    )


def update_action(
    action: Action,
    status: Annotated[
        str, typer.Option(help="'not started', 'in progress', 'done', 'no longer possible' or 'not done'.")
    ],
    note: Annotated[str | None, typer.Option(help="The reason; required for the last 2.")] = None,
    done_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date it was done, such as 2026-03-02.")
    ] = None,
    sessions: Annotated[int | None, typer.Option(min=0, help="The number of sessions delivered.")] = None,
    minutes: Annotated[int | None, typer.Option(min=0, help="The minutes spent.")] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Update a plan action.

    Example: stac plan update-action A-7K3M9QV --status "in progress"
    """
    from engine.domain.plans.actions import ActionStatus, Delivered

    chosen = one_of(ActionStatus, status, "--status")
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.plans.actions import act

        delivered = checked(Delivered, {"done_on": done_on, "sessions": sessions, "minutes": minutes})
        stored = act(desk.context, action=action, status=chosen, note=note, delivered=delivered)
    if as_json:
        print_json(stored.model_dump(mode="json"))
    else:
        say(f"action {stored.reference} is now '{stored.status.value}', version {stored.version}")


def undo_report(
    action: Action, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """Undo your own last report on an action, within 10 minutes.

    Example: stac plan undo-report A-7K3M9QV
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.plans.actions import undo_report as undo

        stored = undo(desk.context, action=action)
    if as_json:
        print_json(stored.model_dump(mode="json"))
    else:
        say(f"action {stored.reference} is '{stored.status.value}' again, version {stored.version}")
