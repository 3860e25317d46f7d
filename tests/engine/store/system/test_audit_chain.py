"""The chain holds with several writing processes, and shows what was altered, dropped or cut off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from engine.domain.accounts.acting import Acting, Role
from engine.domain.system.audit import NumberedKey
from engine.services.system.audit import verify
from engine.store.database import open_database
from engine.store.unit_of_work import UnitOfWork
from tests.builders import MONDAY, Desk, a_referral
from tests.forking import forked_from

WRITERS, EACH = 4, 25


def _write(url: str, key: NumberedKey, name: str) -> None:
    uow = UnitOfWork(open_database(url), version_key=lambda: key)
    acting = Acting(user=name, role=Role.COORDINATOR)
    for number in range(EACH):
        with uow.writing(acting=acting, what="test", at=MONDAY) as work:
            work.touches(f"R-{number}")
    uow.close()


def test_a_log_that_is_read_in_parts_is_read_to_its_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        desk.refer(a_referral(str(number)))
    monkeypatch.setattr("engine.store.repositories.system.audit._AT_ONCE", 2)
    with desk.runtime.uow.unrecorded() as work:
        numbers = [entry.sequence for entry in work.audit.entries()]
        assert numbers == list(range(1, work.audit.count() + 1))
    assert len(numbers) > 4


def test_four_processes_write_one_unbroken_chain(desk: Desk) -> None:
    before = verify(uow=desk.runtime.uow).entries
    url, key = desk.runtime.settings.database_url, desk.runtime.key.for_versions
    context = forked_from(__name__)
    writers = [context.Process(target=_write, args=(url, key, f"writer{n}")) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    verdict = verify(uow=desk.runtime.uow)
    assert verdict.ok
    assert verdict.entries == before + WRITERS * EACH


def test_a_use_case_that_fails_leaves_neither_change_nor_entry(desk: Desk) -> None:
    before = verify(uow=desk.runtime.uow).entries
    with pytest.raises(RuntimeError, match="the machine stopped"):
        _write_and_fail(desk)
    assert verify(uow=desk.runtime.uow).entries == before


def _write_and_fail(desk: Desk) -> None:
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=MONDAY) as work:
        work.notes(step=1)
        raise RuntimeError("the machine stopped")


def _alter(connection: Connection) -> None:
    connection.execute(text("UPDATE audit_entry SET body = replace(body, 'cora', 'dora') WHERE sequence = 2"))


def _drop(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit_case WHERE sequence = 2"))
    connection.execute(text("DELETE FROM audit_entry WHERE sequence = 2"))


def _cut(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit_case WHERE sequence = 5"))
    connection.execute(text("DELETE FROM audit_entry WHERE sequence = 5"))


def _swap(connection: Connection) -> None:
    connection.execute(text("UPDATE audit_entry SET sequence = 99 WHERE sequence = 3"))
    connection.execute(text("UPDATE audit_entry SET sequence = 3 WHERE sequence = 2"))
    connection.execute(text("UPDATE audit_entry SET sequence = 2 WHERE sequence = 99"))


@pytest.mark.parametrize(
    ("forge", "first_bad", "reason"),
    [
        (_alter, 2, "altered"),
        (_drop, 2, "it is missing: entry 3 is in its place"),
        (_cut, 5, "cut off"),
        (_swap, 2, "does not follow"),
    ],
)
def test_verifying_names_the_first_bad_entry(
    desk: Desk, forge: Callable[[Connection], None], first_bad: int, reason: str
) -> None:
    for _ in range(2):
        with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=MONDAY):
            pass
    assert verify(uow=desk.runtime.uow).ok
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        _without_triggers(connection)
        forge(connection)
    engine.dispose()
    verdict = verify(uow=desk.runtime.uow)
    assert not verdict.ok
    assert verdict.first_bad is not None
    assert verdict.first_bad.entry == first_bad
    assert reason in verdict.first_bad.reason


def _without_triggers(connection: Connection) -> None:
    """As a forger with the database in hand would."""
    if connection.dialect.name == "postgresql":
        for table in ("audit_entry", "audit_case"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        return
    for table in ("audit_entry", "audit_case"):
        for change in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_no_{change}"))
