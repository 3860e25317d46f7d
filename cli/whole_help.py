"""A group of commands: its help with nothing cut off and the tools for files apart, its refusals in words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import typer
from typer.core import TyperGroup

from cli.file_tools import listed

if TYPE_CHECKING:
    from typer._click import Context  # which a group is invoked with: typer.Context is narrower


class _OfContext(Protocol):
    @property
    def parent(self) -> object: ...


class _Formatter(Protocol):
    def section(self, name: str) -> AbstractContextManager[None]: ...

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None: ...


class WholeHelp(TyperGroup):
    """A group whose help has the whole first sentence of each command: what is cut off is not read."""

    def invoke(self, ctx: Context) -> object:
        """Run the command. A value that an option does not take is refused without the name of an error."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise

    def format_commands(self, ctx: _OfContext, formatter: _Formatter) -> None:
        """Write the commands of a group; after those of all, the tools for files."""
        shown = [name for name, command in self.commands.items() if not command.hidden]
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.sentence_of(name)) for name in shown])
        if ctx.parent is None and (tools := listed()):
            with formatter.section("Tools for files of your own"):
                formatter.write_dl([(name, self.sentence_of(*name.split())) for name in tools])

    def sentence_of(self, name: str, *within: str) -> str:
        """Return the first sentence of a command, or of one within it."""
        command = self.commands[name]
        if within and isinstance(command, WholeHelp):
            return command.sentence_of(*within)
        return command.get_short_help_str(limit=_LONGEST_SENTENCE)


_LONGEST_SENTENCE = 1_000
