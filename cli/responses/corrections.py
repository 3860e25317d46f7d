"""Asking an owner to correct an item, and the owner's answer. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given
from cli.options import Reference
from cli.output import print_json, say
from cli.session import Desk

if TYPE_CHECKING:
    from engine.domain.responses.corrections import ChangeAsked

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def request(
    desk: Desk,
    reference: Reference,
    item: Annotated[
        str, typer.Argument(metavar="KEY", help="The item, as 'stac case show --json' names it.")
    ],
    owner: Annotated[
        str, typer.Option(metavar="CODE", help="The owner: an agency, or desk (the coordinator and chair).")
    ],
    what: Annotated[str, typer.Option(metavar="TEXT", help="The error, and the correct text.")],
) -> None:
    """Request a correction from the owner of an item. They accept or refuse it, and you see the result.

    Example: stac correction request R-7K3M9QV first-finding --owner probation --what "The date is wrong."
    """
    from engine.services.responses.corrections import ask_change

    asked = ask_change(desk.context, reference=reference, owner=owner, item=item, what=what)
    _say(asked, desk.as_json)


def respond(
    desk: Desk,
    request: Annotated[str, typer.Argument(metavar="C-REF", help="The request's reference, such as C-...")],
    accept: Annotated[bool, typer.Option("--accept/--refuse", help="Accept the correction, or refuse it.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")],
    sentence: Annotated[
        str | None,
        typer.Option(
            "--says", metavar="TEXT", help="The new text of the finding; without it the item is removed."
        ),
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
) -> None:
    """Accept or refuse a correction of an item that you own.

    Example: stac correction respond C-7K3M9QV --refuse --why "The caller confirmed it."
    """
    from engine.services.responses.corrections import answer_change

    topics = topics_given(topic or ())

    asked = answer_change(
        desk.context, request=request, accept=accept, why=why, sentence=sentence, topics=topics
    )
    _say(asked, desk.as_json)


def list_(desk: Desk, reference: Reference) -> None:
    """List the corrections on a case that you requested or can respond to.

    Example: stac correction list R-7K3M9QV
    """
    from engine.services.responses.corrections import changes_on

    there = changes_on(desk.context, reference=reference)
    if desk.as_json:
        print_json([{**each.model_dump(mode="json"), "stands": each.stands} for each in there])
        return
    for each in there:
        _say(each, False)
    if not there:
        say("No corrections that concern you.")


def _say(asked: ChangeAsked, as_json: bool) -> None:
    if as_json:
        print_json({**asked.model_dump(mode="json"), "stands": asked.stands})
        return
    say(f"{asked.reference}  {asked.involvement}, {asked.item} of {asked.owner}: {asked.what}")
    say(f"  {asked.stands}")
