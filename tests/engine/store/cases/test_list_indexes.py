"""Pages and worklists are read from indexes: the record is neither sorted nor walked for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.domain.cases.lifecycle import State
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.due import Chosen
from engine.store.unit_of_work import Work
from tests.builders import MONDAY, a_desk, a_referral


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Work]:
    """A record in SQLite, which says how it would find things."""
    with a_desk(tmp_path / "home") as desk:
        desk.refer(a_referral("1"), a_referral("2"))
        with desk.runtime.uow.unrecorded() as work:
            yield work


def plans(work: Work, read: Callable[[], object], *, of: str) -> list[str]:
    """How SQLite would find what is read by each statement with these words, in its own words."""
    connection = work.cases._session.connection()
    asked: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return [
        " | ".join(
            str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )
        for statement, parameters in asked
        if of in statement
    ]


def test_the_newest_are_read_in_the_order_of_an_index_and_open_alarms_from_their_own(reading: Work) -> None:
    found = plans(reading, lambda: reading.cases.page(first=0, count=50, states=frozenset(State)), of="LIMIT")
    assert len(found) == 1  # no alarm is open: one question for the rest
    assert "ix_involvement_received_at_id" in found[0]
    assert "ix_alarm_open" in found[0]
    assert "TEMP B-TREE FOR ORDER BY" not in found[0]


def test_rejected_rows_are_found_without_the_rows_that_were_imported(reading: Work) -> None:
    (found,) = plans(reading, reading.protected.rejected, of="is_rejected")
    assert "SEARCH protected_original USING INDEX ix_protected_original_purge_after" in found


@pytest.mark.parametrize("users", [["cora"], ["cora", "cody", "carl"]], ids=len)
def test_views_of_cases_are_found_by_who_and_when_and_not_in_the_whole_audit_log(
    reading: Work, users: list[str]
) -> None:
    (found,) = plans(
        reading,
        lambda: reading.looks.without_being_named(users, what="view case", since=MONDAY),
        of="audit_case",
    )
    assert "ix_audit_entry_user_name_at" in found
    assert "autoindex_audit_case_1 (stream=? AND sequence=?)" in found


@pytest.mark.parametrize(
    ("screened_only", "reads_cases"), [(False, False), (True, True)], ids=["coordinator", "practitioner"]
)
def test_what_waits_is_counted_without_its_cases_unless_their_state_is_asked_about(
    reading: Work, screened_only: bool, reads_cases: bool
) -> None:
    some = Chosen(
        kind="screen",
        whom=["role co-ordinator"],
        there=VisibilityFilter(user="cora"),
        classes=(),
        at=MONDAY,
        screened_only=screened_only,
    )
    (found,) = plans(reading, lambda: reading.due.count(some, at=MONDAY), of="FROM due")
    assert "SEARCH due USING INDEX ix_due_kind_whom_sorts_at_id (kind=? AND whom=?)" in found
    assert ("SEARCH involvement USING" in found) is reads_cases


def test_open_alarms_are_found_without_a_list_of_all_restricted_cases(reading: Work) -> None:
    there = VisibilityFilter(user="cora")
    found = [
        *plans(reading, lambda: reading.alarms.count_open(there, at=MONDAY), of="FROM involvement"),
        *plans(reading, lambda: reading.alarms.first_open(there, at=MONDAY, most=50), of="LIMIT"),
    ]
    assert len(found) == 2
    for each in found:
        assert "ix_alarm_open" in each
        assert "ix_episode_restricted" not in each
