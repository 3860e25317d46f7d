"""The two addresses for the watch of a server: no sign-in, no case, no 200 without a record."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from dashboard import health, record
from engine.services.system.outbox import sign_of_life
from engine.settings import NO_ROOM
from tests.builders import Desk, a_referral
from tests.dashboard.arriving import ask

READY = {"record": "ready", "runner": "ready", "disk": "ready", "requests": "ready"}


def asked(path: str) -> tuple[int, Any]:
    answer = ask(path)
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json() if path == health.READY else answer.text


@pytest.fixture
def served(desk: Desk) -> Desk:
    """A record that this server has, and whose background service is alive."""
    record.use(desk.runtime)
    sign_of_life(uow=desk.runtime.uow, clock=desk.clock)
    return desk


def test_a_server_with_record_background_service_and_room_is_ready(served: Desk) -> None:
    with served.runtime.uow.unrecorded() as work:
        before = work.audit.count()
    assert asked(health.READY) == (200, READY)
    with served.runtime.uow.unrecorded() as work:
        assert work.audit.count() == before, "the watch reads no case"


def test_a_background_service_that_is_not_running_is_said_and_pages_go_on(served: Desk) -> None:
    served.clock.forward(timedelta(seconds=served.runtime.settings.runner_is_dead_after_seconds + 1))
    assert asked(health.READY) == (200, READY | {"runner": "not running"})


def test_without_its_tables_a_record_fails_and_the_server_still_answers(served: Desk) -> None:
    with served.runtime.uow.unrecorded(will_write=True) as work:
        work.outbox._session.connection().exec_driver_sql("DROP TABLE runner")
    unknown = dict.fromkeys(("runner", "requests"), "not known")
    assert asked(health.READY) == (503, READY | {"record": "failed", **unknown})
    assert asked(health.ALIVE) == (200, "alive")


def test_without_a_record_it_is_not_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    record.use(None)
    monkeypatch.setenv("STAC_HOME", str(tmp_path / "nothing"))
    unknown = dict.fromkeys(("runner", "disk", "requests"), "not known")
    assert asked(health.READY) == (503, {"record": "failed", **unknown})


def test_a_full_disk_is_not_ready(served: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(NO_ROOM - 1))
    assert asked(health.READY) == (503, READY | {"disk": "failed"})
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(NO_ROOM))
    assert asked(health.READY) == (200, READY)


def test_figures_are_for_this_machine_only_and_name_nothing_of_the_record(served: Desk) -> None:
    (case,) = served.refer(a_referral()).referrals
    answer = ask(health.METRICS)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    lines = answer.text.splitlines()
    values = dict(line.split() for line in lines if not line.startswith("#"))
    assert lines[-1] == "# EOF"
    assert {name: values[name] for name in ("stac_record_ready", "stac_runners_alive")} == {
        "stac_record_ready": "1",
        "stac_runners_alive": "1",
    }
    assert set(values) == {
        "stac_disk_free_bytes",
        "stac_flows_stale",
        "stac_flows_waiting",
        "stac_record_ready",
        "stac_requests_late",
        "stac_runners_alive",
        "stac_runners_silent",
        "stac_verification_failures",
    }
    assert case not in answer.text
    assert "{" not in answer.text, "no label"
    assert ask(health.METRICS, headers={"x-forwarded-for": "10.1.1.1"}).status_code == 404
