"""The tools for files are commands of their groups, and help lists them apart."""

from __future__ import annotations

import pytest

from cli.command_tree import COMMANDS
from cli.file_tools import commands_of, listed
from cli.groups import Group
from cli.tools import commands
from tests.cli.test_whole_help import lines_of


@pytest.mark.parametrize("group", commands.COMMANDS)
def test_every_tool_is_a_command_of_its_group(group: str) -> None:
    listing = COMMANDS[group]
    assert isinstance(listing, Group)
    assert commands.COMMANDS[group].items() <= listing.commands.items()
    assert commands_of(group) == commands.COMMANDS[group]


def test_some_of_a_group_are_asked_for_by_name() -> None:
    assert list(commands_of("links", "import")) == ["import"]
    assert list(commands_of("links", "measures", "communities")) == ["measures", "communities"]


def test_the_tools_for_files_come_last_and_once() -> None:
    assert listed() is commands.LISTED
    daily, _, tools = lines_of().partition("Tools for files of your own:")
    assert [name for name in commands.LISTED if f"\n  {name}  " not in tools] == []
    assert [name for name in commands.LISTED if f"\n  {name}  " in daily] == []
    assert "Tools for files" not in lines_of("links")


@pytest.mark.parametrize("name", commands.LISTED)
def test_a_tool_for_files_is_a_command(name: str) -> None:
    assert "Usage: " in lines_of(*name.split())
