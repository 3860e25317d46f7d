"""The schema comes from migrations alone, on both databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, bindparam, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from engine.store import schema
from engine.store.database import open_database
from engine.store.migrations.versions import __path__ as versions
from engine.store.record_state import revision_needed
from engine.store.repositories.links.maps import LinkMaps
from engine.store.tables.base import UtcInstant
from engine.store.triggers import append_only
from tests.builders import MONDAY, Desk
from tests.migrated import migrated_once

MIGRATIONS = Path(next(iter(versions))).parent
RELEASED = {
    "append_only.py": "5f2e45545c8bca6f08576d6b0fcf08203ffc1413c449a4d7cdc2f6d472e4ab98",
    "versions/0200_the_first_schema.py": "e07f85707c04d992b1e92c7ddcab77457e1e9d077e83dcaecc408eb04813f41d",
}
"""The SHA-256 of each file of a released migration. Such a file is never edited, not even by a comment:
a record that it made would be another than one that it makes now. What is to change is a new migration."""
AT_MONDAY = bindparam("at", MONDAY, UtcInstant())


@pytest.fixture(autouse=True)
def by_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """What most tests write out once, the tests of the schema migrate each time."""
    monkeypatch.setattr(command, "upgrade", command.upgrade.__wrapped__)  # type: ignore[attr-defined]


def test_what_other_tests_write_out_is_what_the_migrations_made(monkeypatch: pytest.MonkeyPatch) -> None:
    migrations, ran = command.upgrade, []

    def counted(config: Config, revision: str) -> None:
        ran.append(revision)
        migrations(config, revision)

    monkeypatch.setattr(command, "upgrade", migrated_once(counted))
    migrated, written = open_database("sqlite://"), open_database("sqlite://")
    for engine in (migrated, written):
        schema.upgrade(engine)
    assert ran == ["head"]
    assert in_full(written) == in_full(migrated)
    older = open_database("sqlite://")
    schema.upgrade(older, "0200")
    schema.upgrade(older)
    assert ran == ["head", "0200", "head"]
    for engine in (migrated, written, older):
        engine.dispose()


def in_full(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return list(driver.iterdump())


def test_every_revision_leads_from_the_first_to_the_newest(database_url: str) -> None:
    engine = open_database(database_url)
    scripts = ScriptDirectory.from_config(schema._config())
    revisions = [script.revision for script in scripts.walk_revisions()][::-1]
    assert revisions[0] == "0200"
    assert scripts.get_heads() == [revisions[-1]]
    for revision in revisions:
        schema.upgrade(engine, revision)
        assert schema.revision_of(engine) == revision
    engine.dispose()


def test_migrations_make_the_tables_that_the_code_declares(database_url: str) -> None:
    engine = open_database(database_url)
    schema.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.METADATA) == []
    made = described(engine)
    with engine.begin() as connection:
        for table in reversed(schema.METADATA.sorted_tables):
            table.drop(connection)
        schema.METADATA.create_all(connection)
    assert described(engine) == made
    engine.dispose()


def described(engine: Engine) -> dict[str, object]:
    """Each table as the database has it: columns, keys, indexes by name, and what SQLite alone has."""
    there = inspect(engine)
    return {
        name: (
            sorted((c["name"], str(c["type"]), c["nullable"], c["default"]) for c in there.get_columns(name)),
            there.get_pk_constraint(name),
            sorted(map(str, there.get_foreign_keys(name))),
            sorted(map(str, there.get_unique_constraints(name))),
            sorted(str({**i, "dialect_options": _where(i)}) for i in there.get_indexes(name)),
            _sqlite_options(engine, name),
        )
        for name in there.get_table_names()
        if name != "alembic_version"
    }


def _where(index: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(condition) for name, condition in index.get("dialect_options", {}).items()}


def _sqlite_options(engine: Engine, table: str) -> list[str]:
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        sql = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
    return [option for option in ("AUTOINCREMENT", "WITHOUT ROWID") if option in str(sql)]


@pytest.mark.parametrize("file", RELEASED)
def test_a_released_migration_is_never_edited(file: str) -> None:
    assert sha256((MIGRATIONS / file).read_bytes()).hexdigest() == RELEASED[file]


def test_a_migration_that_was_released_is_still_there_and_the_first() -> None:
    released = [Path(file).stem for file in RELEASED if file.startswith("versions/")]
    assert sorted(path.stem for path in MIGRATIONS.glob("versions/[0-9]*.py"))[: len(released)] == released


def test_a_map_that_was_drawn_before_its_drawing_had_a_date_is_still_a_recent_one(database_url: str) -> None:
    engine = open_database(database_url)
    schema.upgrade(engine, "0200")
    insert = (
        "INSERT INTO link_map_places (user_name, middle, places, at) VALUES ('ana', 'R-2222222', '{}', :at)"
    )
    with engine.begin() as connection:
        connection.execute(text(insert).bindparams(AT_MONDAY))
    schema.upgrade(engine)
    with Session(engine) as session:
        maps = LinkMaps(session)
        assert maps.middles("ana", most=5) == ("R-2222222",)
        assert maps.drawn_at("ana", "R-2222222") == MONDAY
    engine.dispose()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    engine = open_database(database_url)
    schema.upgrade(engine)
    schema.upgrade(engine)
    assert schema.revision_of(engine) == revision_needed()
    engine.dispose()


def test_the_database_itself_refuses_to_rewrite_history(lasting_desk: Desk) -> None:
    engine = open_database(lasting_desk.runtime.settings.database_url)
    for table in append_only():
        column = _a_column(table)
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with pytest.raises(DatabaseError, match=f"{table}.*append-only"):
                _try(engine, table, change)
    engine.dispose()


def _try(engine: Engine, table: str, change: str) -> None:
    with engine.begin() as connection:
        _needs_a_row(connection, table)
        connection.execute(text(change))


def _a_column(table: str) -> str:
    if table == "batch_member":
        return "place"
    return "sequence" if table.startswith("audit") else "id"


def _needs_a_row(connection: Connection, table: str) -> None:
    """On SQLite a trigger fires for each row, so an empty table would prove nothing."""
    if connection.dialect.name != "sqlite" or connection.scalar(text(f"SELECT count(*) FROM {table}")):
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    columns = connection.execute(text(f"SELECT name, type FROM pragma_table_info('{table}')")).all()
    values = ", ".join("1" if kind == "INTEGER" else "'2026-03-02'" for _, kind in columns)
    connection.execute(text(f"INSERT INTO {table} VALUES ({values})"))


def test_every_migration_file_is_a_revision() -> None:
    files = {path.stem for path in Path(next(iter(versions))).glob("[0-9]*.py")}
    scripts = ScriptDirectory.from_config(schema._config())
    assert {Path(str(script.path)).stem for script in scripts.walk_revisions()} == files
