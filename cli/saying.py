"""How a command speaks: plain lines, one sentence of refusal, or JSON. Knows nothing of cases."""

from __future__ import annotations

import json
import sys
from typing import Any

import typer

MARKING = "OFFICIAL-SENSITIVE"


def say(line: str) -> None:
    """One line to standard output."""
    typer.echo(plain(line))


def print_json(answer: Any) -> None:
    """The whole answer of a command that was asked for JSON; laid out for a person who looks on."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def print_refusal(sentence: str) -> None:
    """One sentence to standard error."""
    typer.echo(plain(sentence), err=True)


def plain(text: str) -> str:
    """The text without anything that a terminal would take for a command."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text
    )
