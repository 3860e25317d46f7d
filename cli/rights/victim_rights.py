"""Which role is primary, mirrored cases, and victim information requests. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk

if TYPE_CHECKING:
    from engine.domain.rights.information_requests import VictimRequest

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]
RequestRef = Annotated[str, typer.Argument(metavar="H-REF", help="The request's reference, such as H-...")]


def show_roles(
    reference: Reference, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """Show how firmly the roles of a case stand."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access.primary_roles import roles_on_case

        there = roles_on_case(desk.context, reference=reference)
    if as_json:
        print_json(there.model_dump(mode="json"))
        return
    say(f"{there.reference}  the victim's role is {there.standing.value}")
    for assessed in there.assessments:
        say(f"  {'primary' if assessed.is_primary else 'not primary'}, by {assessed.by}: {assessed.why}")
    if there.mirrored:
        say(f"  mirrored with {', '.join(there.mirrored)}: other people work them until it is assessed")
    for named in there.investigators:
        say(f"  {named.user} works both sides: {named.why}")


def assess_roles(
    reference: Reference,
    why: Why,
    primary: Annotated[bool, typer.Option("--primary/--not-primary", help="As the panel assessed it.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record that the panel assessed the claimed roles as primary, or as not (chair only)."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access.primary_roles import assess_roles

        assessed = assess_roles(desk.context, reference=reference, is_primary=primary, why=why)
    if as_json:
        print_json(assessed.model_dump(mode="json"))
    else:
        say(f"{assessed.involvement}: the claimed roles are {'' if assessed.is_primary else 'not '}primary")


def allow_both(
    reference: Reference,
    name: Annotated[str, typer.Argument(metavar="USER", help="Who may work both sides.")],
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Let somebody work both sides of a mirrored case (chair only)."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access.primary_roles import name_investigator

        named = name_investigator(desk.context, reference=reference, user=name, why=why)
    if as_json:
        print_json(named.model_dump(mode="json"))
    else:
        say(f"{named.user} may work both sides of {named.involvement}")


def create_request(
    reference: Reference,
    agency: Annotated[str, typer.Option(metavar="CODE", help="Which agency is to be asked.")],
    what: Annotated[str, typer.Option(metavar="TEXT", help="Which information, and from when.")],
    why: Why,
    necessary: Annotated[str, typer.Option(metavar="TEXT", help="Why it is necessary and proportionate.")],
    handled: Annotated[str, typer.Option(metavar="TEXT", help="How it will be handled, and by whom.")],
    counselling: Annotated[
        str | None, typer.Option(metavar="TEXT", help="It is counselling information: why it is needed.")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Draft a request for a victim's information; no agency is asked before an authorised person makes it."""
    with at_desk(user, purpose, as_json) as desk:
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
    _say_request(request, as_json)


def decide_request(
    request: RequestRef,
    why: Why,
    met: Annotated[bool, typer.Option("--met/--not-met", help="Whether the test is met.")],
    authorised: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Who makes it under the statutory code: name and office."),
    ] = None,
    notice_on: Annotated[str | None, typer.Option(metavar="DAY", help="When she was told.")] = None,
    notice_how: Annotated[str | None, typer.Option(metavar="TEXT", help="How she was told.")] = None,
    no_notice: Annotated[str | None, typer.Option(metavar="TEXT", help="Why she was not told.")] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record which authorised person makes a request and the notice, or that its test is not met (chair)."""
    with at_desk(user, purpose, as_json) as desk:
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
    _say_request(decided, as_json)


def respond(
    request: RequestRef,
    why: Why,
    refuse: Annotated[bool, typer.Option("--refuse", help="We do not answer it.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Say for my agency that we answer a request on the case, or refuse it."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.rights.victim_requests import answer_request

        answered = answer_request(desk.context, request=request, refuses=refuse, why=why)
    _say_request(answered, as_json)


def list_requests(
    reference: Reference, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """List the victim information requests on a case that I may know of."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.rights.victim_requests import requests_on

        there = requests_on(desk.context, reference=reference)
    if as_json:
        print_json([each.model_dump(mode="json") for each in there])
        return
    for each in there:
        _say_request(each, False)
    if not there:
        say("no request that you may know of")


def _say_request(request: VictimRequest, as_json: bool) -> None:
    if as_json:
        print_json({**request.model_dump(mode="json"), "stands": request.stands})
        return
    say(f"{request.reference}  {request.involvement} to {request.given.agency}: {request.given.what}")
    if request.decided is not None and request.decided.authorised_person:
        say(f"  made by {request.decided.authorised_person}")
    say(f"  {request.stands}")
