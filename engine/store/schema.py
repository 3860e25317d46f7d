"""Brings a database to the newest schema, and says at which it stands."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from engine.store.database import BEGIN
from engine.store.tables import answers, audit, cases, decisions, incidents, people, protected, work
from engine.store.tables.base import METADATA

TABLE_MODULES = (answers, audit, cases, decisions, incidents, people, protected, work)
_MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def newest_revision() -> str:
    """The revision that this version of the software needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision_of(engine: Engine) -> str | None:
    """The revision at which a database stands; None for one that is empty."""
    with engine.execution_options(**{BEGIN: "DEFERRED"}).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring a database to a revision; nothing happens when it is there already. One at a time."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)


__all__ = ["METADATA", "TABLE_MODULES", "newest_revision", "revision_of", "upgrade"]
