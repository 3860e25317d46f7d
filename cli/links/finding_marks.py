"""Marks on findings of patterns, set as a user. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, say
from cli.session import Answer, Command, Desk, answering

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.


def mark(
    desk: Desk,
    pattern: Annotated[
        str, typer.Argument(metavar="PATTERN", help="The pattern, such as serial-perpetrator.")
    ],
    subject: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="The subject, as 'stac links patterns' lists it."),
    ],
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="CODE", help="One of 'stac links finding reasons'.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove your mark.")] = False,
) -> Answer:
    """Mark a finding as useful or not useful, with a reason. You have one mark on each finding.

    Example: stac links finding mark shared-object J-7K3M9QV --reason already-known
    """
    from engine.services.links.finding_marks import mark_finding

    if (reason is None) is not remove:
        raise typer.BadParameter("give --reason or --remove")

    chosen = mark_finding(
        desk.context,
        snapshots=desk.runtime.link_snapshots,
        pattern=pattern,
        subject=subject,
        reason=reason,
    )
    return Answer(
        {"mark": None if chosen is None else chosen.model_dump(mode="json")},
        "Your mark is removed." if chosen is None else f"Marked as {chosen.in_words}.",
    )


def reasons(as_json: AsJson = False) -> None:
    """List the reasons for marking a finding as useful or not useful.

    Example: stac links finding reasons
    """
    with answering(as_json):
        from engine.services.links.finding_marks import reasons_offered

        offered = reasons_offered()
    if as_json:
        print_json([each.model_dump(mode="json") for each in offered])
        return
    for each in offered:
        say(f"{each.code}: {each.in_words}")


MARKS: Mapping[str, Command] = {"mark": mark, "reasons": reasons}
