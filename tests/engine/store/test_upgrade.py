"""A record of the first schema that is full of work comes to the newest one with everything in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, inspect, select

from engine.services.screening import screen
from engine.store import schema
from engine.store.database import open_database
from engine.store.tables.base import METADATA
from tests.builders import (
    Desk,
    a_contribution,
    a_desk,
    a_referral,
    a_screening,
    ask_all,
    let_answer,
    with_toys,
)

FIRST = "0001"


def test_an_upgrade_from_the_first_schema_keeps_every_row(tmp_path: Path, database_url: str) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    engine = open_database(database_url)
    schema.upgrade(engine, FIRST)
    with a_desk(tmp_path / "filled") as desk:
        _work(desk)
        filled = open_database(desk.runtime.settings.database_url)
        _copy(filled, engine)
        filled.dispose()
    columns = _tables(engine)
    before = _everything(engine, columns)
    assert {"answer", "audit_entry", "request", "screening"} <= {
        name for name, rows in before.items() if rows
    }
    schema.upgrade(engine)
    assert _everything(engine, columns) == before
    assert schema.revision_of(engine) == schema.newest_revision()
    engine.dispose()


def _work(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", a_contribution())
    reference = desk.refer(a_referral()).referrals[0]
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    ask_all(desk, reference)


def _tables(engine: Engine) -> list[tuple[Table, list[str]]]:
    """The tables that this database has, in an order in which they can be filled, with their columns."""
    there = inspect(engine)
    names = set(there.get_table_names())
    return [
        (table, sorted({column["name"] for column in there.get_columns(table.name)} & set(table.c.keys())))
        for table in METADATA.sorted_tables
        if table.name in names
    ]


def _everything(engine: Engine, tables: list[tuple[Table, list[str]]]) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(
                tuple(str(cell) for cell in row)
                for row in connection.execute(select(*(table.c[c] for c in columns)))
            )
            for table, columns in tables
        }


def _copy(source: Engine, target: Engine) -> None:
    tables = _tables(target)
    with source.connect() as reading, target.begin() as writing:
        for table, columns in tables:
            chosen = [table.c[name] for name in columns]
            rows = [dict(row) for row in reading.execute(select(*chosen)).mappings()]
            if table.name == "audit_head":
                writing.execute(table.delete())
            if rows:
                writing.execute(table.insert(), rows)
