"""A damaged database of Prefect stops no request to an agency: it is moved aside, and is disposable."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.services.cases.worklists import worklist
from engine.services.system import outbox
from engine.services.system.metrics import metrics
from engine.services.system.readiness import Part, readiness
from flows.server import ASIDE, LASTING, PrefectServer
from flows.server import answers as answers_at
from tests.builders import Desk, a_desk
from tests.flows.given import screened


def damaged(home: Path) -> Path:
    folder = home / "prefect"
    folder.mkdir(parents=True)
    file = folder / "prefect.db"
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 8176)
    return file


@pytest.mark.prefect
@pytest.mark.slow
def test_a_damaged_database_is_moved_aside_after_the_second_failed_start(tmp_path: Path) -> None:
    file = damaged(tmp_path)
    content = file.read_bytes()
    server = PrefectServer(tmp_path, name=LASTING, lasting=True)
    try:
        server.start()
        server.wait_through_failed_starts()
        assert answers_at(server.port, "/api/health")
    finally:
        server.child.bury(by=time.monotonic())
        server.close()
    assert file.with_name(ASIDE).read_bytes() == content
    assert file.read_bytes()[:16] == b"SQLite format 3\0"
    assert file.read_bytes() != content


def test_one_failed_start_moves_nothing(tmp_path: Path) -> None:
    file = damaged(tmp_path)
    server = PrefectServer(tmp_path, name=LASTING, lasting=True)
    try:
        server.failed()
        assert file.exists()
        server.failed()
        assert not file.exists()
        assert file.with_name(ASIDE).exists()
    finally:
        server.close()


def test_a_database_on_a_server_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAC_PREFECT_DATABASE_URL", "postgresql://stac@/prefect")
    file = damaged(tmp_path)
    server = PrefectServer(tmp_path, name=LASTING, lasting=True)
    try:
        for _ in range(4):
            server.failed()
    finally:
        server.close()
    assert file.exists()


def late(desk: Desk) -> tuple[Part, str | None, bool]:
    desk.clock.forward(timedelta(seconds=1))
    outbox.sign_of_life(**desk.common)
    settings = desk.runtime.settings
    first = worklist(desk.context(desk.coordinator)).first_line
    figures = metrics(**desk.common, settings=settings)
    return readiness(**desk.common, settings=settings).requests, first, "stac_requests_late 1" in figures


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as there:
        yield there


@pytest.mark.both
def test_a_referral_that_waits_and_nobody_asks_is_said_though_a_service_is_alive(desk: Desk) -> None:
    screened(desk)
    assert late(desk) == (Part.READY, None, False)
    desk.clock.forward(timedelta(minutes=10))
    state, first, is_counted = late(desk)
    assert (state, is_counted) == (Part.LATE, True)
    assert first is not None
    assert "Requests to agencies are late" in first
    assert "referral" not in first, "the one that waits may be hidden from its reader"
    item = outbox.take_next(**desk.common, by="runner")
    assert item is not None
    assert late(desk) == (Part.READY, None, False), "it is being asked"
    outbox.finish(**desk.common, item_id=item.id, by="runner")
    desk.clock.forward(timedelta(hours=1))
    assert late(desk) == (Part.READY, None, False)
