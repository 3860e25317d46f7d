"""Who may know of a case: restricting it, connections to its parties, urgent looks, and who has looked.

Asks and prints; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk

if TYPE_CHECKING:
    from engine.domain.access.need_to_know import ConflictDeclaration, EmergencyAccess, Restriction

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]


def restrict(
    reference: Reference,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Restrict a case to its named people and the chair (chair, or the victim's advocate on it)."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access import restrictions

        entry = restrictions.restrict(desk.context, reference=reference, why=why)
    _say_restriction(entry, as_json)


def unrestrict(
    reference: Reference,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Lift a restriction (chair only), with a reason."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access import restrictions

        entry = restrictions.lift(desk.context, reference=reference, why=why)
    _say_restriction(entry, as_json)


About = Annotated[
    str | None,
    typer.Option("--user", metavar="USER", help="Of whom it is said (chair or advocate); yourself without."),
]
WhySaid = Annotated[
    str | None, typer.Option("--why", metavar="TEXT", help="The reason, when it is said of somebody else.")
]


def declare_conflict(
    reference: Reference,
    about: About = None,
    why: WhySaid = None,
    victim: Annotated[
        bool, typer.Option("--victim", help="The victim says so, through her advocate who acts here.")
    ] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Say that I am, or somebody else is, connected to a party: the case is gone for them from now on."""
    _connection(reference, about, why, user, purpose, as_json, is_connected=True, victim_says=victim)


def declare_none(
    reference: Reference,
    about: About = None,
    why: WhySaid = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Say that I am not connected to either party; of somebody else the chair alone takes a yes back."""
    _connection(reference, about, why, user, purpose, as_json, is_connected=False)


def _connection(
    reference: str,
    about: str | None,
    why: str | None,
    user: str | None,
    purpose: str,
    as_json: bool,
    *,
    is_connected: bool,
    victim_says: bool = False,
) -> None:
    if about is None and (why is not None or victim_says):
        raise typer.BadParameter("--why and --victim go with --user, when it is said of somebody else")
    if about is not None and why is None:
        raise typer.BadParameter("say why with --why, when it is said of somebody else")
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access import conflicts

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
    _say_connection(declaration, as_json)


def emergency(
    reference: Reference,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Look urgently at a case on which I am not named, for a limited time; others are told at once."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access import emergency as glass

        broken = glass.break_glass(desk.context, reference=reference, why=why)
    if as_json:
        print_json(broken.model_dump(mode="json"))
        return
    say(f"{broken.involvement} is open to you until {_moment(broken.until)}, to look at: 'stac case show'")
    say(f"the chair and the people on the case see your reason; it is reviewed as {broken.reference}")


def list_(user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """List the urgent looks that nobody has reviewed yet (chair, co-ordinator)."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access import emergency as glass

        looks = glass.to_review(desk.context)
    if as_json:
        print_json({"urgent_looks": [look.model_dump(mode="json") for look in looks]})
        return
    for look in looks:
        say(_in_words(look))
    if not looks:
        say("no urgent look waits for review")


def review(
    look: Annotated[str, typer.Argument(metavar="LOOK", help="The urgent look's reference, such as G-...")],
    why: Why,
    right: Annotated[bool, typer.Option("--right/--wrong", help="Whether the look was right.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Review somebody else's urgent look (chair, co-ordinator): was it right, and why."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access import emergency as glass

        done = glass.review(desk.context, look=look, was_right=right, why=why)
    if as_json:
        print_json(done.model_dump(mode="json"))
    else:
        say(f"the urgent look {done.reference} at {done.involvement} is reviewed: {_verdict(done)}")


def access_log(
    reference: Reference,
    first: Annotated[int, typer.Option("--first", min=0, help="Leave out so many of the newest.")] = 0,
    count: Annotated[int, typer.Option("--count", min=1, max=500, help="Show so many.")] = 50,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Show who has looked at a case, newest first (chair, or the victim's advocate on it)."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.access import log as seen

        page = seen.who_has_looked(desk.context, reference=reference, first=first, count=count)
    if as_json:
        print_json(page.model_dump(mode="json"))
        return
    for look in page.looks:
        who = f"{look.user}, {look.role.value}" + (f" of {look.agency}" if look.agency else "")
        behalf = f", for {look.on_behalf_of}" if look.on_behalf_of else ""
        named = "" if look.is_named or look.on_behalf_of else ", not named on the case"
        say(f"{_moment(look.at)}  {who}{behalf}{named}: {look.what} ({look.purpose})")
    last = page.first + len(page.looks)
    say(f"{page.first + 1 if page.looks else 0} to {last} of {page.total}")


def _say_restriction(entry: Restriction, as_json: bool) -> None:
    if as_json:
        print_json(entry.model_dump(mode="json"))
    elif entry.is_restricted:
        say(f"{entry.involvement} is restricted: it exists for its named people and the chair alone")
    else:
        say(f"{entry.involvement} is not restricted any more")


def _say_connection(declaration: ConflictDeclaration, as_json: bool) -> None:
    if as_json:
        print_json(declaration.model_dump(mode="json"))
    elif declaration.is_connected:
        say(
            f"recorded: {declaration.user} is connected; "
            f"{declaration.involvement} does not exist for them any more"
        )
    else:
        say(f"recorded: {declaration.user} is not connected to a party of {declaration.involvement}")


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
