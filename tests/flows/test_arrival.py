"""The runner has arrivals looked up in turns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.hooks.registry import load_agencies
from engine.services.cases import worklists
from flows import arrival
from flows.arrival import look_up_some
from tests.builders import TOYS, Desk, a_desk, a_person, a_referral, installed_codes


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose one agency looks up on arrival and holds everybody called Roe."""
    with a_desk(tmp_path / "home") as made:
        home = made.runtime.settings.home
        made.runtime.__dict__["agencies"] = load_agencies(
            home, suspended=installed_codes(), extra={"beacon": TOYS / "beacon"}
        )
        (home / "agencies" / "beacon").mkdir(parents=True)
        (home / "agencies" / "beacon" / "people.json").write_text(json.dumps({"Roe": ["BEACON-41"]}))
        yield made


@pytest.fixture
def worker(desk: Desk) -> Acting:
    """Somebody of that agency."""
    return desk.add("beacon-worker", Role.PRACTITIONER, "beacon")


def arrivals_noted(desk: Desk, worker: Acting) -> int:
    work = worklists.worklist(desk.context(worker))
    return len(work.items)


def refer(desk: Desk, count: int) -> None:
    desk.refer(*(a_referral(str(n), perpetrator=a_person(f"P{n}", "Roe")) for n in range(count)))


def test_arrivals_are_looked_up_in_turns_until_none_is_left(
    desk: Desk, worker: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "AT_ONCE", 2)
    refer(desk, 3)
    assert [look_up_some(desk.runtime, on_behalf_of="runner") for _ in range(3)] == [2, 1, 0]
    assert arrivals_noted(desk, worker) == 3


def test_a_runner_that_was_killed_leaves_nothing_out(
    desk: Desk, worker: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "AT_ONCE", 1)
    refer(desk, 2)
    assert [look_up_some(desk.runtime, on_behalf_of="runner") for _ in range(2)] == [1, 1]
    assert arrivals_noted(desk, worker) == 2
