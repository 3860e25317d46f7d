"""The `stac` command on a real temporary home, with tiny extracts that the agencies' own plugins read."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import typer.testing
from sqlalchemy import Connection, inspect, text
from typer.testing import CliRunner

from cli.demonstration.city import moved_to
from cli.demonstration.files import cells_of
from cli.main import with_only
from engine.domain.accounts.acting import flow_acting
from engine.domain.invented import InventedEpisode, InventedExtractTask
from engine.domain.people.persons import IdentifierScheme
from engine.domain.referrals.intake import Referral
from engine.domain.responses.answers import Contribution
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.runtime import Runtime, open_runtime
from engine.services.responses import requests as response_requests
from engine.services.system.invented_city import invented_episodes, referral_of
from tests.databases import (
    POSTGRESQL,
    chosen_database,
    create_database,
    drop_triggers,
    name_database,
    record_of,
)

SEED = 41
ROOT = Path(__file__).parents[2]
PEOPLE = {
    "chair": ("--role", "chair"),
    "ana": ("--role", "analyst"),
    "max": ("--role", "manager"),
}
AGENCIES = ("advocacy", "health", "police", "probation")


@dataclass(frozen=True)
class CommandResult:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer in JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Stac:
    """The command in one home. ``user`` is who acts unless a call says otherwise."""

    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *given: str, user: str | None = "demo", stdin: str | None = None) -> CommandResult:
        """Run it in this process."""
        environ = {"STAC_HOME": str(self.home), "STAC_USER": user, "STAC_PURPOSE": None, **self.environ}
        result = CliRunner().invoke(
            _application(given[0] if given else ""),
            list(given),
            env=environ,
            input=stdin,
            catch_exceptions=False,
        )
        return CommandResult(result.exit_code, result.stdout, result.stderr)

    def json(self, *given: str, user: str = "demo") -> Any:
        """The answer in JSON of a command that must succeed."""
        findings = self(*given, "--json", user=user)
        assert findings.code == 0, findings
        return findings.json

    def runtime(self) -> Runtime:
        """The record behind it."""
        return open_runtime({"STAC_HOME": str(self.home), "PATH": os.environ["PATH"]})


_application = cache(with_only)
typer.testing._get_command = cache(typer.testing._get_command)  # type: ignore[attr-defined]
"""A process runs one command, for which it is built; a process that tests runs hundreds of the same."""


def a_home(place: Path) -> Stac:
    """A home with one person for every role and two practitioners of each agency."""
    stac = Stac(place)
    if chosen_database() == POSTGRESQL:
        name_database(place, create_database())
    assert stac("init", user=None).code == 0
    for name, role in PEOPLE.items():
        assert stac("user", "create", name, *role).code == 0
    for agency in AGENCIES:
        for number in (1, 2):
            findings = stac(
                "user", "create", f"{agency}-{number}", "--role", "practitioner", "--agency", agency
            )
            assert findings.code == 0, findings
    return stac


@dataclass(frozen=True)
class Invented:
    """The invented people of a home whose agencies have extracts."""

    known: tuple[InventedEpisode, ...]
    """Those whose referral gives the perpetrator's number, and of whom health has two findings or more."""

    def referral(self, place: int = 0, *, sequence: int = 0) -> Referral:
        """The referral of one of them."""
        return referral_of(self.known[place], seed=SEED, source="helpline", sequence=sequence)


def with_extracts(stac: Stac) -> Invented:
    """Let each agency write its own extract of a few invented people."""
    today = datetime.now(UTC).date()
    episodes = tuple(
        moved_to(episode, today - timedelta(days=20))
        for episode in invented_episodes(SEED, count=120, until=today)
        if episode.counter_allegation_of is None and episode.perpetrator.identifiers
    )
    with stac.runtime() as runtime:
        for code in runtime.agencies.codes:
            task = InventedExtractTask(seed=SEED, on=today, episodes=episodes)
            assert runtime.agencies.write_synthetic(code, task) is None
        known = tuple(e for e in episodes if _is_known_to_health(runtime, e))
    assert len(known) >= 3
    return Invented(known=known)


def _is_known_to_health(runtime: Runtime, episode: InventedEpisode) -> bool:
    described = referral_of(episode, seed=SEED, source="helpline").perpetrator
    if not any(number.scheme is IdentifierScheme.PNC for number in described.identifiers):
        return False
    answer = runtime.agencies.assess(
        "health",
        CaseAsked(
            reference="R-7K3M9QV",
            on=datetime.now(UTC).date(),
            perpetrator=PersonAsked(
                forename=described.forename,
                surname=described.surname,
                date_of_birth=described.date_of_birth,
                identifiers=described.identifiers,
            ),
        ),
    )
    return isinstance(answer, Contribution) and len(answer.findings) >= 2


def a_file(place: Path, *rows: Mapping[str, str]) -> str:
    """A CSV file with these rows."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    quoted = [[row.get(name, "").replace('"', '""') for name in columns] for row in rows]
    lines = [",".join(columns), *(",".join(f'"{cell}"' for cell in cells) for cells in quoted)]
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(place)


def a_row(reference: str = "A-1", **cells: str) -> dict[str, str]:
    """One row of a referral file that is good as it stands."""
    return {
        "source": "helpline",
        "source_reference": reference,
        "reason": "Invented: messages every day since she left.",
        "perpetrator_forename": "Perpetua",
        "perpetrator_surname": "Toyson",
        "perpetrator_date_of_birth": "1980-02-03",
        "victim_forename": "Victoria",
        "victim_surname": "Hidden",
        "victim_date_of_birth": "1990-11-12",
        "victim_address": "7 Quiet Mews, ZZ99 9QM",
        "incident_1_date": "2026-02-20",
        "incident_1_kind": "threat",
        **cells,
    }


def referred(stac: Stac, tmp_path: Path, *rows: Mapping[str, str]) -> list[str]:
    """The references of these rows, taken in from a file."""
    file = a_file(tmp_path / "given.csv", *rows)
    references: list[str] = stac.json("referral", "import", file)["referrals"]
    return references


def referral_row(referral: Referral) -> dict[str, str]:
    """An invented referral as a row."""
    return cells_of(referral)


def screened(stac: Stac, reference: str, outcome: str = "conference", *more: str) -> None:
    """Screen it as the co-ordinator."""
    four = ("--fixated", "yes", "--obsessive", "yes", "--unwanted", "yes", "--repeated", "yes")
    findings = stac(
        "case", "screen", reference, "--outcome", outcome, "--reason", "Invented reason.", *four, *more
    )
    assert findings.code == 0, findings


def asked(stac: Stac, reference: str) -> None:
    """What the flow does, without Prefect: every agency's own plugin is asked."""
    with stac.runtime() as runtime:
        acting = flow_acting("case work", "demo")
        common: dict[str, Any] = {"context": runtime.context(acting)}
        to_ask = response_requests.open_requests(reference=reference, **common)
        for code in to_ask.agencies:
            response_requests.ask_agency(to_ask=to_ask, agency=code, **common)


def child(
    *given: str, home: Path, cwd: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return _process("-m", "cli.main", *given, home=home, cwd=cwd, **environ)


_IN_TURN = """
import shlex, sys
from cli.main import main
for command in sys.argv[1:]:
    sys.argv[1:] = shlex.split(command)
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
"""


def child_of(
    *commands: Sequence[str], home: Path, cwd: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    """These commands in turn in one process, until one fails: only the first pays for the start."""
    return _process("-c", _IN_TURN, *map(shlex.join, commands), home=home, cwd=cwd, **environ)


def _process(*given: str, home: Path, cwd: Path | None, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *given],
        env={**os.environ, "PYTHONPATH": str(ROOT), "STAC_HOME": str(home), **environ},
        cwd=cwd or ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def alter_entry(stac: Stac, sequence: int) -> None:
    """What somebody would do who holds the file: take the triggers away and change one entry."""
    with record_of(stac.home) as there:
        drop_triggers(there, "audit_entry")
        there.execute(
            text("UPDATE audit_entry SET body = replace(body, :old, :new) WHERE sequence = :sequence"),
            {"old": '"purpose":"', "new": '"purpose":"pastime ', "sequence": sequence},
        )


def everything_kept(home: Path) -> Iterator[tuple[str, str]]:
    """Every table with all that stands in it; what is prepared apart from what is released."""
    with record_of(home) as there:
        for table in inspect(there).get_table_names():
            if table != "answer":
                yield table, _all_of(there, f'SELECT * FROM "{table}"')
        for stage in ("prepared", "released"):
            yield f"answer, {stage}", _all_of(there, f"SELECT * FROM answer WHERE stage = '{stage}'")


def _all_of(there: Connection, query: str) -> str:
    return "\n".join(
        json.dumps(tuple(row), ensure_ascii=False, default=str) for row in there.execute(text(query))
    )
