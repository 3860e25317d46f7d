"""The library of actions on the command line. Draws; chooses nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, say

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


class SideGiven(StrEnum):
    """A side of a plan, as it is typed."""

    VICTIM_SAFETY = "safety"
    INTERVENTION = "intervention"
    OTHERS_AT_RISK = "others"


def library(
    words: Annotated[
        str, typer.Argument(metavar="WORDS", help="Words of a title; all are listed without.")
    ] = "",
    side: Annotated[SideGiven | None, typer.Option(help="Only the actions of this side of a plan.")] = None,
    need: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only those that answer this need.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the actions that a plan can be made of. No record is needed.

    Example: stac plan library --side intervention
    """
    from engine.domain.plans.actions import Side
    from engine.services.plans.library import find_actions
    from engine.services.plans.library import library as whole_library

    whole = whole_library()
    if need is not None and need not in whole.needs:
        raise typer.BadParameter(f"--need: choose one of {', '.join(whole.needs)}")
    found = find_actions(words=words, side=Side[side.name] if side else None, need=need)
    if as_json:
        print_json(
            {
                "version": whole.version,
                "dated": whole.dated.isoformat(),
                "needs": whole.needs,
                "actions": [action.model_dump(mode="json") for action in found],
            }
        )
        return
    from cli.tables import console, draw_table

    out = console()
    for each in Side:
        rows = [
            (action.code, action.title, action.done_when, action.caution or "")
            for action in found
            if action.side is each
        ]
        if rows:
            draw_table(out, each.value.capitalize(), ("code", "action", "done when", "check first"), rows)
    if not found:
        say("No action of the library fits. You can write one by hand in the plan.")
    say(f"Library of actions, version {whole.version} of {whole.dated:%-d %B %Y}. The panel decides.")
