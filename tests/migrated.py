"""The schema of an empty SQLite database: migrated once in a process that tests, then written as it came out.

A restore, a trial of a backup and a new home each begin with one; the migrations take fifteen times as long.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import cast

from alembic.config import Config
from sqlalchemy import Connection

Upgrade = Callable[..., None]


def migrated_once(by_migrations: Upgrade) -> Upgrade:
    """Return an upgrade that runs the migrations of an empty database once, of one in use always."""
    written: dict[str, list[str]] = {}

    @wraps(by_migrations)
    def upgrade(config: Config, revision: str) -> None:
        connection = cast("Connection", config.attributes["connection"])
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection) or _has_tables(connection):
            by_migrations(config, revision)
        elif revision in written:
            for statement in written[revision]:
                connection.exec_driver_sql(statement)
        else:
            by_migrations(config, revision)
            _begin, *statements, _commit = driver.iterdump()
            written[revision] = statements

    return upgrade


def _has_tables(connection: Connection) -> bool:
    return connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").first() is not None
