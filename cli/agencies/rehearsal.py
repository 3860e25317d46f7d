"""Rehearsal of an agency's extract: how it is read, and how known people are found. Asks and prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import print_json, say
from cli.session import REFUSED, Desk

if TYPE_CHECKING:
    from engine.domain.agencies.files import RowsUnmatchable
    from engine.domain.agencies.rehearsal import KnownAsked, Rehearsal

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

_LINES_SHOWN = 10


def rehearse(
    desk: Desk,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The agency's code, as 'stac agency list' lists it.")
    ],
    known: Annotated[
        Path | None,
        typer.Option(
            "--known",
            metavar="FILE",
            show_default=False,
            help="People who are in the records: columns forename, surname, date_of_birth, and numbers.",
        ),
    ] = None,
) -> None:
    """Try an agency's extract without a case: rows, rows that cannot be matched on, and known people.

    Example: stac agency rehearse police
    """
    from cli.bars import busy
    from engine.services.agencies.rehearsing import rehearse_extract

    notes: list[str] = []
    with busy("reading", quiet=desk.as_json):
        rehearsal = rehearse_extract(desk.context, agency=code, known=known, note=notes.append)
    if desk.as_json:
        print_json({**rehearsal.model_dump(mode="json"), "passes": rehearsal.passes, "notes": notes})
    else:
        for line in (*_lines(rehearsal), *notes):
            say(line)
    if not rehearsal.passes:
        raise typer.Exit(REFUSED)


def unmatchable_in_words(reasons: Iterable[RowsUnmatchable]) -> Iterator[str]:
    """Yield the rows that cannot be matched on, by reason, with the first of their places."""
    for each in reasons:
        places = ", ".join(f"{line:,}" for line in each.lines[:_LINES_SHOWN])
        more = ", ..." if each.rows > _LINES_SHOWN and places else ""
        where = f" (row{'' if each.rows == 1 else 's'} {places}{more})" if places else ""
        yield f"{each.rows:,} cannot: {each.reason.removesuffix('.')}{where}"


def _lines(rehearsal: Rehearsal) -> Iterator[str]:
    yield f"{rehearsal.agency}: the extract was read without a case, and nothing of it was stored"
    if rehearsal.not_sealed_because is not None:
        yield f"  It is not used for any case yet: {rehearsal.not_sealed_because}"
    if rehearsal.unreadable is not None:
        yield f"  It cannot be read: {rehearsal.unreadable}"
        return
    if rehearsal.read is None:
        for file in rehearsal.files:
            yield f"  {file.name}: {_rows_of_file(file.rows)}"
        yield "  Its plugin has code of its own. Its nil returns count the rows that cannot be matched on."
    else:
        for table in rehearsal.read.tables:
            yield f"  {table.in_words}"
            yield from (f"    {line}" for line in unmatchable_in_words(table.unmatchable))
        yield from (f"  {doubt}" for doubt in rehearsal.read.doubts)
        yield from (f"  {line}" for line in _of_own_rows(rehearsal))
    for each in rehearsal.known:
        yield f"  known person in row {each.line}: {_of_known(each)}"
        yield from (f"    {gap}" for gap in each.gaps)


def _rows_of_file(rows: int | None) -> str:
    return "not a table of lines" if rows is None else f"{rows:,} row{'' if rows == 1 else 's'}"


def _of_own_rows(rehearsal: Rehearsal) -> Iterator[str]:
    own = rehearsal.read.own_rows if rehearsal.read else None
    if own is None:
        yield "No columns are called name and date of birth, so its rows were not asked about: use --known."
        return
    yield (
        f"{own.asked:,} of its own rows were asked about: {own.found:,} found, {own.unclear:,} not clear, "
        f"{len(own.not_found):,} not found, {len(own.other_row):,} found as another row"
    )
    for what, lines in (("not found", own.not_found), ("found as another row", own.other_row)):
        if lines:
            yield f"  {what}: rows {', '.join(f'{line:,}' for line in lines[:_LINES_SHOWN])}"


def _of_known(each: KnownAsked) -> str:
    match each.answer:
        case "contribution":
            return f"found {each.says}" if each.says.startswith("by ") else each.says
        case "nil return":
            return f"NOT FOUND. {each.says}"
        case _:
            return f"{each.answer.upper()}. {each.says}"
