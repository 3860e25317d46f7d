"""What is known of the regular work: late is said of what is late, and of nothing unknown that it is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import LONDON
from engine.domain.accounts.acting import flow_acting
from engine.services.system import outbox
from engine.services.system.audit_anchors import anchor_if_due
from engine.services.system.regular_work import report_work
from engine.settings import Settings
from flows.schedule_states import OTHER_SETTINGS, ScheduleState, State, schedule_states
from flows.schedules import TABLE, Where
from tests.builders import Desk
from tests.engine.services.system.backed_up import Places

ONE, OTHER = "runner 1 this-machine 7", "runner 1 another-machine 7"
RUNNER = flow_acting("anchor audit", "runner")
EACH = [work.name for work in TABLE if work.where is Where.EACH]
EVERY = {"escalations": 20, "sign_of_life": 20, "arrivals": 20, "comparisons": 20, "flows": 1} | {
    "anchor": 86400,
    "register": 3600,
    "daily_sweep": 86400,
}


def report(desk: Desk, by: str, *names: str, every: dict[str, int] = EVERY, is_alive: bool = True) -> None:
    done = dict.fromkeys(names, desk.clock.now())
    report_work(**desk.common, by=by, done=done, every=every, is_alive=is_alive)


def states(desk: Desk, name: str) -> list[ScheduleState]:
    return [each for each in schedule_states(desk.runtime) if each.work.name == name]


def state(desk: Desk, name: str) -> State:
    (only,) = states(desk, name)
    return only.state


def settle(desk: Desk, **settings: object) -> None:
    given = desk.runtime.settings.model_dump(exclude_unset=True)
    desk.runtime.settings = Settings.model_validate({**given, **settings})


@pytest.mark.both
def test_of_a_record_in_which_nothing_was_done_nothing_is_said_to_be_on_time(desk: Desk) -> None:
    there = schedule_states(desk.runtime)
    assert [each.work for each in there] == list(TABLE)
    assert {each.state for each in there} == {State.UNKNOWN, State.NOT_SET_UP, State.NOT_SET_UP_HERE}
    assert not any(each.is_missed for each in there)
    for each in there:
        assert (each.as_answer()["late"], each.done_at, each.runner, each.due_at) == (None,) * 4


@pytest.mark.both
def test_it_is_late_after_its_interval_a_minute_at_least_and_the_interval_of_reports(desk: Desk) -> None:
    report(desk, ONE, *EACH)
    (arrivals,) = states(desk, "arrivals")
    assert (arrivals.state, arrivals.runner) == (State.ON_TIME, ONE)
    assert arrivals.due_at == desk.clock.now() + timedelta(seconds=20)
    desk.clock.forward(timedelta(seconds=100))
    assert {name: state(desk, name) for name in EACH} == {
        name: State.LATE if name == "flows" else State.ON_TIME for name in EACH
    }
    desk.clock.forward(timedelta(seconds=1))
    assert {name for name in EACH if state(desk, name) is not State.LATE} == {"register"}, "it is hourly"
    desk.clock.forward(timedelta(hours=5))
    assert {state(desk, name) for name in EACH} == {State.LATE}
    assert states(desk, "escalations")[0].as_answer()["late"] is True


def test_work_of_a_runner_that_has_not_done_it_yet_is_unknown_though_another_did_it(desk: Desk) -> None:
    report(desk, ONE, *EACH)
    report(desk, OTHER, "escalations")
    assert {each.runner: each.state for each in states(desk, "arrivals")} == {
        ONE: State.ON_TIME,
        OTHER: State.UNKNOWN,
    }
    assert [each.state for each in states(desk, "sign_of_life")] == [State.ON_TIME] * 2


@pytest.mark.both
def test_two_runners_with_different_settings_each_work_at_their_own_interval(desk: Desk) -> None:
    report(desk, ONE, *EACH)
    report(desk, OTHER, *EACH, every={**EVERY, "arrivals": 600})
    desk.clock.forward(timedelta(minutes=5))
    found = {each.runner: (each.seconds, each.source, each.state) for each in states(desk, "arrivals")}
    assert found == {
        ONE: (20, "default", State.LATE),
        OTHER: (600, OTHER_SETTINGS, State.ON_TIME),
    }


def test_a_runner_that_reports_each_minute_is_not_late_between_two_reports(desk: Desk) -> None:
    rarely = dict.fromkeys(EACH, 60)
    report(desk, ONE, *EACH, every=rarely)
    desk.clock.forward(timedelta(seconds=179))  # done again after 60 s, and reported up to 60 s later
    assert state(desk, "arrivals") is State.ON_TIME
    desk.clock.forward(timedelta(seconds=2))
    assert state(desk, "arrivals") is State.LATE


def test_a_runner_that_ended_is_named_as_the_last_until_another_lives(desk: Desk) -> None:
    report(desk, ONE, *EACH)
    outbox.ended(**desk.common, by=ONE)
    desk.clock.forward(timedelta(hours=1))
    (last,) = states(desk, "escalations")
    assert (last.runner, last.state) == (ONE, State.LATE)
    report(desk, OTHER, *EACH)
    (last,) = states(desk, "escalations")
    assert (last.runner, last.state) == (OTHER, State.ON_TIME)


def test_a_runner_whose_flows_are_stuck_is_late_with_its_sign_of_life_and_with_no_alarm(desk: Desk) -> None:
    report(desk, ONE, *EACH)
    desk.clock.forward(timedelta(minutes=5))
    report(desk, ONE, "escalations", is_alive=False)
    assert state(desk, "sign_of_life") is State.LATE
    assert state(desk, "escalations") is State.ON_TIME


def test_the_sweep_is_due_on_the_next_date_and_late_an_hour_after(desk: Desk) -> None:
    desk.clock.move_to(datetime(2026, 3, 28, 23, 30, tzinfo=LONDON))  # summer time begins on the 29th
    report(desk, ONE, "daily_sweep")
    (sweep,) = states(desk, "daily_sweep")
    assert sweep.due_at == datetime(2026, 3, 29, tzinfo=LONDON)
    desk.clock.move_to(datetime(2026, 3, 29, 0, 59, tzinfo=LONDON))
    assert state(desk, "daily_sweep") is State.ON_TIME
    desk.clock.forward(timedelta(minutes=2))
    assert state(desk, "daily_sweep") is State.LATE


def test_a_sweep_of_a_record_of_an_older_version_is_known_without_who_did_it(desk: Desk) -> None:
    outbox.swept(**desk.common)
    (sweep,) = states(desk, "daily_sweep")
    assert (sweep.done_at, sweep.runner, sweep.state) == (desk.clock.now(), None, State.ON_TIME)
    desk.clock.forward(timedelta(minutes=1))
    report(desk, ONE, "daily_sweep")
    (sweep,) = states(desk, "daily_sweep")
    assert sweep.runner == ONE


def test_an_anchor_is_known_when_it_succeeded_and_unknown_before(desk: Desk, tmp_path: Path) -> None:
    assert state(desk, "anchor") is State.NOT_SET_UP
    settle(desk, audit={"anchors": tmp_path / "none" / "anchors.jsonl"})
    assert state(desk, "anchor") is State.UNKNOWN
    assert anchor_if_due(desk.context(RUNNER)) is False
    assert state(desk, "anchor") is State.UNKNOWN
    settle(desk, audit={"anchors": None})  # as on a machine that does not anchor, where another tries to
    assert state(desk, "anchor") is State.UNKNOWN
    desk.clock.forward(timedelta(hours=2))
    settle(desk, audit={"anchors": tmp_path / "anchors.jsonl"})
    assert anchor_if_due(desk.context(RUNNER))
    assert state(desk, "anchor") is State.ON_TIME
    desk.clock.forward(timedelta(days=3))
    assert state(desk, "anchor") is State.LATE


def test_backups_are_known_by_their_files(desk: Desk, tmp_path: Path) -> None:
    assert state(desk, "backup") is State.NOT_SET_UP_HERE
    assert states(desk, "backup")[0].as_answer()["state"] == "not set up on this machine"
    places = Places.under(tmp_path)
    settle(desk, backup={"folder": places.folder, "keys_folder": places.keys_folder})
    assert state(desk, "backup") is State.UNKNOWN
    places.back_up(desk)
    assert state(desk, "backup") is State.ON_TIME
    desk.clock.forward(timedelta(days=3))
    assert state(desk, "backup") is State.LATE
