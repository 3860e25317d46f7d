"""What a victim is told by right: notices, the Right to Know, and her pack. Decides nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import checked, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk

if TYPE_CHECKING:
    from engine.domain.rights.informing_victims import VictimInformedEvent

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]
ToldOn = Annotated[str | None, typer.Option(metavar="DAY", help="On which day she was told.")]
ToldHow = Annotated[str | None, typer.Option(metavar="TEXT", help="How she was told.")]


def list_(
    reference: Reference, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """List what she was told on a case, or why she was not, as far as I may know of it."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.rights.informing_victims import told_on_case

        there = told_on_case(desk.context, reference=reference)
    if as_json:
        print_json(there.model_dump(mode="json"))
        return
    for event in there.words:
        _print_event_line(event)
    if not there.words:
        say("nothing that you may know of")


def inform(
    reference: Reference,
    of: Annotated[
        str,
        typer.Option(help="'a release from custody', 'an order was made' ('was varied', 'ended')."),
    ],
    happened_on: Annotated[str, typer.Option(metavar="DAY", help="When it happened, or happens.")],
    told_on: ToldOn = None,
    told_by: Annotated[str | None, typer.Option(metavar="TEXT", help="Who told her.")] = None,
    told_how: ToldHow = None,
    not_told: Annotated[str | None, typer.Option(metavar="TEXT", help="Why she was not told.")] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record that she was told of a release or an order, by whom and how, or why she was not."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.rights.informing_victims import NoticeGiven, NoticeOf
        from engine.services.rights.informing_victims import note_told

        given = {
            "of": one_of(NoticeOf, of, "--of").value,
            "happened_on": happened_on,
            "told_on": told_on,
            "told_by": told_by,
            "told_how": told_how,
            "not_told_because": not_told,
        }
        event = note_told(desk.context, reference=reference, notice=checked(NoticeGiven, given))
    _print_event(event, as_json)


def right_to_know(
    reference: Reference,
    why: Why,
    tell: Annotated[bool, typer.Option("--tell/--not-tell", help="Whether she is told who stalks her.")],
    told_on: ToldOn = None,
    told_how: ToldHow = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Decide whether she is told who stalks her online or without a name (who investigates)."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.rights.informing_victims import RightToKnowDecided
        from engine.services.rights.informing_victims import decide_right_to_know

        given = {"is_told": tell, "why": why, "told_on": told_on, "told_how": told_how}
        event = decide_right_to_know(
            desk.context, reference=reference, decision=checked(RightToKnowDecided, given)
        )
    _print_event(event, as_json)


def prepare_pack(
    reference: Reference,
    action: Annotated[
        list[str] | None, typer.Option(metavar="A-REF", help="An action of the plan; may be repeated.")
    ] = None,
    words: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="A sentence for her; may be repeated.")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Say which actions and words may stand in her pack (chair or co-ordinator)."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.rights.informing_victims import PackPrepared
        from engine.services.rights.informing_victims import prepare_pack

        pack = checked(PackPrepared, {"actions": action or [], "words": words or []})
        event = prepare_pack(desk.context, reference=reference, pack=pack)
    _print_event(event, as_json)


def export_pack(
    reference: Reference,
    to: Annotated[str, typer.Option("--to", metavar="FOLDER", help="Where the file is written.")] = ".",
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Write her pack, for her advocate to take to her."""
    folder = Path(to)
    if not folder.is_dir():
        raise typer.BadParameter("--to is a folder that is there")
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.rights.informing_victims import take_pack

        made = take_pack(desk.context, reference=reference)
    file = folder / made.file_name
    handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        os.fchmod(handle, 0o600)
        out.write(made.text)
    if as_json:
        print_json({"file": str(file)})
    else:
        say(f"{file}; remove it when she has it, and ask her first where she can keep it safely")


def _print_event(event: VictimInformedEvent, as_json: bool) -> None:
    if as_json:
        print_json(event.model_dump(mode="json"))
    else:
        _print_event_line(event)


def _print_event_line(note: VictimInformedEvent) -> None:
    from engine.clock import LONDON

    say(f"{note.at.astimezone(LONDON):%-d %B %Y, %H:%M}  {note.involvement}  {note.sentence}, by {note.by}")
