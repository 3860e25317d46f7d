"""Reviews of a plan, changes of custody, decisions of police, the investigation lead. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import a_day, checked, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import Answer, Command, Desk, at_desk

if TYPE_CHECKING:
    from datetime import date

    from engine.domain.plans.changes import ReviewOnCase

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


OnDay = Annotated[str, typer.Option("--on", metavar="DATE", help="The date, such as 2026-03-02.")]


def review(
    reference: Reference,
    decided: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Close the review: what was decided, in a sentence.")
    ] = None,
    next_review: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date of the next review; required to close one.")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """List why a review is due and what changed since the last one, or close the review.

    Example: stac plan review R-7K3M9QV --decided "The plan continues." --next-review 2030-03-02
    """
    if (decided is None) != (next_review is None):
        raise typer.BadParameter("to close a review, give both --decided and --next-review")
    if decided is not None and next_review is not None:
        _close(reference, decided, next_review, user, purpose, as_json=as_json)
        return
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases.views import view_case

        there = view_case(desk.context, reference=reference).review
    if as_json:
        print_json(there.model_dump(mode="json"))
    else:
        _draw(there)


def _close(
    reference: str, decided: str, next_review: str, user: str | None, purpose: str, *, as_json: bool
) -> None:
    next_on = _day(next_review, "--next-review")
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.plans.reviews import close_review

        closed = close_review(desk.context, reference=reference, decided=decided, next_on=next_on)
    if as_json:
        print_json(closed.model_dump(mode="json"))
    else:
        say(f"review {closed.number} is closed; the next is on {closed.next_on:%-d %B %Y}")


def _draw(there: ReviewOnCase) -> None:
    for undecided in there.not_decided:
        say(undecided.in_words)
    if there.since is None:
        say("No panel has decided: no review is due.")
        return
    day = f"{there.review_on:%-d %B %Y}" if there.review_on else "not recorded"
    say(f"next review: {day}")
    say(there.why_due or "No reason for a review now. This does not mean low risk.")
    say(f"Changed since {there.since_what}:")
    for change in there.changes:
        say(f"  {change.at:%Y-%m-%d}  {change.says}" + (f" [{change.record}]" if change.record else ""))
    if not there.changes:
        say("  nothing is recorded within your access")
    say(there.not_checked)
    for review in there.reviews:
        say(f"review {review.number}, {review.at:%Y-%m-%d}, {review.by}: {review.decided}")


def custody(
    desk: Desk,
    reference: Reference,
    change: Annotated[
        str, typer.Argument(help="'taken into custody', 'release planned' or 'released from custody'.")
    ],
    on: OnDay,
) -> Answer:
    """Record a change of custody of the alleged perpetrator.

    Example: stac case custody R-7K3M9QV "released from custody" --on 2026-03-02
    """
    from engine.domain.cases.custody import CustodyChange
    from engine.services.plans.reviews import record_custody_change

    chosen, day = one_of(CustodyChange, change, "CHANGE"), _day(on, "--on")

    stored = record_custody_change(desk.context, reference=reference, change=chosen, on=day)
    return Answer(stored, f"{reference}: {stored.change.value}, {stored.on:%-d %B %Y}, is recorded")


def police_decision(
    desk: Desk,
    reference: Reference,
    incident: Annotated[str, typer.Argument(metavar="I-REF", help="The incident, such as I-...")],
    decision: Annotated[
        str,
        typer.Option(
            help="'arrest', 'voluntary interview', 'bail', 'charge', 'released from custody', 'investigate "
            "further' or 'no further action'."
        ),
    ],
    decided_by: Annotated[str, typer.Option("--by", metavar="NAME", help="The person who decided.")],
    on: OnDay,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")] = None,
) -> Answer:
    """Record what police decided about an incident.

    Example: stac incident police-decision R-7K3M9QV I-7K3M9QV --decision arrest --by "DS A. Example"
        --on 2026-03-02
    """
    from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
    from engine.services.plans.reviews import record_police_decision

    given = checked(
        PoliceDecisionGiven,
        {
            "incident": incident,
            "action": one_of(PoliceAction, decision, "--decision").value,
            "decided_by": decided_by,
            "decided_on": _day(on, "--on"),
            "why": why,
        },
    )

    stored = record_police_decision(desk.context, reference=reference, decision=given)
    return Answer(stored, f"the police decision on {stored.incident} is recorded: {stored.action.value}")


def check_places(
    desk: Desk,
    reference: Reference,
    version: Annotated[int, typer.Option(min=1, metavar="N", help="The version of the plan that you read.")],
) -> Answer:
    """Record that you checked a plan for protected places (safe-contact officer and investigation lead).

    Example: stac access vault check-places R-7K3M9QV --version 2
    """
    from engine.services.plans.protected_places import record_place_check

    record_place_check(desk.context, reference=reference, version=version)
    return Answer(
        {"reference": reference, "version": version},
        f"recorded: you checked version {version} of the plan of {reference} for protected places",
    )


def investigation_lead(
    desk: Desk,
    reference: Reference,
    lead: Annotated[str, typer.Argument(metavar="USER", help="A user of the investigating agency.")],
) -> Answer:
    """Name the investigation lead of a case (chair). The newest name is current.

    Example: stac access vault investigation-lead R-7K3M9QV police-1
    """
    from engine.services.plans.protected_places import name_lead

    named = name_lead(desk.context, reference=reference, user=lead)
    return Answer(
        {"reference": reference, "investigation_lead": named},
        f"{named} is the investigation lead of {reference}",
    )


def _day(given: str, option: str) -> date:
    day = a_day(given, option)
    assert day is not None
    return day


OF_INCIDENTS: Mapping[str, Command] = {"police-decision": police_decision}
