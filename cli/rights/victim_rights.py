"""Assessed roles, counter-allegations and victim information requests. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Reference
from cli.output import print_json, say
from cli.session import Answer, Desk

if TYPE_CHECKING:
    from engine.domain.rights.information_requests import VictimRequest

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]
RequestRef = Annotated[str, typer.Argument(metavar="H-REF", help="The request's reference, such as H-...")]


def show_roles(desk: Desk, reference: Reference) -> None:
    """Show the roles of a case: claimed, or assessed by the panel.

    Example: stac case roles show R-7K3M9QV
    """
    from engine.services.access.primary_roles import roles_on_case

    there = roles_on_case(desk.context, reference=reference)
    if desk.as_json:
        print_json(there.model_dump(mode="json"))
        return
    say(f"{there.reference}  the victim's role is {there.standing.value}")
    for assessed in there.assessments:
        say(f"  {'primary' if assessed.is_primary else 'not primary'}, by {assessed.by}: {assessed.why}")
    if there.mirrored:
        say(
            f"  Counter-allegation: see {', '.join(there.mirrored)}. Different people must work on each "
            "case until the panel assesses the roles."
        )
    for named in there.investigators:
        say(f"  {named.user} may work on both cases: {named.why}")


def assess_roles(
    desk: Desk,
    reference: Reference,
    why: Why,
    primary: Annotated[bool, typer.Option("--primary/--not-primary", help="The panel's assessment.")],
) -> Answer:
    """Record whether the panel assessed the claimed roles as primary (chair).

    Example: stac case roles assess R-7K3M9QV --primary --why "Both accounts were read."
    """
    from engine.services.access.primary_roles import assess_roles

    assessed = assess_roles(desk.context, reference=reference, is_primary=primary, why=why)
    return Answer(
        assessed,
        f"{assessed.involvement}: the claimed roles are {'' if assessed.is_primary else 'not '}primary",
    )


def allow_both(
    desk: Desk,
    reference: Reference,
    name: Annotated[str, typer.Argument(metavar="USER", help="The user.")],
    why: Why,
) -> Answer:
    """Allow a user to work on both cases of a counter-allegation (chair).

    Example: stac case roles allow-both R-7K3M9QV police-1 --why "The only investigator."
    """
    from engine.services.access.primary_roles import name_investigator

    named = name_investigator(desk.context, reference=reference, user=name, why=why)
    return Answer(named, f"{named.user} may work on both cases of {named.involvement}")


def create_request(
    desk: Desk,
    reference: Reference,
    agency: Annotated[str, typer.Option(metavar="CODE", help="The agency that holds the information.")],
    what: Annotated[str, typer.Option(metavar="TEXT", help="The information, and its period.")],
    why: Why,
    necessary: Annotated[
        str, typer.Option(metavar="TEXT", help="The reason why it is necessary and proportionate.")
    ],
    handled: Annotated[str, typer.Option(metavar="TEXT", help="The handling, and the person who does it.")],
    counselling: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="For counselling information: the reason why it is needed."),
    ] = None,
) -> None:
    """Draft a request for information about the victim. An authorised person must make it.

    Example: stac victim info-request create R-7K3M9QV --agency health --what "Attendances since
        March" --why "Injuries" --necessary "No other source." --handled "Read by the chair."
    """
    from cli.input_files import checked
    from engine.domain.rights.information_requests import RequestGiven
    from engine.services.rights.victim_requests import ask_about_victim

    given = {
        "agency": agency,
        "what": what,
        "why": why,
        "necessary": necessary,
        "handled": handled,
        "is_counselling": counselling is not None,
        "counselling_needed": counselling,
    }
    request = ask_about_victim(desk.context, reference=reference, request=checked(RequestGiven, given))
    _say_request(request, desk.as_json)


def decide_request(
    desk: Desk,
    request: RequestRef,
    why: Why,
    met: Annotated[bool, typer.Option("--met/--not-met", help="The result of the test.")],
    authorised: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The authorised person under the statutory code: name and office."),
    ] = None,
    notice_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date of the notice to the victim.")
    ] = None,
    notice_how: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The form of the notice to the victim.")
    ] = None,
    no_notice: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The reason for giving no notice to the victim.")
    ] = None,
) -> None:
    """Record who makes a request and the notice to the victim, or that its test is not met (chair).

    Example: stac victim info-request decide H-7K3M9QV --not-met --why "The police report says it."
    """
    from cli.input_files import checked
    from engine.domain.rights.information_requests import RequestDecided
    from engine.services.rights.victim_requests import decide_request

    given = {
        "is_met": met,
        "authorised_person": authorised,
        "why": why,
        "notice_on": notice_on,
        "notice_how": notice_how,
        "no_notice_because": no_notice,
    }
    decided = decide_request(desk.context, request=request, decision=checked(RequestDecided, given))
    _say_request(decided, desk.as_json)


def respond(
    desk: Desk,
    request: RequestRef,
    why: Why,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse the request.")] = False,
) -> None:
    """Respond to a request for my agency: provide the information, or refuse.

    Example: stac victim info-request respond H-7K3M9QV --refuse --why "Not necessary for this purpose."
    """
    from engine.services.rights.victim_requests import answer_request

    answered = answer_request(desk.context, request=request, refuses=refuse, why=why)
    _say_request(answered, desk.as_json)


def list_requests(desk: Desk, reference: Reference) -> None:
    """List the requests for information about the victim on a case, within your access.

    Example: stac victim info-request list R-7K3M9QV
    """
    from engine.services.rights.victim_requests import requests_on

    there = requests_on(desk.context, reference=reference)
    if desk.as_json:
        print_json([each.model_dump(mode="json") for each in there])
        return
    for each in there:
        _say_request(each, False)
    if not there:
        say("No requests within your access.")


def _say_request(request: VictimRequest, as_json: bool) -> None:
    if as_json:
        print_json({**request.model_dump(mode="json"), "stands": request.stands})
        return
    say(f"{request.reference}  {request.involvement} to {request.given.agency}: {request.given.what}")
    if request.decided is not None and request.decided.authorised_person:
        say(f"  made by {request.decided.authorised_person}")
    say(f"  {request.stands}")
