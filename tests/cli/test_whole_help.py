"""Help names each command with its whole first sentence, and the tools for files apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Literal, get_origin

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli.command_tree import COMMANDS, help_of
from cli.groups import Group
from cli.main import app
from cli.session import Command

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


def options_with_choices(of: object = None, *path: str) -> Iterator[tuple[str, ...]]:
    of = get_command(app) if of is None else of
    for name, command in getattr(of, "commands", {}).items():
        yield from options_with_choices(command, *path, name)
    for each in getattr(of, "params", ()):
        kind = each.type_descriptor.annotation
        if (isinstance(kind, type) and issubclass(kind, Enum)) or get_origin(kind) is Literal:
            yield (*path, each.opts[0])


def test_some_options_take_one_of_few_values() -> None:
    assert ("record", "rotate-key", "--key") in [*options_with_choices()]


@pytest.mark.parametrize("path", [*options_with_choices()], ids=" ".join)
def test_a_value_that_an_option_does_not_take_is_refused_in_words(path: tuple[str, ...]) -> None:
    refused = CliRunner().invoke(app, [*path, "banana"])
    assert refused.exit_code == 2, refused.output
    assert "'banana' is not one of " in refused.output
    assert "Value error" not in refused.output
