"""Access to a case: restriction, conflicts of interest, emergency access and the access log.

Asks and prints; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Reference
from cli.output import print_json, say
from cli.session import Answer, Desk

if TYPE_CHECKING:
    from engine.domain.access.need_to_know import ConflictDeclaration, EmergencyAccess, Restriction

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]


def restrict(desk: Desk, reference: Reference, why: Why) -> None:
    """Restrict a case to the chair and its named people (chair, or the victim's advocate on it).

    Example: stac case restrict R-7K3M9QV --why "A relative works at one of the agencies."
    """
    from engine.services.access import restrictions

    entry = restrictions.restrict(desk.context, reference=reference, why=why)
    _say_restriction(entry, desk.as_json)


def unrestrict(desk: Desk, reference: Reference, why: Why) -> None:
    """Remove the restriction of a case, with a reason (chair).

    Example: stac case unrestrict R-7K3M9QV --why "The relative has left."
    """
    from engine.services.access import restrictions

    entry = restrictions.lift(desk.context, reference=reference, why=why)
    _say_restriction(entry, desk.as_json)


About = Annotated[
    str | None,
    typer.Option(
        "--user", metavar="USER", help="The user with the conflict (chair or advocate); default: you."
    ),
]
WhySaid = Annotated[
    str | None, typer.Option("--why", metavar="TEXT", help="The reason; required with --user.")
]


def declare_conflict(
    desk: Desk,
    reference: Reference,
    about: About = None,
    why: WhySaid = None,
    victim: Annotated[
        bool, typer.Option("--victim", help="The victim says so, through their advocate, who enters it.")
    ] = False,
) -> None:
    """Declare a conflict of interest for yourself or another user. They lose access to the case.

    Example: stac access declare-conflict R-7K3M9QV
    """
    _connection(desk, reference, about, why, is_connected=True, victim_says=victim)


def declare_none(desk: Desk, reference: Reference, about: About = None, why: WhySaid = None) -> None:
    """Declare that you have no conflict of interest. Only the chair can undo another user's conflict.

    Example: stac access declare-none R-7K3M9QV
    """
    _connection(desk, reference, about, why, is_connected=False)


def _connection(
    desk: Desk,
    reference: str,
    about: str | None,
    why: str | None,
    *,
    is_connected: bool,
    victim_says: bool = False,
) -> None:
    from engine.services.access import conflicts

    if about is None and (why is not None or victim_says):
        raise typer.BadParameter("to declare your own conflict, leave out --why and --victim")
    if about is not None and why is None:
        raise typer.BadParameter("give the reason with --why for another user")
    if about is None:
        declaration = conflicts.say_own(desk.context, reference=reference, is_connected=is_connected)
    else:
        declaration = conflicts.say_of(
            desk.context,
            reference=reference,
            user=about,
            is_connected=is_connected,
            why=why or "",
            victim_says=victim_says,
        )
    _say_connection(declaration, desk.as_json)


def emergency(desk: Desk, reference: Reference, why: Why) -> Answer:
    """Get emergency access to a case for a limited time. The chair and the people on it are notified.

    Example: stac access emergency R-7K3M9QV --why "A new threat this evening."
    """
    from engine.services.access import emergency as glass

    broken = glass.break_glass(desk.context, reference=reference, why=why)
    return Answer(
        broken,
        f"You can view {broken.involvement} until {_moment(broken.until)}, with 'stac case show'",
        f"The chair and the people on the case see your reason. It is reviewed as {broken.reference}.",
    )


def list_(desk: Desk) -> None:
    """List emergency access that needs review (chair, coordinator).

    Example: stac access list
    """
    from engine.services.access import emergency as glass

    looks = glass.to_review(desk.context)
    if desk.as_json:
        print_json({"urgent_looks": [look.model_dump(mode="json") for look in looks]})
        return
    for look in looks:
        say(_in_words(look))
    if not looks:
        say("No emergency access needs review.")


def review(
    desk: Desk,
    look: Annotated[
        str, typer.Argument(metavar="G-REF", help="The reference of the emergency access, such as G-...")
    ],
    why: Why,
    right: Annotated[bool, typer.Option("--right/--wrong", help="Was the access right?")],
) -> Answer:
    """Review another user's emergency access: was it right, and why (chair, coordinator).

    Example: stac access review G-7K3M9QV --right --why "The threat was real."
    """
    from engine.services.access import emergency as glass

    done = glass.review(desk.context, look=look, was_right=right, why=why)
    return Answer(
        done, f"Emergency access {done.reference} to {done.involvement} is reviewed: {_verdict(done)}"
    )


def access_log(
    desk: Desk,
    reference: Reference,
    first: Annotated[int, typer.Option("--first", min=0, help="Skip this many of the newest.")] = 0,
    count: Annotated[int, typer.Option("--count", min=1, max=500, help="Show this many.")] = 50,
) -> None:
    """Show who viewed or changed a case, newest first (chair, or the victim's advocate on it).

    Example: stac case access-log R-7K3M9QV --count 20
    """
    from engine.services.access import log as seen

    page = seen.read_access_log(desk.context, reference=reference, first=first, count=count)
    if desk.as_json:
        print_json(page.model_dump(mode="json"))
        return
    for look in page.looks:
        who = f"{look.user}, {look.role.value}" + (f" of {look.agency}" if look.agency else "")
        behalf = f", for {look.on_behalf_of}" if look.on_behalf_of else ""
        named = "" if look.is_named or look.on_behalf_of else ", not named on the case"
        say(f"{_moment(look.at)}  {who}{behalf}{named}: {look.what} ({look.purpose})")
    last = page.first + len(page.looks)
    say(f"{page.first + 1 if page.looks else 0:,} to {last:,} of {page.total:,}")


def _say_restriction(entry: Restriction, as_json: bool) -> None:
    if as_json:
        print_json(entry.model_dump(mode="json"))
    elif entry.is_restricted:
        say(f"{entry.involvement} is restricted: only the chair and its named people can view it")
    else:
        say(f"{entry.involvement} is no longer restricted")


def _say_connection(declaration: ConflictDeclaration, as_json: bool) -> None:
    if as_json:
        print_json(declaration.model_dump(mode="json"))
    elif declaration.is_connected:
        say(
            f"Recorded: {declaration.user} has a conflict of interest "
            f"and can no longer view {declaration.involvement}"
        )
    else:
        say(f"Recorded: {declaration.user} has no conflict of interest on {declaration.involvement}")


def _in_words(look: EmergencyAccess) -> str:
    of = f" of {look.agency}" if look.agency else ""
    return (
        f"{look.reference}  {look.involvement}  {look.user}{of}, {_moment(look.at)} to "
        f"{_moment(look.until)}: {look.why}"
    )


def _verdict(look: EmergencyAccess) -> str:
    return "it was right" if look.reviewed and look.reviewed.was_right else "it was not right"


def _moment(at: object) -> str:
    from engine.clock import LONDON

    return f"{at.astimezone(LONDON):%-d %B %Y, %H:%M}"  # type: ignore[attr-defined]
