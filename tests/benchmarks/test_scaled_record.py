"""The copies of a record on which benchmarks are measured: whole, and with what hangs on a case."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.scaled_record import copy_cases, copy_orders
from engine.domain.cases.lifecycle import Act
from engine.domain.orders.orders import OrderGiven
from engine.services.conference.agenda import add_cases
from engine.services.orders.recording import create_order
from tests.builders import a_desk
from tests.engine.services.conference.test_ready_agenda import Panel

ORDER = {
    "type": "spo",
    "made": "2026-03-02",
    "years": 2,
    "conditions": [{"code": "no-contact", "means": ["any means"]}],
}


def test_a_copied_record_is_whole_with_orders_of_the_copies_and_without_copied_sittings(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with a_desk(home) as desk:
        panel = Panel(desk)
        first, second = panel.case(Act.ANSWERS_IN), panel.case(Act.ANSWERS_IN)
        context = desk.context(desk.chair)
        create_order(context, reference=first, given=OrderGiven.model_validate(ORDER))
        add_cases(context, conference=panel.conference(), cases=[first, second])
    copy_cases(home / "stac.db", referrals=500)
    with closing(sqlite3.connect(home / "stac.db")) as record:
        assert record.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = {
            table: record.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("involvement", "court_order", "court_order_case", "court_order_step", "agenda_item")
        }
        born = record.execute("SELECT born, described FROM person_record WHERE born IS NOT NULL").fetchall()
    assert len({day for day, _ in born}) == 10  # all are born on one day, and those of each copy on another
    assert all(json.loads(described)["date_of_birth"] == day for day, described in born)
    assert counts == {
        "involvement": 20,
        "court_order": 10,
        "court_order_case": 10,
        "court_order_step": 10,
        "agenda_item": 2,
    }


def test_only_cases_with_an_order_are_copied_until_there_are_so_many(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with a_desk(home) as desk:
        panel = Panel(desk)
        first, _ = panel.case(Act.ANSWERS_IN), panel.case(Act.ANSWERS_IN)
        create_order(desk.context(desk.chair), reference=first, given=OrderGiven.model_validate(ORDER))
    copy_orders(home / "stac.db", orders=20)
    with closing(sqlite3.connect(home / "stac.db")) as record:
        assert record.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = [
            record.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("court_order", "court_order_case", "involvement")
        ]
    assert counts == [20, 20, 21]
