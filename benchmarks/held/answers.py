"""Every `--json` answer of the commands that read, for each user of a small demonstration that is built here.

The demonstration is built by the code that is looked at, so that a change of what is written shows too; by
services alone, for flow runs would write in an order that threads decide.
"""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from typer.testing import CliRunner

from benchmarks.held.asked import (
    ACTS,
    FILES,
    FIRST,
    MORE_USERS,
    MOST_TO_SHOW,
    READ,
    READ_BY_NOBODY,
    READ_OF_CASE,
    SECOND,
)
from benchmarks.held.fixed import SEED
from benchmarks.held.imported import ROOT, command_for, command_tree, demonstration_builder

REFERRALS = 20
"""The fewest that the demonstration allows; the scenes of the last days come on top."""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
_MEASURED = re.compile(r'(?<="seconds": )[0-9.]+|[0-9.]+ [A-Z]B(?= free)')
"""Of the machine at this moment, and of no version of the code."""


@dataclass(frozen=True)
class Command:
    """The `stac` command in one home, run in this process."""

    home: Path

    def __call__(self, *given: str, user: str | None = FIRST) -> str:
        """The whole answer: exit code, what was printed, and how it ended if it failed."""
        environ = {"STAC_HOME": str(self.home), "STAC_USER": user, "STAC_PURPOSE": None, "COLUMNS": "200"}
        result = CliRunner().invoke(command_for(given[0]), list(given), env=environ)
        ended = ""
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            ended = f"failed by {type(result.exception).__name__}: {result.exception}\n"
        printed = "".join(map(_laid_out, result.stdout.splitlines()))
        answer = f"exit {result.exit_code}\n{printed}{result.stderr}{ended}"
        return self.without_places(answer)

    def json(self, *given: str, user: str = FIRST) -> Any:
        """The answer in JSON of a command that must succeed."""
        code, _, printed = self(*given, "--json", user=user).partition("\n")
        assert code == "exit 0", (given, code, printed)
        return json.loads(printed)

    def without_places(self, text: str) -> str:
        """The text with names in place of this run's folders and measurements."""
        named = text.replace(str(self.home), "HOME").replace(str(self.home.parent), "PLACE")
        return _MEASURED.sub("MEASURED", named.replace(str(ROOT), "ROOT"))


def _laid_out(line: str) -> str:
    """A line of JSON with one value a line."""
    try:
        return json.dumps(json.loads(line), indent=1, ensure_ascii=False) + "\n"
    except ValueError:
        return line + "\n"


def built(command: Command) -> str:
    """Build the demonstration, with everything asked by services and none by a flow run; its summary."""
    builder, chooses = demonstration_builder()
    with patch.object(builder, chooses, lambda *_: frozenset()):
        given = ("demo", "--headless", "--seed", str(SEED), "--referrals", str(REFERRALS), "--json")
        answer = command(*given, user=None)
    assert answer.startswith("exit 0"), answer
    return answer


def chosen_cases(command: Command) -> dict[str, str]:
    """One case for each state and way of screening, by what it stands for; those with most to show first."""
    rows = command.json("case", "list", "--all")["referrals"]
    chosen: dict[str, str] = {}
    for row in rows:
        chosen.setdefault(f"{row['state']}, {row['triage_outcome'] or 'no outcome'}", row["reference"])
    first = [label for label in MOST_TO_SHOW if label in chosen]
    return {label: chosen[label] for label in dict.fromkeys([*first, *chosen])}


def some_users(there: list[dict[str, Any]], *, full: bool) -> list[dict[str, Any]]:
    """All of them, or all but each agency's second practitioner."""
    return [user for user in there if full or not user["name"].endswith(SECOND)]


def acted(command: Command, cases: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Answers of some commands that write: without them many that read would have nothing to say."""
    for name, role in MORE_USERS.items():
        yield f"acts/user create {name}.txt", command("user", "create", name, "--role", role, "--json")
    for number, (user, line) in enumerate(ACTS, start=1):
        given = _filled(line, command, cases)
        yield f"acts/{number:02} {user} {given[0]} {given[1]}.txt", command(*given, "--json", user=user)


def read(command: Command, cases: dict[str, str], *, full: bool) -> Iterator[tuple[str, str]]:
    """Answers of every command that reads, for each user, and of those that need no user.

    Every user is shown every chosen case. Unless ``full``, what else reads a case is asked about some.
    """
    there = users(command)
    some = {user["name"] for user in some_users(there, full=full)}
    for user in (each["name"] for each in there):
        for line in READ:
            yield f"answers/{user}/{line}.txt", command(*line.split(), "--json", user=user)
        for label, reference in cases.items():
            is_asked_all = full or (user in some and label in MOST_TO_SHOW)
            for line in READ_OF_CASE if is_asked_all else ("case show",):
                given = (*line.split(), reference, "--json")
                yield f"answers/{user}/{line}, {label}.txt", command(*given, user=user)
    for file, text in FILES.items():
        (command.home.parent / file).write_text(text, encoding="utf-8")
    for line in READ_BY_NOBODY:
        given = _filled(line, command, cases)
        name = line.partition(" --")[0].replace("/", "-")
        yield f"answers/nobody/{name}.txt", command(*given, "--json", user=None)
    yield "commands.txt", "\n".join(_commands(command_tree(), "stac"))


def users(command: Command) -> list[dict[str, Any]]:
    """Every user of the demonstration."""
    there: list[dict[str, Any]] = command.json("user", "list")["users"]
    return there


def audit_log(command: Command) -> Iterator[tuple[str, str]]:
    """Whether the audit log of everything that was done here verifies, and each of its entries."""
    yield "audit/verify.txt", command("audit", "verify", "--content", "--json", user=None)
    file = command.home.parent / "audit.jsonl"
    command("audit", "export", str(file), user="auditor")
    yield "audit/verify the export.txt", command("audit", "verify", str(file), "--json", user=None)
    entries, digests = [], []
    for line in file.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "body" in entry:
            body = json.loads(entry["body"])
            digests.append(f"{entry['sequence']} {body.pop('wrote', 'wrote nothing')}")
            entries.append(f"{entry['sequence']} {json.dumps(body, ensure_ascii=False)}")
    yield "audit/entries.txt", command.without_places("\n".join(entries))
    yield "audit/digests of what each wrote.txt", "\n".join(digests)


def tables(command: Command) -> Iterator[tuple[str, str]]:
    """Every row of every table, as the database holds it."""
    with closing(sqlite3.connect(f"file:{command.home / 'stac.db'}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute(_TABLES)]
        for name in names:
            rows = database.execute(f"SELECT * FROM {name}")
            columns = [column[0] for column in rows.description]
            there = (dict(zip(columns, map(_cell, row), strict=True)) for row in rows)
            lines = sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in there)
            yield f"tables/{name}.txt", command.without_places("\n".join(lines))


def _cell(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _commands(group: Any, name: str) -> Iterator[str]:
    """Each command with its arguments, options and what help says of them."""
    for part, below in sorted(group.commands.items()):
        yield f"{name} {part}: {below.help}"
        for each in below.params:
            yield f"  {' '.join((*each.opts, *each.secondary_opts))} {getattr(each, 'help', '')}"
        if hasattr(below, "commands"):
            yield from _commands(below, f"{name} {part}")


def _filled(line: str, command: Command, cases: dict[str, str]) -> list[str]:
    """The words of a command with this run's references and folder in them."""
    there = list(cases.values())
    place = str(command.home.parent)
    return [_reference(term, command, there).replace("PLACE", place) for term in shlex.split(line)]


def _reference(term: str, command: Command, cases: list[str]) -> str:
    named = re.fullmatch(r"\{([RPVY])([0-9]+)\}", term)
    if named is None:
        return term
    kind, chosen = named[1], cases[min(int(named[2]), len(cases)) - 1]
    match kind:
        case "R":
            return chosen
        case "V":
            shown = command("access", "vault", "list", chosen, "--json")
        case "Y":
            shown = command("sar", "list", "--json", user="officer")
        case _:
            shown = command("case", "show", chosen, "--json")
    found = re.search(rf"\b{kind}-[0-9A-Z]{{7}}\b", shown)
    return found[0] if found else term
