"""Plans: a new version, reports on actions. Asks; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.input_files import checked, document_of, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import Answer, Desk, answering, at_desk
from cli.templates import PLAN, print_template

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

RefOrTemplate = Annotated[str | None, typer.Argument(metavar="REF")]
FileGiven = Annotated[str | None, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")]
Action = Annotated[str, typer.Argument(metavar="ACTION", help="The action's reference, such as A-7K3M9QV.")]


def update_plan(
    reference: RefOrTemplate = None,
    file: FileGiven = None,
    template: Annotated[
        bool, typer.Option("--template", help="Print a FILE to fill in; with REF, the current plan.")
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


def start_urgent(
    desk: Desk,
    reference: Reference,
    what: Annotated[str, typer.Argument(metavar="ACTION", help="The action, in one sentence.")],
    agency: Annotated[str, typer.Option(metavar="CODE", help="The agency that does it.")],
    owner: Annotated[str, typer.Option(help="The name of the person who does it.")],
    due: Annotated[str, typer.Option(metavar="DATE", help="The due date, such as 2026-12-01.")],
    owner_user: Annotated[
        str | None, typer.Option(metavar="NAME", help="The owner's user name, if they are a user.")
    ] = None,
    side: Annotated[
        str,
        typer.Option(
            help="'safety of the victim', 'intervention with the alleged perpetrator' or 'others at risk'."
        ),
    ] = "safety of the victim",
    serves: Annotated[
        str | None, typer.Option(metavar="DOMAIN", help="The risk domain that it answers.")
    ] = None,
    evidence: Annotated[str | None, typer.Option(help="The evidence that it was done.")] = None,
) -> Answer:
    """Start an urgent safety action at once, from screening on, before any conference or approval.

    A practitioner starts actions of their own agency. It stays in later versions of the plan.

    Example: stac plan start-urgent R-7K3M9QV "Fit locks." --agency police --owner "A. B." --due 2030-01-31
    """
    from engine.domain.plans.actions import PlannedAction
    from engine.services.plans.urgent import start_urgent_action

    given = {
        "what": what,
        "agency": agency,
        "owner": owner,
        "owner_user": owner_user,
        "due": due,
        "side": side,
        "serves": serves,
        "evidence": evidence,
        "is_urgent": True,
    }
    action = checked(PlannedAction, given)

    codes = [known.code for known in desk.runtime.agencies_known]
    started = start_urgent_action(desk.context, reference=reference, action=action, agencies=codes)
    return Answer(
        started,
        f"urgent safety action {started.action} of {started.reference} has started",
        f"  it is in version {started.version} of plan {started.plan}; later versions have it too",
    )


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
    desk: Desk,
    action: Action,
    status: Annotated[
        str, typer.Option(help="'not started', 'in progress', 'done', 'no longer possible' or 'not done'.")
    ],
    note: Annotated[str | None, typer.Option(help="The reason; required for the last 2.")] = None,
    done_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date it was done, such as 2026-03-02.")
    ] = None,
    sessions: Annotated[int | None, typer.Option(min=0, help="The number of sessions delivered.")] = None,
    sessions_offered: Annotated[
        int | None, typer.Option(min=0, help="The number of sessions offered, missed ones too.")
    ] = None,
    minutes: Annotated[int | None, typer.Option(min=0, help="The minutes spent.")] = None,
) -> Answer:
    """Update a plan action.

    Example: stac plan update-action A-7K3M9QV --status "in progress"
    """
    from engine.domain.plans.actions import ActionStatus, Delivered
    from engine.services.plans.actions import act

    chosen = one_of(ActionStatus, status, "--status")

    reported = {"done_on": done_on, "sessions": sessions, "minutes": minutes}
    delivered = checked(Delivered, {**reported, "sessions_offered": sessions_offered})
    stored = act(desk.context, action=action, status=chosen, note=note, delivered=delivered)
    return Answer(
        stored, f"action {stored.reference} is now '{stored.status.value}', version {stored.version}"
    )


def undo_report(desk: Desk, action: Action) -> Answer:
    """Undo your own last report on an action, within 10 minutes.

    Example: stac plan undo-report A-7K3M9QV
    """
    from engine.services.plans.actions import undo_report as undo

    stored = undo(desk.context, action=action)
    return Answer(
        stored, f"action {stored.reference} is '{stored.status.value}' again, version {stored.version}"
    )
