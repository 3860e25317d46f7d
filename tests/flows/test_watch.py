"""The runner for as long as it lives."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.clock import LONDON
from engine.domain.errors import ConflictError, SetupError
from engine.domain.referrals.intake import AlarmTopic
from engine.services.cases import worklists
from engine.services.responses import requests as response_requests
from engine.services.system import audit, audit_anchors, outbox
from engine.services.system.regular_work import work_seen
from engine.settings import AuditSettings, BackupSettings, Settings
from engine.store.repositories.system.outbox import FlowName
from flows import process_registry, schedules
from flows.steps import StepFailedError
from flows.timing import Timing
from flows.watch import Flows, run_forever, stand_watch
from tests.builders import Desk, a_referral
from tests.engine.services.system.backed_up import Places
from tests.flows.given import lend, screened, toys_for, use_toys
from tests.flows.installed_toys import settle

POLL = 1
ROOT = Path(__file__).parents[2]


def polls_often(desk: Desk, **other: object) -> None:
    settings = {**desk.runtime.settings.model_dump(), "runner_poll_seconds": POLL, **other}
    desk.runtime.settings = Settings.model_validate(settings)


def done_by_runners(desk: Desk) -> set[str]:
    return {each.name for each in work_seen(uow=desk.runtime.uow).done}


def within(seconds: float, what: Callable[[], bool]) -> bool:
    """Whether it comes to be so in that time."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def escalated(desk: Desk) -> bool:
    with desk.runtime.uow.unrecorded() as work:
        return any(alarm.escalated_at is not None for alarm in work.alarms.open().values())


def last_sign(desk: Desk) -> datetime | None:
    with desk.runtime.uow.unrecorded() as work:
        return work.outbox.runner_seen_at()


def started(desk: Desk) -> list[datetime]:
    with desk.runtime.uow.unrecorded() as work:
        return list(work.outbox.began().values())


def warning(desk: Desk) -> str | None:
    return worklists.worklist(desk.context(desk.coordinator)).first_line


@contextmanager
def a_runner(desk: Desk) -> Iterator[list[bool]]:
    """A runner on another thread; what it said of its end is in the list afterwards."""
    polls_often(desk)
    stop, ended = threading.Event(), list[bool]()
    thread = threading.Thread(target=lambda: ended.append(run_forever(desk.runtime, stop)))
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_an_escalation_is_recorded_within_one_poll_of_the_due_time_with_no_prefect(desk: Desk) -> None:
    desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,)))
    with a_runner(desk) as ended:
        desk.clock.forward(timedelta(minutes=59))
        time.sleep(POLL * 1.5)
        assert not escalated(desk)
        desk.clock.forward(timedelta(minutes=2))
        assert within(POLL + 1.0, lambda: escalated(desk))
    assert ended == [True]


def test_a_runner_that_lives_says_so_and_one_that_was_stopped_is_missed(desk: Desk) -> None:
    assert (warning(desk) or "").startswith("Requests and reminders have not started")
    with a_runner(desk):
        began = desk.clock.now()
        assert within(POLL + 1.0, lambda: warning(desk) is None)
        desk.clock.forward(timedelta(seconds=30))
        assert within(POLL + 1.0, lambda: last_sign(desk) == desk.clock.now())
        assert started(desk) == [began]
    desk.clock.forward(timedelta(seconds=desk.runtime.settings.runner_is_dead_after_seconds + 1))
    assert (warning(desk) or "").startswith("Requests and reminders stopped at")


def test_alarms_come_before_the_sign_of_life_and_a_runner_whose_flows_are_stuck_gives_none(
    desk: Desk,
) -> None:
    desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,)))
    desk.clock.forward(timedelta(minutes=61))
    assert stand_watch(desk.runtime, flows_move=False) == 1
    assert warning(desk) is not None
    assert stand_watch(desk.runtime) == 0
    assert warning(desk) is None


def test_no_sign_of_life_is_given_while_escalations_fail(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(context: object) -> int:
        raise LookupError

    timing = Timing(desk.runtime)
    with monkeypatch.context() as broken:
        broken.setattr(worklists, "record_escalations", fails)
        for _ in range(2):
            with pytest.raises(StepFailedError):
                stand_watch(desk.runtime, timing=timing)
    assert (warning(desk) is not None, timing.is_due(schedules.ESCALATIONS)) == (True, True)
    stand_watch(desk.runtime, timing=timing)
    assert warning(desk) is None
    assert not timing.is_due(schedules.ESCALATIONS)


def test_each_piece_of_work_is_done_at_its_own_interval(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def noted(name: str) -> Callable[..., int]:
        def do_none(*_: object, **given: object) -> int:
            looked.append(name)
            return 0

        return do_none

    polls_often(desk, schedules={"comparisons": 60, "flows": 1})
    for name, where in (
        ("arrivals", "flows.watch.look_up_some"),
        ("comparisons", "flows.watch.compare_some"),
        ("escalations", "engine.services.cases.worklists.record_escalations"),
    ):
        monkeypatch.setattr(where, noted(name))
    outbox.swept(**desk.common)
    timing = Timing(desk.runtime)
    flows = Flows(desk.runtime, threading.Event(), timing=timing)
    for _ in range(2):
        assert flows.turn()
        stand_watch(desk.runtime, timing=timing)
    assert sorted(looked) == ["arrivals", "comparisons", "escalations"]
    time.sleep(POLL)
    assert flows.turn()
    stand_watch(desk.runtime, timing=timing)
    assert sorted(looked) == ["arrivals", "arrivals", "comparisons", "escalations", "escalations"]


def test_the_watch_does_not_spin_while_flows_are_stuck(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[bool] = []

    def counted(runtime: object, *, flows_move: bool, **given: object) -> int:
        turns.append(flows_move)
        return stand_watch(runtime, flows_move=flows_move, **given)  # type: ignore[arg-type]

    monkeypatch.setattr("flows.watch.stand_watch", counted)
    monkeypatch.setattr("flows.watch.STUCK_SECONDS", -1.0)
    with a_runner(desk):
        assert within(POLL + 4.0, lambda: len(turns) > 1)
        time.sleep(POLL * 1.5)
    assert set(turns) == {False}
    assert len(turns) <= 8


@pytest.mark.parametrize("name", ["arrivals", "comparisons"])
def test_what_is_left_is_done_at_once_and_the_next_at_its_interval_whatever_that_of_flows_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    left, done = [3, 2, 1], list[float]()

    def do_some(*_: object, **given: object) -> int:
        done.append(time.monotonic())
        return left.pop() if left else 0

    polls_often(desk, schedules={"flows": 60, "arrivals": 60, "comparisons": 60, name: 2})
    monkeypatch.setattr("flows.watch.look_up_some", do_some if name == "arrivals" else lambda *_, **__: 0)
    monkeypatch.setattr("flows.watch.compare_some", do_some if name == "comparisons" else lambda *_, **__: 0)
    outbox.swept(**desk.common)
    stop = threading.Event()
    thread = threading.Thread(target=Flows(desk.runtime, stop).run)
    thread.start()
    try:
        assert within(10, lambda: len(done) == 5)
        assert done[4] - done[3] >= 2
    finally:
        stop.set()
        thread.join(timeout=20)


def test_what_another_runner_did_at_the_same_moment_ends_no_runner_and_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[None] = []

    def conflicts_once(*_: object, **given: object) -> int:
        tried.append(None)
        if len(tried) == 1:
            raise ConflictError("the record", "entry")
        return 0

    monkeypatch.setattr("flows.watch.compare_some", conflicts_once)
    outbox.swept(**desk.common)
    timing = Timing(desk.runtime)
    flows = Flows(desk.runtime, threading.Event(), timing=timing)
    assert flows.turn()
    assert timing.is_due(schedules.COMPARISONS)
    assert flows.turn()
    assert not timing.is_due(schedules.COMPARISONS)


def test_a_sweep_that_goes_on_past_midnight_is_that_of_the_date_on_which_it_began(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def takes_an_hour() -> None:
        desk.clock.forward(timedelta(hours=1))

    monkeypatch.setattr("flows.sweep.daily_sweep", takes_an_hour)
    monkeypatch.setattr("flows.links.refresh_links", lambda: None)
    timing = Timing(desk.runtime)
    flows = Flows(desk.runtime, threading.Event(), timing=timing)
    for began, has_to_sweep in (
        (datetime(2026, 7, 1, 22, tzinfo=LONDON), False),
        (datetime(2026, 7, 2, 23, 30, tzinfo=LONDON), True),
    ):
        desk.clock.move_to(began)
        flows._sweep()
        assert outbox.swept_on(uow=desk.runtime.uow) == began.date()
        assert timing.unwritten() == {"daily_sweep": began}
        assert flows._has_to_sweep() is has_to_sweep


def test_a_wrong_interval_ends_the_runner_before_it_begins(desk: Desk) -> None:
    polls_often(desk, schedules={"escalations": 3600})
    with pytest.raises(SetupError, match="escalations is 3600; give whole seconds from 1 to 60"):
        run_forever(desk.runtime, threading.Event())


def test_an_alarm_waits_for_no_flow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def takes_long(self: Flows) -> bool:
        under_way.set()
        return go_on.wait(30)

    monkeypatch.setattr(Flows, "_look", takes_long)
    desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,)))
    with a_runner(desk):
        assert under_way.wait(10)
        desk.clock.forward(timedelta(minutes=61))
        assert within(POLL + 1.0, lambda: escalated(desk))
        go_on.set()


def test_the_runner_anchors_the_audit_chain_where_the_settings_say(desk: Desk, tmp_path: Path) -> None:
    polls_often(desk)
    place = tmp_path / "anchors.jsonl"
    settings = desk.runtime.settings
    desk.runtime.settings = settings.model_copy(update={"audit": AuditSettings(anchors=place)})
    with a_runner(desk):
        assert within(POLL + 4.0, place.exists)
        assert within(2.0, lambda: bool(audit_anchors.anchors_of(file=place)))
    assert audit.verify(uow=desk.runtime.uow, anchors=audit_anchors.anchors_of(file=place)).ok


def test_an_unforeseen_error_ends_the_runner_by_its_kind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(self: Flows) -> bool:
        raise LookupError("text of an error")

    polls_often(desk)
    monkeypatch.setattr(Flows, "_look", breaks)
    with pytest.raises(StepFailedError, match=r"LookupError in tests/flows/test_watch\.py"):
        run_forever(desk.runtime, threading.Event())


def test_a_prefect_server_that_is_away_delays_flows_and_ends_nothing(desk: Desk) -> None:
    toys_for(desk)
    screened(desk)
    lend(desk.runtime.settings.home, "http://127.0.0.1:9/api")  # a port that nothing answers on
    desk.refer(a_referral("with an alarm", alarms=(AlarmTopic.WEAPON,)))
    with a_runner(desk) as ended:
        desk.clock.forward(timedelta(minutes=61))
        assert within(POLL + 1.0, lambda: escalated(desk))
        assert outbox.waiting(uow=desk.runtime.uow) == 1
    assert ended == [True]


def test_a_row_that_waits_for_another_home_does_not_slow_this_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_toys(desk.runtime, here=("harbour",))
    asked_for: list[Path] = []
    monkeypatch.setattr("flows.watch.server.lasting_server", asked_for.append)
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        now, acting = desk.clock.now(), desk.coordinator
        work.outbox.add(FlowName.ASSESS_REFERRAL, "R-7K3M9QV", acting=acting, at=now, queue="voice")
    outbox.swept(**desk.common)
    flows = Flows(desk.runtime, threading.Event())
    assert flows._look()
    assert asked_for == []
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        work.outbox.add(FlowName.ASSESS_REFERRAL, "R-7K3M9QV", acting=acting, at=now, queue="harbour")
    assert flows._look()
    assert len(asked_for) == 1


@pytest.mark.prefect
class TestFlowsUnderTheWatch:
    def test_a_flow_that_comes_up_is_run_soon(self, flow_desk: Desk) -> None:
        toys_for(flow_desk)
        with a_runner(flow_desk):
            time.sleep(1)
            screened(flow_desk)
            assert within(15, lambda: outbox.waiting(uow=flow_desk.runtime.uow) == 0)

    def test_a_server_that_comes_back_is_used(self, desk: Desk, prefect_server: str) -> None:
        toys_for(desk)
        screened(desk)
        with a_runner(desk):
            time.sleep(2)
            assert outbox.waiting(uow=desk.runtime.uow) == 1
            lend(desk.runtime.settings.home, prefect_server)
            assert within(15, lambda: outbox.waiting(uow=desk.runtime.uow) == 0)

    def test_the_sweep_is_made_once_a_day(self, flow_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        swept: list[str] = []
        sweep = worklists.daily_sweep

        def noted(context: object, **given: object) -> dict[str, int]:
            swept.append(flow_desk.clock.today().isoformat())
            return sweep(context, **given)  # type: ignore[arg-type]

        monkeypatch.setattr(worklists, "daily_sweep", noted)
        with a_runner(flow_desk):
            assert within(15, lambda: swept == ["2026-03-02"])
            time.sleep(2.5)
            flow_desk.clock.forward(timedelta(days=1))
            assert within(15, lambda: len(swept) > 1)
            time.sleep(2.5)
        assert swept == ["2026-03-02", "2026-03-03"]
        with a_runner(flow_desk):  # started again on the same day
            time.sleep(2.5)
        assert swept == ["2026-03-02", "2026-03-03"]

    def test_a_sweep_that_fails_after_midnight_does_not_give_up_that_of_another_runner(
        self, flow_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, uow = flow_desk.clock, flow_desk.runtime.uow

        def fails_after_midnight() -> None:
            clock.forward(timedelta(hours=1))
            assert outbox.begin_sweep(**flow_desk.common)  # by another runner
            raise StepFailedError("ValueError", "a step")

        monkeypatch.setattr("flows.sweep.daily_sweep", fails_after_midnight)
        clock.move_to(datetime(2026, 3, 2, 23, 30, tzinfo=LONDON))
        with pytest.raises(StepFailedError):
            Flows(flow_desk.runtime, threading.Event())._look()
        assert outbox.begin_sweep(uow=uow, clock=clock) is None
        clock.move_to(datetime(2026, 3, 2, 23, 30, tzinfo=LONDON))
        assert outbox.begin_sweep(uow=uow, clock=clock)

    def test_the_runner_does_all_that_the_table_of_schedules_lists(
        self, flow_desk: Desk, tmp_path: Path
    ) -> None:
        anchors = AuditSettings(anchors=tmp_path / "anchors.jsonl")
        places = Places.under(tmp_path)
        backup = BackupSettings(folder=places.folder, keys_folder=places.keys_folder)
        places.back_up(flow_desk)  # which makes the key that copies have too
        chosen = {"audit": anchors, "backup": backup}
        flow_desk.runtime.settings = flow_desk.runtime.settings.model_copy(update=chosen)
        listed = {work.name for work in schedules.TABLE if work.where is not schedules.Where.TIMER}
        flow_desk.clock.forward(timedelta(days=1))  # a record first verifies itself then
        with a_runner(flow_desk):
            assert within(20, lambda: done_by_runners(flow_desk) == listed)

    def test_what_a_stopped_runner_had_under_way_is_given_back(
        self, flow_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        toys_for(flow_desk)
        screened(flow_desk)
        under_way, go_on = threading.Event(), threading.Event()
        opened = response_requests.open_requests

        def takes_long(context: object, **given: object) -> object:
            under_way.set()
            go_on.wait(30)
            return opened(context, **given)  # type: ignore[arg-type]

        monkeypatch.setattr(response_requests, "open_requests", takes_long)
        monkeypatch.setattr("flows.watch.STOP_SECONDS", 0.5)
        with a_runner(flow_desk) as ended:
            assert under_way.wait(20)
        assert ended == [False]
        taken = outbox.take_next(**flow_desk.common, by="another runner")
        assert taken is not None
        go_on.set()
        assert within(20, lambda: not any(t.name.startswith("flows") for t in threading.enumerate()))


def test_a_runner_in_a_home_with_no_server_writes_no_note_of_one(desk: Desk) -> None:
    with a_runner(desk):
        time.sleep(POLL)
    assert process_registry.standing(desk.runtime.settings.home, "server") is None


def test_a_runner_lives_on_while_the_record_is_busy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.runtime.uow._turns, "_longest_wait", 0.02)
    desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,)))
    desk.clock.forward(timedelta(minutes=61))
    with a_runner(desk) as ended:
        with desk.runtime.uow.unrecorded(will_write=True):
            time.sleep(POLL * 1.5)
        assert within(POLL * 3, lambda: escalated(desk))
    assert ended == [True]


def a_process_of(desk: Desk) -> subprocess.Popen[str]:
    """A runner as a process, which has its home and its record from the environment."""
    home = desk.runtime.settings.home
    environ = {**os.environ, "STAC_HOME": str(home), "STAC_DATABASE_URL": desk.runtime.settings.database_url}
    return subprocess.Popen(
        [sys.executable, "-m", "flows.watch"],
        env=environ,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def at_revision(desk: Desk, revision: str) -> None:
    with desk.runtime._engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))


@pytest.mark.both
@pytest.mark.slow
def test_a_runner_older_than_its_record_ends_with_one_sentence_before_and_while_it_works(desk: Desk) -> None:
    settle(desk.runtime.settings.home, runner_poll_seconds=1)
    process = a_process_of(desk)
    assert within(30, lambda: bool(work_seen(uow=desk.runtime.uow).runners))
    at_revision(desk, "0999")  # another machine brought the record up to date
    ended = [process, a_process_of(desk)]
    for each in ended:
        _, said = each.communicate(timeout=30)
        assert (each.returncode, said.count("\n"), "Traceback" in said) == (1, 1, False)
        assert "a newer stac-engine made it; install that); nothing was written" in said
