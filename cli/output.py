"""Output of a command: plain lines, one sentence of refusal, or JSON. Knows nothing of cases."""

from __future__ import annotations

import json
import sys
from datetime import datetime

import typer

from engine.clock import LONDON
from engine.domain.shown import escaped_for_json, shown

MARKING = "OFFICIAL-SENSITIVE"


def say(line: str) -> None:
    """Print one line to standard output."""
    typer.echo(shown(line))


def print_json(answer: object) -> None:
    """Print the whole answer of a command that was asked for JSON; laid out for a terminal."""
    typer.echo(json_text(answer, indent=2 if sys.stdout.isatty() else None))


def json_text(answer: object, *, indent: int | None = None) -> str:
    """Return the answer as JSON of the same values,
    with no control character or direction mark written raw.
    """
    return escaped_for_json(json.dumps(answer, ensure_ascii=False, indent=indent))


def print_refusal(sentence: str) -> None:
    """Print one sentence to standard error."""
    typer.echo(shown(sentence), err=True)


def when(at: datetime | None) -> str:
    """Return an instant as a clock in London shows it."""
    return f"{at.astimezone(LONDON):%-d %b %Y, %H:%M}" if at else "not recorded"
