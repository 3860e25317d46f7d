"""The triggers by which a database itself keeps history as it is, the same for every table and migration.

Released with 0.2.0, and so never edited: a released migration would make another schema than it made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, inspect


def refuse_changes(
    connection: Connection, table: str, *, erasable: Sequence[str] = (), changeable: Sequence[str] = ()
) -> None:
    """Let no row of a table be changed or deleted, whatever triggers it had before.

    The erasable columns change only while their row is in ``erasing``, the changeable ones at any time.
    """
    columns = [column["name"] for column in inspect(connection).get_columns(table)]
    if connection.dialect.name == "postgresql":
        statements = _in_postgresql(table, columns, erasable, changeable)
    else:
        made = sqlite_triggers(table, columns, erasable, changeable)
        statements = [*(f"DROP TRIGGER IF EXISTS {name}" for name in made), *made.values()]
    for statement in statements:
        connection.exec_driver_sql(statement)


def sqlite_triggers(
    table: str, columns: Iterable[str], erasable: Sequence[str], changeable: Sequence[str]
) -> dict[str, str]:
    """By name the triggers of a table in SQLite."""
    refuse = f"ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    of = _of_envelope(columns, erasable, changeable)
    made = {
        f"{table}_no_update": f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} {refuse}",
        f"{table}_no_delete": f"CREATE TRIGGER {table}_no_delete BEFORE DELETE {refuse}",
    }
    if erasable:
        unless = refuse.replace(" BEGIN", f" WHEN NOT {_is_erased(table)} BEGIN", 1)
        made[f"{table}_only_erased"] = (
            f"CREATE TRIGGER {table}_only_erased BEFORE UPDATE OF {_listed(erasable)} {unless}"
        )
    return made


def postgresql_refusal(table: str) -> str:
    """The function in PostgreSQL that refuses a statement."""
    return f"BEGIN RAISE EXCEPTION '{table} is append-only'; END"


def postgresql_unless_erased(table: str) -> str:
    """The function in PostgreSQL that lets a row be changed while it is erased."""
    return postgresql_refusal(table).replace(
        "BEGIN", f"BEGIN IF {_is_erased(table)} THEN RETURN NEW; END IF;", 1
    )


def _in_postgresql(
    table: str, columns: Iterable[str], erasable: Sequence[str], changeable: Sequence[str]
) -> list[str]:
    of = _of_envelope(columns, erasable, changeable)
    statements = [
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_only_erased ON {table}",
        f"CREATE OR REPLACE FUNCTION refuse_change_of_{table}() RETURNS trigger AS $$ "
        f"{postgresql_refusal(table)} $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE{of} OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_{table}()",
    ]
    if erasable:
        statements += [
            f"CREATE OR REPLACE FUNCTION only_erase_{table}() RETURNS trigger AS $$ "
            f"{postgresql_unless_erased(table)} $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {table}_only_erased BEFORE UPDATE OF {_listed(erasable)} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION only_erase_{table}()",
        ]
    return statements


def _of_envelope(columns: Iterable[str], erasable: Sequence[str], changeable: Sequence[str]) -> str:
    """Which columns never change; nothing where they all never do."""
    if not erasable and not changeable:
        return ""
    return f" OF {_listed(name for name in columns if name not in {*erasable, *changeable})}"


def _is_erased(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM erasing WHERE \"table\" = '{table}' AND row_number = OLD.id)"  # noqa: S608


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
