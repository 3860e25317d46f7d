"""A run that is killed at any step and started again leaves the record that a run leaves that never was."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.conference.risk import Attendance
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import NilReturn
from engine.services.conference import decisions
from engine.services.responses import agency_answers
from engine.services.responses import requests as response_requests
from flows.server import temporary_server
from tests.builders import MONDAY, SAFE_HOUSE, a_contribution, a_decision, a_desk, ask_all, let_answer
from tests.flows.draining import Draining, Ended
from tests.flows.given import have_database, screened, toys_for
from tests.record_content import content

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

LATER = MONDAY + timedelta(minutes=30)  # when whatever was taken by a killed process may be taken again
EVERY = 6
"""Every step is taken by one of so many tests."""


@dataclass(frozen=True)
class Prepared:
    """A home in which flows of every kind wait, and the server for them."""

    home: Path
    url: str

    def drain(self, home: Path, at: datetime, *, step: int = 0, where: str = "") -> Ended:
        """Drain a home in a process of its own."""
        return Draining(home, at, self.url, step=step, where=where).ended()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[Prepared]:
    """Referrals to be asked about, one that every other agency answered, one that was decided on."""
    folder = tmp_path_factory.mktemp("killed")
    with a_desk(folder / "home") as desk:
        workers = toys_for(desk, "raises")
        _, second, third = (screened(desk, number) for number in ("asked", "last", "decided"))
        ask_all(desk, third)
        desk_given: dict[str, Any] = {"context": desk.context(desk.chair), "reference": third}
        decisions.open_conference(**desk_given)
        attendance = (Attendance(agency="lantern"), Attendance(agency="harbour"))
        decisions.decide(**desk_given, decision=a_decision(attendance=attendance))
        response_requests.open_requests(**{**desk_given, "reference": second})
        for code in ("lantern", "voice", "raises"):
            agency_answers.answer_by_hand(
                desk.context(workers[code]),
                reference=second,
                agency=code,
                answer=NilReturn(looked_in=("register",), says="Nothing was held."),
            )
        whereabouts = (ProtectedValue(kind=ProtectedKind.ADDRESS, value=SAFE_HOUSE),)
        let_answer(desk, "lantern", a_contribution("She was seen in March.", protected=whereabouts))
        let_answer(desk, "harbour", a_contribution("Two reports were held."))
    (folder / "server").mkdir()
    have_database(folder / "server", prefect_database)
    with temporary_server(folder / "server") as url:
        yield Prepared(folder / "home", url)


@pytest.fixture(scope="module")
def never_killed(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> tuple[Counter[str], int]:
    """The record after a run that was never killed, and how many transactions it had."""
    home = tmp_path_factory.mktemp("never") / "home"
    shutil.copytree(prepared.home, home)
    done = prepared.drain(home, LATER, where="never")
    assert done.code == 0, done.said
    return content(home), done.lines[-1]["transactions"]


def killed_and_restarted(prepared: Prepared, home: Path, step: int, where: str) -> Counter[str]:
    """The record after a run that was killed at this step and one that was not."""
    shutil.copytree(prepared.home, home)
    killed = prepared.drain(home, MONDAY, step=step, where=where)
    assert killed.code == -signal.SIGKILL, killed.said
    again = prepared.drain(home, LATER)
    assert again.code == 0, again.said
    return content(home)


def test_a_run_writes_what_is_compared(prepared: Prepared, never_killed: tuple[Counter[str], int]) -> None:
    record, steps = never_killed
    new = record - content(prepared.home)
    assert Counter(row.split(":")[0] for row in new) == {
        "asked_for_actions": 4,
        "request": 4,
        "answer": 5,
        "move": 1,
        "involvement": 1,
        "outbox": 4,
        "ledger": 2,
    }
    assert steps > 20


@pytest.mark.parametrize(("part", "where"), [(0.15, "before"), (0.6, "after")])
def test_a_run_that_was_killed_and_restarted_is_as_one_that_never_was(
    prepared: Prepared, never_killed: tuple[Counter[str], int], tmp_path: Path, part: float, where: str
) -> None:
    record, steps = never_killed
    assert killed_and_restarted(prepared, tmp_path / "home", round(steps * part), where) == record


@pytest.mark.full
@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("first", range(1, EVERY + 1))
def test_killed_at_every_step_in_turn(
    prepared: Prepared, never_killed: tuple[Counter[str], int], tmp_path: Path, first: int, where: str
) -> None:
    record, steps = never_killed
    differ = {}
    for step in range(first, steps + 1, EVERY):
        after = killed_and_restarted(prepared, tmp_path / str(step), step, where)
        if after != record:
            differ[step] = [*(after - record), *(record - after)]
    assert differ == {}


def test_a_run_that_is_killed_again_and_again_comes_to_its_end(
    prepared: Prepared, never_killed: tuple[Counter[str], int], tmp_path: Path
) -> None:
    record, _ = never_killed
    home = tmp_path / "home"
    shutil.copytree(prepared.home, home)
    at = MONDAY
    for step in (3, 5, 6):
        killed = prepared.drain(home, at, step=step, where="after")
        assert killed.code == -signal.SIGKILL, killed.said
        at += timedelta(minutes=11)
    assert prepared.drain(home, at).code == 0
    assert content(home) == record
