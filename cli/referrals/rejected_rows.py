"""Rejected rows of referral files, for the coordinator. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import print_json, say
from cli.session import Command, Desk

if TYPE_CHECKING:
    from engine.services.referrals.files import OriginalRejected

# The engine is imported inside the command: `stac --help` must not wait for the database's library.


Original = Annotated[bool, typer.Option("--original", help="Show the text of each row.")]


def list_(desk: Desk, original: Original = False) -> None:
    """List the rejected rows of imported files (coordinator).

    Example: stac referral rejected list
    """
    from engine.services.referrals.imports import rejected_rows

    rows = rejected_rows(desk.context)
    _print(rows, original, desk.as_json)


def resolve(
    desk: Desk,
    row: Annotated[str, typer.Argument(metavar="IMPORT:ROW", help="The row, such as 3:14.")],
    original: Original = False,
) -> None:
    """Mark a rejected row as resolved, and list the rows again (coordinator).

    Example: stac referral rejected resolve 1:3
    """
    from engine.services.referrals.imports import deal_with_rejected_row, rejected_rows

    import_id, number = _import_and_row(row)

    deal_with_rejected_row(desk.context, import_id=import_id, row=number)
    rows = rejected_rows(desk.context)
    _print(rows, original, desk.as_json)


def _print(rows: Sequence[OriginalRejected], original: bool, as_json: bool) -> None:
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
    say(f"{len(rows):,} rejected rows")
    for row in rows:
        raised = f"ALARM ({', '.join(row.alarms)}): " if row.alarms else ""
        seen = f"; resolved by {row.dealt_with_by}" if row.dealt_with_by else ""
        where = f"import {row.import_id}, row {row.row_number}, {row.column or 'whole row'}"
        say(f"  {raised}{where}: {row.reason}{seen}")
        if original:
            say(f"    {row.content.decode(errors='replace')}")


def _import_and_row(done: str) -> tuple[int, int]:
    number, _, row = done.partition(":")
    if not (number.isdecimal() and row.isdecimal()):
        raise typer.BadParameter("write it as IMPORT:ROW, for instance 3:14", param_hint="IMPORT:ROW")
    return int(number), int(row)


COMMANDS: Mapping[str, Command] = {"list": list_, "resolve": resolve}
