"""What is taken from a browser: only what may be changed, by whoever is really signed in."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine, event

from dashboard import session
from dashboard.pages import Place
from dashboard.plan_edits import EDITABLE
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened


def test_a_column_that_may_not_be_changed_is_dropped_however_it_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forged: dict[str, Any] = {
        "edited_rows": {"0": {"Owner": "B. Officer", "reference": "A-9", "Status": "done"}},
        "added_rows": [{"Action": "Call.", "version": 7}],
        "deleted_rows": ["1"],
    }
    monkeypatch.setattr(st, "session_state", {"plan": forged})
    taken = session.editor_changes("plan", EDITABLE)
    assert taken.edited == {0: {"Owner": "B. Officer"}}
    assert taken.added == [{"Action": "Call."}]
    assert taken.deleted == [1]


def test_an_editor_that_nobody_touched_has_changed_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    assert session.editor_changes("plan", EDITABLE) == ({}, [], [])


def test_who_is_signed_in_is_looked_up_once_in_each_run_and_anew_in_the_next(
    desk: Desk, visits: Visits
) -> None:
    reference = screened(desk)
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "FROM sign_in" in statement:
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        visit = visits(desk.coordinator, Place.CASE, reference)
        assert len(asked) == 1
        visit.run()
        assert len(asked) == 2
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert reference in visit.source
