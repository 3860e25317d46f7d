"""The room's screen of a conference: its account and what it shows. Decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.conference.meetings import OfConference
from cli.input_files import one_of
from cli.session import Answer, Desk

# The engine is imported inside the command: `stac --help` must not wait for the database's library.


def room(
    desk: Desk,
    account: Annotated[
        str | None, typer.Option("--on", metavar="USER", help="Open it on this account of a room's screen.")
    ] = None,
    shows: Annotated[
        str | None,
        typer.Option("--show", metavar="DOMAIN", help="A domain, 'all domains' or 'blank'."),
    ] = None,
    conference: OfConference = None,
) -> Answer:
    """Open the room's screen on an account, or choose what it shows (chair, deputy, minute taker).

    Example: stac conference room --show violence
    """
    from engine.domain.conference.room import RoomShows
    from engine.services.conference.meetings import find_conference
    from engine.services.conference.room import open_room

    if account is None and shows is None:
        raise typer.BadParameter("give --on, --show or both")
    chosen = one_of(RoomShows, shows, "--show") if shows is not None else None

    meant = find_conference(desk.context, given=conference)
    shown = open_room(desk.context, conference=meant, account=account, shows=chosen)
    return Answer({"conference": meant, "shows": shown.value}, f"the room's screen shows: {shown.value}")
