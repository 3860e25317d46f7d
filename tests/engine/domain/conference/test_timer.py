"""The timer: every screen shows the same, whatever happened and however wrong its clock is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.domain.conference.meetings import ConferenceState
from engine.domain.conference.timer import ItemTimer, Pulse, TimerAct, running, stopped
from tests.builders import MONDAY

PLANNED = timedelta(minutes=15)
SECONDS = st.integers(min_value=0, max_value=3600)
STEPS = st.lists(st.tuples(st.sampled_from([*TimerAct, None]), st.integers(0, 600)), max_size=20)


def pulse(timer: ItemTimer | None, after: timedelta) -> Pulse:
    return Pulse(
        version=1, state=ConferenceState.IN_SESSION, screen=1, on_screen=1, timer=timer, now=MONDAY + after
    )


@given(STEPS, st.integers(-600, 600), SECONDS)
def test_two_screens_show_the_same_within_a_second(
    steps: list[tuple[TimerAct | None, int]], wrong_by: int, since_poll: int
) -> None:
    """One follows every act and one reloads at the end with a clock wrong by up to ten minutes."""
    timer, at, left, is_running = stopped(PLANNED), MONDAY, PLANNED, False
    for act, seconds in steps:
        at += timedelta(seconds=seconds)
        left -= timedelta(seconds=seconds) if is_running else timedelta()
        if act is not None:
            timer = timer.after(act, at=at, planned=PLANNED)
            left = PLANNED if act is TimerAct.RESET else left
            is_running = is_running if act is TimerAct.RESET else act is TimerAct.START
    asked = pulse(timer, at - MONDAY)
    own = at + timedelta(seconds=wrong_by)
    shown = asked.left_on(own + timedelta(seconds=since_poll), own)
    expected = left - (timedelta(seconds=since_poll) if is_running else timedelta())
    assert shown is not None
    assert abs(shown - expected) < timedelta(seconds=1)


def test_starting_twice_stopping_twice_and_a_reset_while_it_runs() -> None:
    later = MONDAY + timedelta(minutes=5)
    begun = stopped(PLANNED).after(TimerAct.START, at=MONDAY, planned=PLANNED)
    assert begun.after(TimerAct.START, at=later, planned=PLANNED) == begun
    rested = begun.after(TimerAct.STOP, at=later, planned=PLANNED)
    assert (
        rested.after(TimerAct.STOP, at=later + PLANNED, planned=PLANNED) == rested == stopped(PLANNED * 2 / 3)
    )
    assert begun.after(TimerAct.RESET, at=later, planned=PLANNED) == running(later + PLANNED)
    assert rested.after(TimerAct.RESET, at=later, planned=PLANNED) == stopped(PLANNED)


def test_an_overrun_is_time_below_nothing_and_ends_nothing() -> None:
    begun = running(MONDAY)
    assert begun.left(MONDAY + timedelta(minutes=2)) == timedelta(minutes=-2)
    assert pulse(None, timedelta()).left_on(MONDAY, MONDAY) is None


@pytest.mark.parametrize("fields", [{}, {"ends_at": MONDAY, "seconds_left": 1.0}])
def test_a_timer_runs_or_is_stopped(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ItemTimer.model_validate(fields)
