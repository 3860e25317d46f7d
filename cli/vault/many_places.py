"""Alarms about users who named many places of a case: which wait, and what a person found who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.input_files import checked, document_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say, when
from cli.session import Command, Desk, answering, at_desk
from cli.templates import PLACES_NAMED, print_template

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def list_(desk: Desk) -> None:
    """List the alarms about users who named many places, and what was found in 28 days.

    The chair has those of every case; the safe-contact officer and the investigation lead, or without them
    the victim's advocates, those of theirs. An alarm about yourself is not shown.

    Example: stac access places-named list
    """
    from engine.services.vault.guesses import alarms_of_places

    found = alarms_of_places(desk.context)
    if desk.as_json:
        print_json(found.model_dump(mode="json"))
        return
    for alarm in found.waiting:
        say(f"{alarm.case}: {alarm.writer} named {alarm.places} places within 24 hours, {when(alarm.at)}")
    if not found.waiting:
        say("No alarm waits.")
    for record in found.recorded:
        say(
            f"{record.reference}: {record.case}, {record.writer}: {record.found.value}; {record.by} asked "
            f"{record.asked.value} on {record.asked_on:%-d %B %Y}"
        )
        say(f"  {record.text or 'erased'}")


def record(
    reference: Annotated[str | None, typer.Argument(metavar="REF")] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record whom you asked about one, when, and what you found: the alarm ends.

    It comes back when the user names as many places again. The user is not informed. Your text is sealed.

    Example: stac access places-named record R-7K3M9QV asked.toml
    """
    if template:
        print_template(PLACES_NAMED)
        return
    if reference is None or file is None:
        raise typer.BadParameter("give REF and FILE, or --template")
    from engine.domain.vault.many_places import AskedGiven

    with answering(as_json):
        given = checked(AskedGiven, document_of(file))
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.vault.guesses import record_asked_about_places

        recorded = record_asked_about_places(desk.context, reference=reference, given=given)
    if as_json:
        print_json({"record": recorded.reference, "reference": recorded.case, "writer": recorded.writer})
    else:
        say(f"{recorded.reference} is recorded: the alarm about {recorded.writer} on {recorded.case} ends")


COMMANDS: Mapping[str, Command] = {"list": list_, "record": record}
