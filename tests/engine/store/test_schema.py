"""The schema comes from migrations alone, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from engine.store import schema
from engine.store.database import open_database
from engine.store.migrations.versions import __path__ as versions
from tests.builders import Desk, a_referral

APPEND_ONLY = [
    "access_request",
    "access_step",
    "agency_suspension",
    "answer",
    "answer_confirmed",
    "action_version",
    "arrival_look_up",
    "audit_case",
    "audit_entry",
    "batch",
    "batch_answer",
    "batch_member",
    "change_answer",
    "change_request",
    "chase",
    "conference",
    "connection",
    "decision",
    "dissent",
    "episode_judgement",
    "erased_row",
    "erasure",
    "glass_broken",
    "glass_review",
    "identity_judgement",
    "incident_report",
    "investigator",
    "item_rule",
    "judgement",
    "ledger",
    "link_alert",
    "link_alert_word",
    "link_export",
    "link_map_export",
    "link_query",
    "link_query_ended",
    "move",
    "outcome",
    "person_record",
    "plan",
    "referral_version",
    "restriction",
    "retention_word",
    "role_assessment",
    "role_claim",
    "screening",
    "victim_request",
    "victim_request_word",
]


def test_every_revision_leads_from_the_first_to_the_newest(database_url: str) -> None:
    engine = open_database(database_url)
    scripts = ScriptDirectory.from_config(schema._config())
    revisions = [script.revision for script in scripts.walk_revisions()][::-1]
    assert revisions[0] == "0001"
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
    engine.dispose()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    engine = open_database(database_url)
    schema.upgrade(engine)
    schema.upgrade(engine)
    assert schema.revision_of(engine) == schema.newest_revision()
    engine.dispose()


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_database_itself_refuses_to_rewrite_history(desk: Desk, table: str) -> None:
    desk.refer(a_referral())
    engine = open_database(desk.runtime.settings.database_url)
    changes = (f"DELETE FROM {table}", f"UPDATE {table} SET {_a_column(table)} = {_a_column(table)}")
    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"):
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
