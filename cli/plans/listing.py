"""The list of plans: asks, prints; decides nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import one_of_or_none
from cli.output import MARKING, print_json, say
from cli.session import Desk

if TYPE_CHECKING:
    from engine.domain.plans.lists import ListedAction, ListedPlan

# The engine is imported inside the command: `stac --help` must not wait for the database's library.


def list_(
    desk: Desk,
    owner_agency: Annotated[
        str | None,
        typer.Option("--owner-agency", metavar="CODE", help="Only actions of this agency."),
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only overdue actions.")] = False,
    state: Annotated[
        str | None,
        typer.Option(
            help="'draft', 'waiting for approval', 'in delivery' or 'ended'. Without it, all but 'ended'."
        ),
    ] = None,
) -> None:
    """List the plans that you can view, with their actions: overdue first, then by due date.

    Example: stac plan list --overdue
    """
    from engine.domain.errors import InvalidInputError
    from engine.domain.plans.lists import PlanFilter
    from engine.domain.plans.versions import PlanState
    from engine.services.plans.lists import list_plans

    chosen = one_of_or_none(PlanState, state, "--state")

    installed = sorted(agency.code for agency in desk.runtime.agencies_known)
    if owner_agency is not None and owner_agency not in installed:
        raise InvalidInputError("--owner-agency", f"choose one of: {', '.join(installed)}")
    wanted = PlanFilter(state=chosen, agency=owner_agency, overdue=overdue)
    listed = list_plans(desk.context, wanted=wanted, count=None)
    today = desk.runtime.clock.today()
    if desk.as_json:
        print_json({"plans": [_as_json(plan) for plan in listed.plans]})
        return
    say(MARKING)
    for plan in listed.plans:
        _draw(plan, today)
    if not listed.plans:
        say("No plan matches.")


def _as_json(plan: ListedPlan) -> dict[str, object]:
    return {
        "case": plan.case,
        "plan": plan.plan,
        "version": plan.version,
        "state": plan.state.value,
        "review": plan.review_due.isoformat() if plan.review_due else None,
        "departs_from_wishes": plan.departs_from_wishes,
        "actions": [
            {
                "reference": action.reference,
                "what": action.what,
                "agency": action.agency,
                "owner": action.owner,
                "due": action.due.isoformat(),
                "status": action.status.value,
                "overdue": action.overdue,
                "serves": action.serves.value if action.serves else None,
            }
            for action in plan.actions
        ],
    }


def _draw(plan: ListedPlan, today: date) -> None:
    people = f" {plan.victim}, {plan.perpetrator_status}: {plan.perpetrator}." if plan.victim else ""
    review = f"review {plan.review_due:%-d %B %Y}" if plan.review_due else "no review date"
    say(f"{plan.case}{people} Plan {plan.plan}, version {plan.version}, {plan.state.value}; {review}.")
    brought_forward = plan.brought_forward()
    if brought_forward:
        say(f"  Review: {brought_forward}")
    say(f"  Victim's wishes: {plan.wishes.value}.")
    for action in plan.actions:
        say(f"  {_line(action, today)}")
    if not plan.actions:
        say("  No action yet.")
    for undecided in plan.not_decided:
        say(f"  {undecided.in_words}")


def _line(action: ListedAction, today: date) -> str:
    late = f" OVERDUE by {(today - action.due).days} days;" if action.overdue else ""
    owner = f"{action.agency}, {action.owner}" if action.owner else action.agency
    urgent = " Urgent, started." if action.is_urgent else ""
    due = f"due {action.due:%-d %B %Y};{late} {action.status.value}."
    return f"{action.reference} {action.what} {owner}; {due}{urgent}"
