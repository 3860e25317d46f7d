"""The vault: what is held by kind, asking and agreeing to open, who opened what, and changing its key.

Asks and prints; decides nothing. No command prints a protected value: it is shown on the case's page alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk

if TYPE_CHECKING:
    from datetime import datetime

    from engine.domain.vault.openings import Opening, OpeningAsked

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


Ask = Annotated[str, typer.Argument(metavar="ASK", help="The ask's reference, such as K-...")]


def list_(
    reference: Reference, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """List what is held for a case by kind, and what is asked; never a value."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.vault.notifications import vault_on_case

        there = vault_on_case(desk.context, reference=reference)
    if as_json:
        print_json(there.model_dump(mode="json", exclude={"openings"}))
        return
    for item in there.items:
        say(f"{item.reference}  {item.kind}  (from {item.told_by}, {_moment(item.at)})")
    say(f"{len(there.items)} protected values are held; the case's page on the dashboard opens one at a time")
    say(f"safe-contact officer: {there.safe_contact_officer or 'not named'}")
    for ask in there.asks:
        say(_asked(ask))


def request(
    reference: Reference,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item's reference, such as V-...")],
    task: Annotated[str, typer.Option(help="An open action of the plan (A-...), or a task that is offered.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Ask to open one item; a second person of another agency who is named on the case must agree."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.vault.access_requests import ask_to_open

        asked = ask_to_open(desk.context, reference=reference, item=item, task=task, why=why)
    _say_ask(asked, as_json)


def approve(
    ask: Ask,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take my agreement back, or my own ask.")
    ] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Agree that an item is opened to the one who asked, or take that back."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.vault.access_requests import agree

        asked = agree(desk.context, asked=ask, agrees=not withdraw)
    _say_ask(asked, as_json)


def log(
    reference: Reference, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """List what was opened on a case (chair and advocate: all; others: their own), newest first."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.vault.notifications import vault_on_case

        there = vault_on_case(desk.context, reference=reference)
    if as_json:
        print_json({"openings": [each.model_dump(mode="json") for each in there.openings]})
        return
    for each in there.openings:
        say(_opened(each))
    if not there.openings:
        say("no opening that you may know of")


def safe_contact(
    reference: Reference,
    officer: Annotated[str, typer.Argument(metavar="USER", help="Somebody who is named on the case.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Name the one safe-contact officer of a case (chair only); the newest holds."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.vault.access_requests import name_safe_contact

        named = name_safe_contact(desk.context, reference=reference, user=officer)
    if as_json:
        print_json(named.model_dump(mode="json"))
    else:
        say(f"{named.user} is the safe-contact officer of {named.involvement}")


def rotate_key(user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """Change the key of the vault and seal everything anew; safe to run again after it was cut short."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.vault.keys import rotate

        done = rotate(desk.context)
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    if done.went_on:
        say("a change of the key that was cut short is finished; no further key was made")
    say(f"{done.rows} rows were sealed anew; the newest key is the one named {done.key}")
    say("keep a copy of the key file where keys are kept, apart from any backup of the record")


def _say_ask(asked: OpeningAsked, as_json: bool) -> None:
    if as_json:
        print_json(asked.model_dump(mode="json"))
    else:
        say(_asked(asked))


def _asked(ask: OpeningAsked) -> str:
    who = ask.user + (f" of {ask.agency}" if ask.agency else "")
    said = ", ".join(
        f"{approval.user} {'agrees' if approval.agrees else 'does not agree'}"
        for approval in ask.standing.values()
    )
    return (
        f"{ask.reference}  {who} asks to open {ask.item} ({ask.kind}) until {_moment(ask.lapses_at)}, "
        f"to {ask.task}: {ask.why} [{said or 'nobody has agreed yet'}]"
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
