"""The page of commands names every command that there is, in the command's own words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from cli.main import app

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def command_lines(command: Any, name: str) -> Iterator[str]:
    """A line of the table for each command below this one."""
    for part, below in sorted(command.commands.items()):
        if below.hidden:
            continue
        if hasattr(below, "commands"):
            yield from command_lines(below, f"{name} {part}")
        else:
            yield f"| `{name} {part}` | {below.help.splitlines()[0]} |"


def test_the_page_names_every_command_in_its_own_words() -> None:
    there = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `stac ")]
    assert there == list(command_lines(typer.main.get_command(app), "stac"))
