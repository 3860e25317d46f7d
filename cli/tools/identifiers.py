"""Checking identifiers on the command line: a file of lines in, an answer a line out. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from cli.input_files import a_day, opened_file
from cli.options import AsJson
from cli.output import json_text, say
from cli.session import REFUSED, answering
from engine.domain.shown import shown

if TYPE_CHECKING:
    from engine.services.tools.identifiers import LineChecked

_WIDTHS = (6, 8, 24)


def check(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help='One {"type", "value"} in JSON a line; - is standard input.'),
    ],
    today: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="The date, YYYY-MM-DD, for the century of 2-digit years; default: today."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check identifiers, one a line: valid or not, in standard form, with the rule.

    Example: stac person check-identifiers identifiers.jsonl
    """
    from engine.clock import SystemClock

    day = a_day(today, "--today") or SystemClock().today()
    unread = False
    with answering(as_json), opened_file(file) as opened:
        from engine.services.tools.identifiers import LINE_BYTES, checked_lines

        if not as_json:
            say(_row("line", "valid", "canonical", "rule, or what is wrong"))
        for checked in checked_lines(_lines(opened, LINE_BYTES), today=day):
            unread = unread or checked.checked is None
            if as_json:
                typer.echo(json_text(_as_answer(checked)))
            else:
                say(_as_row(checked))
    if unread:
        raise typer.Exit(REFUSED)


def _lines(opened: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield the file's lines as they come; of one that is too long only a part, which is still too long."""
    while line := opened.readline(most + 1):
        ended = line.endswith(b"\n")
        yield line
        while not ended and (rest := opened.readline(most)):
            ended = rest.endswith(b"\n")


def _as_answer(line: LineChecked) -> dict[str, object]:
    if line.checked is None:
        shape = {"valid": None, "canonical": None, "rule": None, "reason": line.error}
        return {"line": line.line, **shape, "error": line.error}
    return {"line": line.line, **line.checked.model_dump()}


def _as_row(line: LineChecked) -> str:
    if line.checked is None:
        return _row(str(line.line), "not read", "", line.error or "")
    checked = line.checked
    sentence = checked.rule if checked.reason is None else f"{checked.reason} ({checked.rule})"
    return _row(str(line.line), "yes" if checked.valid else "NO", checked.canonical or "", sentence)


def _row(*cells: str) -> str:
    *short, last = cells
    return "  ".join([*(shown(cell).ljust(width) for cell, width in zip(short, _WIDTHS, strict=True)), last])
