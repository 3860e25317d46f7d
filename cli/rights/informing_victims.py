"""Informing the victim: the Right to Know and the information pack. Decides nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import checked
from cli.options import Reference
from cli.output import print_json, say
from cli.session import Answer, Desk

if TYPE_CHECKING:
    from engine.domain.rights.informing_victims import VictimInformedEvent

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]
InformedOn = Annotated[
    str | None, typer.Option(metavar="DATE", help="The date when the victim was informed.")
]
InformedHow = Annotated[str | None, typer.Option(metavar="TEXT", help="The contact method.")]


def list_(desk: Desk, reference: Reference) -> None:
    """List Right to Know decisions and packs on a case, within your access.

    Example: stac victim list R-7K3M9QV
    """
    from engine.services.rights.informing_victims import told_on_case

    there = told_on_case(desk.context, reference=reference)
    if desk.as_json:
        print_json(there.model_dump(mode="json"))
        return
    for event in there.words:
        _print_event_line(event)
    if not there.words:
        say("No records within your access.")
    say(f"Notices of events and orders: stac victim notice list {there.reference}")


def right_to_know(
    desk: Desk,
    reference: Reference,
    why: Why,
    disclose: Annotated[
        bool,
        typer.Option("--disclose/--withhold", help="The decision: identity given to the victim, or not."),
    ],
    informed_on: InformedOn = None,
    informed_how: InformedHow = None,
) -> None:
    """Record a Right to Know decision (investigating agency).

    Example: stac victim right-to-know R-7K3M9QV --disclose --why "The victim does not know the name."
    """
    from engine.domain.rights.informing_victims import RightToKnowDecided
    from engine.services.rights.informing_victims import decide_right_to_know

    given = {"is_told": disclose, "why": why, "told_on": informed_on, "told_how": informed_how}
    event = decide_right_to_know(
        desk.context, reference=reference, decision=checked(RightToKnowDecided, given)
    )
    _print_event(event, desk.as_json)


def prepare_pack(
    desk: Desk,
    reference: Reference,
    action: Annotated[
        list[str] | None, typer.Option(metavar="A-REF", help="An action of the plan; may be repeated.")
    ] = None,
    words: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="A sentence for the victim; may be repeated.")
    ] = None,
) -> None:
    """Prepare the victim's information pack: approve its actions and sentences (chair, coordinator).

    Example: stac victim pack prepare R-7K3M9QV --words "We meet again in March."
    """
    from engine.domain.rights.informing_victims import PackPrepared
    from engine.services.rights.informing_victims import prepare_pack

    pack = checked(PackPrepared, {"actions": action or [], "words": words or []})
    event = prepare_pack(desk.context, reference=reference, pack=pack)
    _print_event(event, desk.as_json)


def export_pack(
    desk: Desk,
    reference: Reference,
    to: Annotated[str, typer.Option("--to", metavar="FOLDER", help="The folder of the file.")] = ".",
) -> Answer:
    """Export the victim's information pack for their advocate.

    Example: stac victim pack export R-7K3M9QV --to .
    """
    from engine.services.rights.informing_victims import take_pack

    folder = Path(to)
    if not folder.is_dir():
        raise typer.BadParameter("--to must be an existing folder")

    made = take_pack(desk.context, reference=reference)
    file = folder / made.file_name
    handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        os.fchmod(handle, 0o600)
        out.write(made.text)
    return Answer(
        {"file": str(file)},
        f"{file}: ask the victim where they can store it safely, hand it over, then delete the file",
    )


def _print_event(event: VictimInformedEvent, as_json: bool) -> None:
    if as_json:
        print_json(event.model_dump(mode="json"))
    else:
        _print_event_line(event)


def _print_event_line(note: VictimInformedEvent) -> None:
    from engine.clock import LONDON

    say(f"{note.at.astimezone(LONDON):%-d %B %Y, %H:%M}  {note.involvement}  {note.sentence}, by {note.by}")
