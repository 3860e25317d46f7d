"""A command takes a desk: who acts, for which task and in which form it answers is declared once."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from cli.command_tree import COMMANDS, add_commands
from cli.groups import Group
from cli.session import Answer, Command, Desk
from tests.cli.command import Stac

OPENS_FOR_ITSELF: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "advice return",
            "case screen",
            "conference amend",
            "conference decide",
            "order create",
            "outcome create",
            "outcome describe-victim",
            "outcome import",
            "outcome prices",
            "outcome record-victim",
            "plan review",
            "plan update",
            "referral create",
            "response create",
        ),
        "prints the template of its file without a record",
    ),
    **dict.fromkeys(
        (
            "links components",
            "links export",
            "links neighbours",
            "links patterns",
            "links query",
            "links shortest-path",
            "links summary",
            "links trends",
        ),
        "reads a file of one's own, or the record",
    ),
    "access places-named record": "--user is another person",
    "agency list": "lists what is installed without a record",
    "conference victim-words": "withdraws by another door",
    "links record-request create": "names a person of another case",
    "record rotate-key": "the operator rotates two keys, a user the third",
    "sharing set": "--user is another person",
}
"""The commands that take ``--as`` and open the record themselves, and why. Their number only falls."""


def commands(of: Mapping[str, Command | Group] = COMMANDS, *path: str) -> Iterator[tuple[str, Command]]:
    for name, entry in of.items():
        if isinstance(entry, Group):
            yield from commands(entry.commands, *path, name)
        else:
            yield " ".join((*path, name)), entry


def annotated(command: Command) -> list[object]:
    return [each.annotation for each in inspect.signature(command).parameters.values()]


def test_every_command_of_a_user_takes_a_desk_or_says_why_not() -> None:
    own = {name for name, command in commands() if "AsUser" in annotated(command)}
    assert own == OPENS_FOR_ITSELF.keys()
    assert not [name for name, each in commands() if {"Desk", "AsUser"} <= set(map(str, annotated(each)))]
    assert sum(annotated(command)[:1] == ["Desk"] for _, command in commands()) > 190


def greet(desk: Desk, greeting: Annotated[str, typer.Argument()] = "Hello") -> Answer:
    """Greet.

    Example: stac greet
    """
    return Answer({"user": desk.acting.user, "task": desk.acting.purpose}, greeting, desk.acting.user)


def silent(desk: Desk) -> None:
    """Answer nothing.

    Example: stac silent
    """


@pytest.fixture
def run(stac: Stac, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("STAC_HOME", str(stac.home))
    app = typer.Typer()
    add_commands(app, {"greet": greet, "silent": silent})

    def answer(*given: str) -> str:
        done = CliRunner().invoke(app, given)
        assert done.exit_code == 0, done.output
        return done.stdout

    return answer


def test_an_answer_is_lines_or_json_of_the_person_at_the_desk(run: Callable[..., str]) -> None:
    assert run("greet", "--as", "chair").splitlines() == ["Hello", "chair"]
    answered = json.loads(run("greet", "Hi", "--as", "chair", "--purpose", "triage", "--json"))
    assert answered["user"] == "chair"
    assert answered["task"].startswith("triage of ")
    assert run("silent", "--as", "chair", "--json") == ""


def test_without_a_user_it_is_refused_before_the_command_runs(run: Callable[..., str]) -> None:
    with pytest.raises(AssertionError, match="--as"):
        run("greet")
