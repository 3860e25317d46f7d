"""For an agency's developer: compare two versions of a plugin. Needs no record and no user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from cli.agencies.plugins import Plugin, Save
from cli.options import AsJson
from cli.output import print_json, say
from cli.session import answering

if TYPE_CHECKING:
    from engine.services.tools.plugin_replay import DifferenceFound

# The engine is imported inside the command: `stac --help` must not wait for it.


def replay(
    given: Plugin,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="VERSION|FILE",
            help="A saved run, the other version's folder or wheel, or a version that was checked here.",
        ),
    ] = None,
    save: Save = None,
    as_json: AsJson = False,
) -> None:
    """Compare 2 versions of a plugin on the invented cases, by finding and risk domain.

    Example: stac plugin replay probation --save before.json
    """
    if against is None and save is None:
        raise typer.BadParameter("give --against VERSION|FILE, --save FILE, or both")
    with answering(as_json):
        from engine.runtime import home_of
        from engine.services.tools import plugin_replay

        found = plugin_replay.replay(plugin=given, against=against, home=home_of(os.environ), save=save)
    if as_json:
        print_json({"saved": save is not None, **(found.model_dump(mode="json") if found else {})})
        return
    if save is not None:
        say(f"The answers are saved in {save}.")
    if found is not None:
        _tell_difference(found)


def _tell_difference(found: DifferenceFound) -> None:
    if not found.changes:
        say(f"No difference between {found.before} and {found.now} of {found.agency}.")
    case = None
    for change in found.changes:
        if change.case != case:
            case = change.case
            say(case)
        say(f"  {change.part}")
        say(f"    - {change.before}")
        say(f"    + {change.now}")
    if found.changes:
        cases = len({change.case for change in found.changes})
        count = len(found.changes)
        say(f"{count:,} differences in {cases:,} cases: - is {found.before} before, + is {found.now} now.")
    if found.records_differ:
        say("The 2 versions wrote different invented records, which may cause some differences.")
