"""How a database is opened: what waits for the disk, and what a server is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from engine.settings import Settings
from engine.store import database
from engine.store.server_facts import server_facts
from engine.store.unit_of_work import UnitOfWork
from tests.builders import MONDAY, Desk
from tests.conftest import wait_for_disk

FULL, NORMAL = 2, 1


def test_a_change_waits_for_the_disk_and_a_view_does_not(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not desk.runtime.settings.database_url.startswith("sqlite"):
        pytest.skip("a server decides itself")
    monkeypatch.setattr(database, "_wait_for_disk", wait_for_disk)
    engine = database.open_database(desk.runtime.settings.database_url)
    levels: list[int] = []
    event.listen(
        engine,
        "commit",
        lambda connection: levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar_one()),
    )
    uow = UnitOfWork(engine)
    with uow.writing(acting=desk.coordinator, what="test", at=MONDAY):
        pass
    with uow.reading(acting=desk.coordinator, what="test", at=MONDAY):
        pass
    with uow.writing(acting=desk.coordinator, what="test", at=MONDAY):
        pass
    with uow.unrecorded():
        pass
    uow.close()
    assert levels == [FULL, NORMAL, FULL, NORMAL]


def test_a_change_waits_thirty_seconds_for_others_unless_an_operator_chose_another_number(
    tmp_path: Path,
) -> None:
    assert Settings(home=tmp_path, database_url="sqlite://").busy_after_seconds == 30
    for chosen in ({}, {"busy_after_seconds": 2}):
        seconds = chosen.get("busy_after_seconds", 30)
        engine = database.open_database(f"sqlite:///{tmp_path / 'stac.db'}", **chosen)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == seconds * 1000
        turns = database.turns_of(engine)
        assert turns is not None
        assert turns._longest_wait == seconds
        engine.dispose()


def test_sqlite_remembers_more_pages_than_it_does_by_itself(tmp_path: Path) -> None:
    engine = database.open_database(f"sqlite:///{tmp_path / 'stac.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar_one() == -16_000
    engine.dispose()


def test_a_server_is_asked_for_its_own_facts(desk: Desk) -> None:
    engine = database.open_database(desk.runtime.settings.database_url)
    facts = server_facts(engine)
    if engine.dialect.name == "sqlite":
        assert facts is None
        return
    assert facts is not None
    assert (facts.encoding, facts.over_network, facts.is_encrypted) == ("UTF8", False, False)
    assert facts.rules_the_server
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("lock_timeout", "idle_in_transaction_session_timeout", "application_name")
        }
        assert connection.get_isolation_level() == "READ COMMITTED"
    engine.dispose()
    assert settings == {
        "lock_timeout": "30s",
        "idle_in_transaction_session_timeout": "10min",
        "application_name": "stac",
    }
