"""Import of a file of outcomes. Asks and prints; decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say
from cli.session import REFUSED, at_desk


def import_file(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A CSV file or a workbook with 1 outcome in a row.")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The agency that found the outcomes.")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a CSV file to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Import a file of outcomes that an agency found. Valid rows are recorded; others are listed.

    Example: stac outcome import --template
    """
    if template:
        from engine.services.outcomes.imports import OUTCOME_TEMPLATE

        typer.echo(OUTCOME_TEMPLATE, nl=False)
        return
    if file is None or agency is None:
        raise typer.BadParameter("give the FILE and the --agency that found the outcomes")
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.imports import import_outcomes

        found = import_outcomes(desk.context, path=file, agency=agency)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        for note in found.notes:
            say(note)
        say(f"{found.accepted:,} accepted, {found.unchanged:,} unchanged, {len(found.refused):,} rejected")
        for row in found.refused:
            say(f"row {row.row}: {'; '.join(row.reasons)}")
    if found.refused:
        raise typer.Exit(REFUSED)
