"""The runner for as long as it lives."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.referrals.intake import AlarmTopic
from engine.services.cases import worklists
from engine.services.responses import requests as response_requests
from engine.services.system import audit, audit_anchors, outbox
from engine.settings import AuditSettings, Settings
from engine.store.repositories.system.outbox import FlowName
from flows import process_registry
from flows.steps import StepFailedError
from flows.watch import Flows, run_forever, stand_watch
from tests.builders import Desk, a_referral
from tests.flows.given import lend, screened, toys_for, use_toys

POLL = 1


def polls_often(desk: Desk) -> None:
    settings = desk.runtime.settings
    desk.runtime.settings = Settings.model_validate({**settings.model_dump(), "runner_poll_seconds": POLL})


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
        assert within(POLL + 1.0, lambda: warning(desk) is None)
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
