"""Asking an owner to correct an item, and the owner's answer. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk

if TYPE_CHECKING:
    from engine.domain.responses.corrections import ChangeAsked

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def request(
    reference: Reference,
    item: Annotated[
        str, typer.Argument(metavar="KEY", help="The item, as 'stac case show --json' names it.")
    ],
    owner: Annotated[str, typer.Option(metavar="CODE", help="Whose it is: an agency, or desk.")],
    what: Annotated[str, typer.Option(metavar="TEXT", help="What is wrong, and what it should say.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Ask the owner of an item to correct it; they accept or refuse, and you are told."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.responses.corrections import ask_change

        asked = ask_change(desk.context, reference=reference, owner=owner, item=item, what=what)
    _say(asked, as_json)


def respond(
    request: Annotated[str, typer.Argument(metavar="C-REF", help="The request's reference, such as C-...")],
    accept: Annotated[bool, typer.Option("--accept/--refuse", help="Whether it is corrected.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")],
    sentence: Annotated[
        str | None,
        typer.Option("--says", metavar="TEXT", help="The finding's new words; without it the item goes."),
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Accept or refuse a correction of what my agency, or the desk, owns."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.responses.corrections import answer_change

        asked = answer_change(desk.context, request=request, accept=accept, why=why, sentence=sentence)
    _say(asked, as_json)


def list_(
    reference: Reference, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """List the corrections on a case that I asked for, or that I may answer."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.responses.corrections import changes_on

        there = changes_on(desk.context, reference=reference)
    if as_json:
        print_json([{**each.model_dump(mode="json"), "stands": each.stands} for each in there])
        return
    for each in there:
        _say(each, False)
    if not there:
        say("no correction that concerns you")


def _say(asked: ChangeAsked, as_json: bool) -> None:
    if as_json:
        print_json({**asked.model_dump(mode="json"), "stands": asked.stands})
        return
    say(f"{asked.reference}  {asked.involvement}, {asked.item} of {asked.owner}: {asked.what}")
    say(f"  {asked.stands}")
