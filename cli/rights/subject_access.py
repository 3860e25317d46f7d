"""Subject access requests: record, check, collect, review, decide, release. Decides nothing.

The reply address is read from standard input and printed by no command.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import print_json, say
from cli.session import Answer, Desk

if TYPE_CHECKING:
    from engine.domain.rights.subject_access import Step

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


Request = Annotated[
    str, typer.Argument(metavar="PERSON", help="A person's reference (P-...) or the request's (Y-...).")
]


def create(
    desk: Desk,
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]", help="A person's reference.")] = None,
    forename: Annotated[str | None, typer.Option(help="For a person without a reference.")] = None,
    surname: Annotated[str | None, typer.Option(help="For a person without a reference.")] = None,
    born: Annotated[str | None, typer.Option(metavar="DATE", help="Their date of birth.")] = None,
    received: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date of receipt; default: today.")
    ] = None,
) -> Answer:
    """Record a subject access request. It does not show whether any data is held.

    Example: stac sar create --forename Dana --surname Invented --born 1990-01-02
    """
    from cli.input_files import a_day, checked, partial_date
    from engine.domain.people.persons import PersonDescribed
    from engine.services.rights.subject_access import open_request

    described = None
    if person is None:
        given: dict[str, object] = {"forename": forename, "surname": surname}
        if born:
            given["date_of_birth"] = partial_date(born, "--born")
        if not (forename or surname):
            raise typer.BadParameter("give a person's reference, or a name")
        described = checked(PersonDescribed, given)
    request = open_request(
        desk.context, person=person, asked_by=described, received_on=a_day(received, "--received")
    )
    return Answer(
        {"reference": request.reference, "due_on": request.due_on.isoformat()},
        f"{request.reference} is recorded; the reply is due {request.due_on:%-d %B %Y}",
    )


def verify_identity(
    desk: Desk,
    request: Request,
    how: Annotated[str, typer.Option(help="The proof of identity, without document numbers.")],
) -> None:
    """Record how the requester proved their identity.

    Example: stac sar verify-identity Y-7K3M9QV --how "Passport seen."
    """
    from engine.services.rights.subject_access import record_identity

    step = record_identity(desk.context, request=request, how=how)
    _say_step(step, desk.as_json)


def set_address(desk: Desk, request: Request) -> None:
    """Set the reply address, read from standard input. It is protected; no command prints it.

    Example: stac sar set-address Y-7K3M9QV
    """
    from engine.services.rights.subject_access import record_address

    step = record_address(desk.context, request=request, address=sys.stdin.read(2_000))
    _say_step(step, desk.as_json)


def safety_check(
    desk: Desk,
    request: Annotated[str, typer.Argument(metavar="Y-REF", help="The request's reference.")],
    reference: Annotated[str, typer.Argument(metavar="REF", help="The case.")],
    safe: Annotated[bool, typer.Option("--safe/--unsafe", help="Is a reply safe?")],
    conditions: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The conditions, or the reason why not.")
    ] = None,
) -> None:
    """Record whether a reply is safe (the victim's advocate on the case, or the chair).

    Example: stac sar safety-check Y-7K3M9QV R-7K3M9QV --safe
    """
    from engine.services.rights.subject_access import say_safety

    step = say_safety(desk.context, request=request, reference=reference, is_safe=safe, conditions=conditions)
    _say_step(step, desk.as_json)


def request_data(
    desk: Desk,
    request: Request,
    controller: Annotated[
        str, typer.Option("--controller", metavar="CODE", help="An agency, or our-record; one at a time.")
    ],
) -> None:
    """Request the requester's data from one controller, whose own people review it first.

    Example: stac sar request Y-7K3M9QV --controller our-record
    """
    from engine.services.rights.subject_access_collection import ask_controller

    step = ask_controller(desk.context, request=request, controller=controller)
    _say_step(step, desk.as_json)


def review(
    desk: Desk,
    request: Annotated[
        str | None, typer.Argument(metavar="[Y-REF]", help="Default: list what needs review.")
    ] = None,
    withhold: Annotated[
        list[str] | None,
        typer.Option("--withhold", metavar="N=PROVISION", help="An item by its number; may be repeated."),
    ] = None,
    reply_directly: Annotated[bool, typer.Option(help="My agency replies to the person directly.")] = False,
) -> None:
    """Review what my agency holds, withhold items, and send the rest to the data protection officer.

    Example: stac sar review Y-7K3M9QV
    """
    from engine.domain.rights.subject_access import OUR_RECORD
    from engine.services.rights import subject_access_decisions as requests

    if request is None:
        waiting = requests.to_clear(desk.context)
        if desk.as_json:
            print_json([each.model_dump(mode="json") for each in waiting])
            return
        for each in waiting:
            say(f"{each.reference}  {each.controller}, due {each.due_on:%-d %B %Y}")
            for number, item in enumerate(each.told.items if each.told else ()):
                say(f"  {number}. {item.kind} {item.record}: {item.says}")
            for gap in each.told.gaps if each.told else ("no data could be collected automatically",):
                say(f"  not included: {gap}")
        if not waiting:
            say("Nothing needs your review.")
        return
    step = requests.clear(
        desk.context,
        request=request,
        controller=desk.acting.agency or OUR_RECORD,
        held_back=dict(_numbered(each) for each in withhold or ()),
        answers_itself=reply_directly,
    )
    _say_step(step, desk.as_json)


def confirm(
    desk: Desk,
    request: Request,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")],
    yes: Annotated[bool, typer.Option("--yes/--neither", help="Confirm that data is held, or neither.")],
    name_controllers: Annotated[bool, typer.Option(help="Name the controllers too.")] = False,
) -> None:
    """Decide whether this reply confirms that data is held (data protection officer).

    Example: stac sar confirm Y-7K3M9QV --neither --why "It would reveal the referral."
    """
    from engine.services.rights.subject_access_decisions import decide_confirm

    step = decide_confirm(
        desk.context, request=request, confirms=yes, names_controllers=name_controllers, why=why
    )
    _say_step(step, desk.as_json)


def erase(
    desk: Desk,
    request: Request,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason for erasing it.")],
) -> None:
    """Erase the requester's details and the reply after its release. You cannot undo it (officer).

    Example: stac sar erase Y-7K3M9QV --why "The retention period is over."
    """
    from engine.services.rights.subject_access_erasure import erase_request

    step = erase_request(desk.context, request=request, why=why)
    _say_step(step, desk.as_json)


def decide(
    desk: Desk,
    request: Request,
    controller: Annotated[str, typer.Argument(metavar="CODE", help="An agency, or our-record.")],
    number: Annotated[int, typer.Argument(metavar="N", min=0, help="The item, by its number.")],
    release: Annotated[
        bool, typer.Option("--release/--withhold", help="Release the item into the reply, or withhold it.")
    ],
    provision: Annotated[str, typer.Option(metavar="TEXT", help="The legal provision.")],
) -> None:
    """Decide whether one item goes into the reply or is withheld (data protection officer).

    Example: stac sar decide Y-7K3M9QV our-record 0 --withhold --provision "DPA 2018 s.45(4)"
    """
    from engine.services.rights.subject_access_decisions import decide_item

    step = decide_item(
        desk.context,
        request=request,
        controller=controller,
        place=number,
        release=release,
        provision=provision,
    )
    _say_step(step, desk.as_json)


def _numbered(given: str) -> tuple[int, str]:
    number, sign, provision = given.partition("=")
    if not sign or not number.strip().isdecimal() or not provision.strip():
        raise typer.BadParameter("--withhold is a number, '=' and a provision, such as 2='third party'")
    return int(number), provision.strip()


def _say_step(step: Step, as_json: bool) -> None:
    if as_json:
        print_json({"recorded": step.what.kind, "by": step.by, "at": step.at.isoformat()})
    else:
        say(f"recorded: {step.what.kind}, by {step.by}")
