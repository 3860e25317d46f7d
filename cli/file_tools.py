"""The tools for files of your own, which an installation may leave out. Nothing else here knows them.

They are found by the name of their module, so that no import breaks where their folders were deleted.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from cli.groups import Group
    from cli.session import Command
    from engine.services.links.choices import Components, Figures, Format, Paths, Patterns, Search

_FOLDER = "cli.tools"
_COMMANDS = f"{_FOLDER}.commands"
_REGISTERS = f"{_FOLDER}.registers"


class Tools(Protocol):
    """The commands of the tools by the group that lists them, and their names in the help of all."""

    COMMANDS: Mapping[str, Mapping[str, Command | Group]]
    LISTED: Sequence[str]


class Registers(Protocol):
    """Questions of the commands of links to a register file instead of the record."""

    def summary(self, register: Path, as_json: bool) -> Figures:
        """Return a register in figures."""

    def components(self, register: Path, as_json: bool) -> Components:
        """Return its connected components."""

    def print_neighbours(
        self,
        register: Path,
        entity: str,
        as_json: bool,
        *,
        hops: int,
        hub_cap: int,
        kinds: Sequence[str] | None,
    ) -> None:
        """Print the neighbourhood of an entity."""

    def path(
        self,
        register: Path,
        start: str,
        end: str,
        as_json: bool,
        *,
        most: int,
        through_hubs: bool,
        kinds: Sequence[str],
        since: date | None,
        until: date | None,
        longer: int,
    ) -> Paths:
        """Return the shortest paths between two entities."""

    def patterns(
        self, register: Path, as_json: bool, *, asked: Search, progress: Callable[[int, int], object]
    ) -> Patterns:
        """Return the patterns of a register."""

    def print_trends(self, events: Path, as_json: bool, *, mapping: Path | None, severity: bool) -> None:
        """Print the trend of each case of a file of events."""

    def print_query(self, register: Path | None, file: str | None, as_json: bool) -> None:
        """Print the entities that meet the conditions in a file."""

    def print_query_template(self) -> None:
        """Print such a file to fill in."""

    def export(self, register: Path, as_json: bool, *, form: Format, out: Path) -> list[str]:
        """Write a register for other programs; return the names of the files."""


@cache
def _tools() -> Tools | None:
    try:
        return cast("Tools", import_module(_COMMANDS))
    except ModuleNotFoundError as error:
        if error.name in (_FOLDER, _COMMANDS):
            return None
        raise  # a part of the tools is missing, not all of them


def listed() -> Sequence[str]:
    """Return the commands that work on files of your own, in the order of `stac --help`."""
    tools = _tools()
    return () if tools is None else tools.LISTED


def commands_of(group: str, *names: str) -> Mapping[str, Command | Group]:
    """Return the tools' commands of a group, or those of these names; none where the tools were left out."""
    tools = _tools()
    commands = {} if tools is None else tools.COMMANDS[group]
    return {name: each for name, each in commands.items() if not names or name in names}


def registers(option: str) -> Registers:
    """Return what reads a register file. Without the tools the option that needs it is wrong use."""
    if _tools() is None:
        raise typer.BadParameter(
            "the tools for files of your own are not installed here; leave it out to ask the record",
            param_hint=option,
        )
    return cast("Registers", import_module(_REGISTERS))
