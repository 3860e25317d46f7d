"""Help names each command with its whole first sentence, and the tools for files apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
from typer.testing import CliRunner

from cli.command_tree import COMMANDS, Group, help_of
from cli.main import app
from cli.session import Command
from cli.whole_help import TOOLS_FOR_FILES

COLUMNS = 80


def groups(
    of: Mapping[str, Command | Group] = COMMANDS, *path: str
) -> Iterator[tuple[tuple[str, ...], Group]]:
    for name, entry in of.items():
        if isinstance(entry, Group):
            yield (*path, name), entry
            yield from groups(entry.commands, *path, name)


def lines_of(*path: str) -> str:
    done = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": str(COLUMNS)})
    assert done.exit_code == 0, done.output
    return done.stdout


def first_sentence(entry: Command | Group) -> str:
    text = entry.help if isinstance(entry, Group) else help_of(entry)
    return re.split(r"(?<=\.)\s", " ".join(text.split("\n\n")[0].split()))[0]


@pytest.mark.parametrize("path", [(), *(path for path, _ in groups())], ids=" ".join)
def test_no_line_of_help_is_cut(path: tuple[str, ...]) -> None:
    printed, group = lines_of(*path), {(): Group("", COMMANDS), **dict(groups())}[path]
    assert max(map(len, printed.splitlines())) <= COLUMNS
    assert "..." not in printed.partition("Commands:")[2]
    as_read = re.sub(r"[\s-]+", "", printed)
    for name, entry in group.commands.items():
        assert re.sub(r"[\s-]+", "", name + first_sentence(entry)) in as_read, name


def test_short_forms_are_listed_nowhere() -> None:
    hidden = [(path, name) for path, group in groups() for name in group.hidden or ()]
    assert hidden, "no group has a short form: this test sees nothing"
    for path, name in hidden:
        assert not re.search(rf"^  {name}  ", lines_of(*path), re.MULTILINE)


def test_the_tools_for_files_come_last_and_once() -> None:
    daily, _, tools = lines_of().partition("Tools for files of your own:")
    assert [name for name in TOOLS_FOR_FILES if f"\n  {name}  " not in tools] == []
    assert [name for name in TOOLS_FOR_FILES if f"\n  {name}  " in daily] == []
    assert "Tools for files" not in lines_of("links")


@pytest.mark.parametrize("name", TOOLS_FOR_FILES)
def test_a_tool_for_files_is_a_command(name: str) -> None:
    assert "Usage: " in lines_of(*name.split())
