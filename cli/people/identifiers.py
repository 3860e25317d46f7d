"""Checking identifiers on the command line: a file of lines in, an answer a line out. Decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from cli.options import AsJson
from cli.output import json_text, say
from cli.session import REFUSED, answering
from engine.domain.errors import InvalidInputError
from engine.domain.shown import shown

if TYPE_CHECKING:
    from engine.services.people.identifiers import LineChecked

STANDARD_INPUT = "-"
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
    day = _day(today)
    unread = False
    with answering(as_json), _opened(file) as opened:
        from engine.services.people.identifiers import LINE_BYTES, checked_lines

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


def _day(given: str | None) -> date:
    if given is None:
        from engine.clock import SystemClock

        return SystemClock().today()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter("write it as 2026-03-09", param_hint="--today") from None


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below; opening alone may be refused here
    except FileNotFoundError:
        raise InvalidInputError("file", "the file was not found; check its name") from None
    except OSError as error:
        raise InvalidInputError("file", f"cannot be read ({type(error).__name__})") from None
    with opened:
        yield opened


def _lines(opened: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield the file's lines as they come; of one that is too long only a part, which is still too long."""
    while line := opened.readline(most + 1):
        ended = line.endswith(b"\n")
        yield line
        while not ended and (rest := opened.readline(most)):
            ended = rest.endswith(b"\n")


def _as_answer(line: LineChecked) -> dict[str, Any]:
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
