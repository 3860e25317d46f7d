"""What of asking the agencies waits for the disk."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, event

from engine.store import database
from tests.builders import Desk, ask_all
from tests.conftest import wait_for_disk
from tests.flows.given import screened, toys_for

FULL, NORMAL = 2, 1


def test_the_requests_and_the_last_step_wait_for_the_disk_and_the_answers_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not desk.runtime.settings.database_url.startswith("sqlite"):
        pytest.skip("a server decides itself")
    toys = toys_for(desk)
    reference = screened(desk)
    monkeypatch.setattr(database, "_wait_for_disk", wait_for_disk)
    levels: list[int] = []

    def note(connection: Connection) -> None:
        levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

    event.listen(desk.runtime.uow._engine, "commit", note)
    ask_all(desk, reference)
    assert levels == [FULL, *[NORMAL] * len(toys), FULL]
