"""What is due in a runner: each piece of work at its own interval, and at once while there is more."""

from __future__ import annotations

import pytest

from engine.settings import Settings
from flows import timing as module
from flows.timing import Timing
from tests.builders import Desk


class Seconds:
    """A clock of seconds that is set by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def monotonic(self) -> float:
        """The seconds now."""
        return self.at


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    now = Seconds()
    monkeypatch.setattr(module, "time", now)
    return now


def timing_with(desk: Desk, **schedules: int) -> Timing:
    settings = desk.runtime.settings
    desk.runtime.settings = Settings.model_validate({**settings.model_dump(), "schedules": schedules})
    return Timing(desk.runtime)


def test_each_is_due_at_first_and_then_at_its_own_interval(desk: Desk, seconds: Seconds) -> None:
    timing = timing_with(desk, arrivals=300)
    assert timing.is_due("arrivals")
    assert timing.is_due("comparisons")
    for name in ("arrivals", "comparisons"):
        timing.did(name)
    assert timing.until_due("arrivals", "comparisons") == 20.0
    seconds.at += 19.9
    assert not timing.is_due("comparisons")
    seconds.at += 0.1
    assert timing.is_due("comparisons")
    assert not timing.is_due("arrivals")
    seconds.at += 280
    assert timing.is_due("arrivals")
    assert timing.until_due("arrivals", "escalations") == 0.0


def test_it_is_due_again_at_once_while_there_is_more(desk: Desk, seconds: Seconds) -> None:
    timing = timing_with(desk)
    timing.did("comparisons", has_more=True)
    assert timing.is_due("comparisons")
    timing.did("comparisons")
    assert not timing.is_due("comparisons")


def test_what_was_done_is_written_once(desk: Desk, seconds: Seconds) -> None:
    timing = timing_with(desk)
    assert timing.unwritten() == {}
    timing.did("arrivals")
    done = timing.unwritten()
    assert done == {"arrivals": desk.clock.now()}
    assert timing.unwritten() == done  # what could not be written stays
    timing.written(done)
    assert timing.unwritten() == {}
