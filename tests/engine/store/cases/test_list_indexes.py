"""A page of the list is read from indexes: the record is neither sorted nor walked for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.domain.cases.lifecycle import State
from engine.store.unit_of_work import Work
from tests.builders import a_desk, a_referral


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Work]:
    """A record in SQLite, which says how it would find things."""
    with a_desk(tmp_path / "home") as desk:
        desk.refer(a_referral("1"), a_referral("2"))
        with desk.runtime.uow.unrecorded() as work:
            yield work


def plans(work: Work, states: frozenset[State]) -> list[str]:
    """How SQLite would find each part of a page, in its own words."""
    connection = work.cases._session.connection()
    asked: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        work.cases.page(first=0, count=50, states=states)
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return [
        " | ".join(
            str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )
        for statement, parameters in asked
        if "LIMIT" in statement
    ]


def test_the_newest_are_read_in_the_order_of_an_index_and_open_alarms_from_their_own(reading: Work) -> None:
    found = plans(reading, frozenset(State))
    assert len(found) == 1  # no alarm is open: one question for the rest
    assert "ix_involvement_received_at_id" in found[0]
    assert "ix_alarm_open" in found[0]
    assert "TEMP B-TREE FOR ORDER BY" not in found[0]
