"""Rejected rows of referral files, for the co-ordinator who mends them. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say
from cli.session import at_desk

# The engine is imported inside the command: `stac --help` must not wait for the database's library.


def rejected(
    original: Annotated[bool, typer.Option("--original", help="Show what stood in each row.")] = False,
    done: Annotated[
        str | None,
        typer.Option(metavar="IMPORT:ROW", help="Say that this row was seen to, for instance 3:14."),
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Show the rejected rows that are still kept (co-ordinator only), or say that one was seen to."""
    seen_to = _import_and_row(done) if done is not None else None
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.referrals.imports import deal_with_rejected_row, rejected_rows

        if seen_to is not None:
            deal_with_rejected_row(desk.context, import_id=seen_to[0], row=seen_to[1])
        rows = rejected_rows(desk.context)
    if as_json:
        print_json(
            {
                "rejected": [
                    {
                        "import": row.import_id,
                        "row": row.row_number,
                        "column": row.column,
                        "reason": row.reason,
                        "alarms": None if row.alarms is None else list(row.alarms),
                        "dealt_with_by": row.dealt_with_by,
                        "at": row.at.isoformat(),
                        **({"original": row.content.decode(errors="replace")} if original else {}),
                    }
                    for row in rows
                ]
            }
        )
        return
    say(f"{len(rows)} rejected rows are kept")
    for row in rows:
        raised = f"ALARM ({', '.join(row.alarms)}): " if row.alarms else ""
        seen = f"; seen to by {row.dealt_with_by}" if row.dealt_with_by else ""
        where = f"import {row.import_id}, row {row.row_number}, {row.column or 'whole row'}"
        say(f"  {raised}{where}: {row.reason}{seen}")
        if original:
            say(f"    {row.content.decode(errors='replace')}")


def _import_and_row(done: str) -> tuple[int, int]:
    number, _, row = done.partition(":")
    if not (number.isdecimal() and row.isdecimal()):
        raise typer.BadParameter("write it as IMPORT:ROW, for instance 3:14", param_hint="--done")
    return int(number), int(row)


def add_to(app: typer.Typer) -> None:
    """Give the application this command."""
    app.command()(rejected)
