"""Protected details: list the kinds, request access and approve it, the log of openings, key rotation.

Asks and prints; decides nothing. No command prints a protected value: only the case page shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Reference
from cli.output import print_json, say
from cli.session import Answer, Desk

if TYPE_CHECKING:
    from datetime import datetime

    from engine.domain.vault.openings import Opening, OpeningAsked

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


Ask = Annotated[str, typer.Argument(metavar="K-REF", help="The access request, such as K-...")]


def list_(desk: Desk, reference: Reference) -> None:
    """List the protected details of a case by kind, and the access requests. Values are not shown.

    Example: stac access vault list R-7K3M9QV
    """
    from engine.services.vault.notifications import vault_on_case

    there = vault_on_case(desk.context, reference=reference)
    if desk.as_json:
        print_json(there.model_dump(mode="json", exclude={"openings"}))
        return
    for item in there.items:
        say(f"{item.reference}  {item.kind}  (from {item.told_by}, {_moment(item.at)})")
    say(f"{len(there.items):,} protected details. The case page on the dashboard shows one at a time.")
    say(f"safe-contact officer: {there.safe_contact_officer or 'not named'}")
    say(f"investigation lead: {there.investigation_lead or 'not named'}")
    for ask in there.asks:
        say(_asked(ask))


def request(
    desk: Desk,
    reference: Reference,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item's reference, such as V-...")],
    task: Annotated[str, typer.Option(help="An open action of the plan (A-...), or an offered task.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")],
) -> Answer:
    """Request access to a protected detail. A second person on the case, of another agency, approves it.

    Example: stac access vault request R-7K3M9QV V-7K3M9QV --task "contact the victim safely"
        --why "To agree a call."
    """
    from engine.services.vault.access_requests import ask_to_open

    asked = ask_to_open(desk.context, reference=reference, item=item, task=task, why=why)
    return _say_ask(asked)


def approve(
    desk: Desk,
    ask: Ask,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Withdraw my approval, or my own request.")
    ] = False,
) -> Answer:
    """Approve an access request, or withdraw your approval.

    Example: stac access vault approve K-7K3M9QV
    """
    from engine.services.vault.access_requests import agree

    asked = agree(desk.context, asked=ask, agrees=not withdraw)
    return _say_ask(asked)


def log(desk: Desk, reference: Reference) -> None:
    """List the protected details that were opened, newest first (chair and advocate: all; others: own).

    Example: stac access vault log R-7K3M9QV
    """
    from engine.services.vault.notifications import vault_on_case

    there = vault_on_case(desk.context, reference=reference)
    if desk.as_json:
        print_json({"openings": [each.model_dump(mode="json") for each in there.openings]})
        return
    for each in there.openings:
        say(_opened(each))
    if not there.openings:
        say("No openings within your access.")


def safe_contact(
    desk: Desk,
    reference: Reference,
    officer: Annotated[str, typer.Argument(metavar="USER", help="A user who is named on the case.")],
) -> Answer:
    """Name the safe-contact officer of a case (chair). The newest name is current.

    Example: stac access vault safe-contact R-7K3M9QV advocacy-1
    """
    from engine.services.vault.access_requests import name_safe_contact

    named = name_safe_contact(desk.context, reference=reference, user=officer)
    return Answer(named, f"{named.user} is the safe-contact officer of {named.involvement}")


def rotate_key(desk: Desk) -> None:
    """Rotate the key of protected details. You can run it again safely if it was interrupted.

    Example: stac access vault rotate-key
    """
    from engine.services.vault.keys import rotate

    done = rotate(desk.context)
    if desk.as_json:
        print_json(done.model_dump(mode="json"))
        return
    if done.went_on:
        say("An interrupted key rotation is finished. No further key was made.")
    say(f"{done.rows:,} rows were sealed again; the newest key is {done.key}")
    say("Store a copy of the key file with your other keys, separate from backups of the record.")


def _say_ask(asked: OpeningAsked) -> Answer:
    return Answer(asked, _asked(asked))


def _asked(ask: OpeningAsked) -> str:
    who = ask.user + (f" of {ask.agency}" if ask.agency else "")
    said = ", ".join(
        f"{approval.user} {'approves' if approval.agrees else 'does not approve'}"
        for approval in ask.standing.values()
    )
    return (
        f"{ask.reference}  {who} requests {ask.item} ({ask.kind}) until {_moment(ask.lapses_at)}, "
        f"to {ask.task}: {ask.why} [{said or 'not approved yet'}]"
    )


def _opened(each: Opening) -> str:
    who = each.user + (f" of {each.agency}" if each.agency else "")
    reason = f": {each.why}" if each.why else ""
    return (
        f"{each.reference}  {_moment(each.at)}  {who}: {each.item} ({each.kind}), {each.basis.value}, "
        f"to {each.task}{reason}"
    )


def _moment(at: datetime) -> str:
    from engine.clock import LONDON

    return f"{at.astimezone(LONDON):%-d %B %Y, %H:%M}"
