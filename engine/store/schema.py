"""Upgrade of a database to the newest schema, and its present revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.store.database import BEGIN
from engine.store.every_table import TABLE_MODULES
from engine.store.faults import record_error
from engine.store.record_state import require_known, revision_needed
from engine.store.tables.base import METADATA

_MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def revision_of(engine: Engine) -> str | None:
    """Return the revision of a database; None for one that is empty.

    Raises RecordError when the database cannot be reached or is not a database.
    """
    try:
        with engine.execution_options(**{BEGIN: "DEFERRED"}).connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise record_error(error) from None  # its own text would show the address with who connects


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring a database to a revision; nothing happens when it is there already. One at a time.

    Raises NeverReleasedError for one that no release made, and RecordError for one of a newer version, or
    where the database fails.
    """
    try:
        with engine.begin() as connection:
            upgrade_on(connection, to)
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise record_error(error) from None


def upgrade_on(connection: Connection, to: str = "head") -> None:
    """Do the same within a transaction that has begun."""
    there = MigrationContext.configure(connection).get_current_revision()
    require_known(there)
    if there == (revision_needed() if to == "head" else to):
        return  # without loading each migration
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


__all__ = ["METADATA", "TABLE_MODULES", "revision_of", "upgrade", "upgrade_on"]
