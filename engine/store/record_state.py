"""State of the record: whether this version may write to its schema, its clock, its file. Only reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from engine.domain.errors import ClockError, NeverReleasedError, RecordError, RecordFault
from engine.store.database import BEGIN
from engine.store.faults import reading

_MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
_AT = text("SELECT version_num FROM alembic_version")
CLOCKS_MAY_DIFFER = timedelta(minutes=15)
"""A use case takes its instant when it begins and records it when it ends; machines differ by seconds."""
_FAULTS_SHOWN = 20
RESTORING = "restoring"
"""In place of the revision while a restore is not complete: the record cannot be used."""
MOVING = "moving"
"""In place of the revision while a record is copied here; once the copy is whole, with the move's number."""
MOVED = "moved"
"""In place of the revision once the record continues in another database, with the same number."""
MARKS = (RESTORING, MOVING, MOVED)
NEVER_RELEASED = tuple(f"{number:04}" for number in (*range(1, 27), *range(201, 265)))
"""The revisions of 0.1.0, and those between two releases, which are one migration in the next."""


@cache
def revision_needed() -> str:
    """Return the revision that this version of the software needs,
    without loading the library of migrations.
    """
    return max(file.stem[:4] for file in _MIGRATIONS.glob("[0-9]*.py"))


def require_schema(connection: Connection) -> None:
    """Refuse a record that an older or a newer version of the software made.

    Raises NeverReleasedError for one that no release made, and RecordError for any other.
    """
    there, needed = connection.execute(_AT).scalar_one_or_none(), revision_needed()
    require_known(there)
    if there != needed:
        raise RecordError(RecordFault.SCHEMA, f"it is at {there or 'none'}; {needed} is needed")


def require_known(revision: str | None) -> None:
    """Refuse a record that this version can never bring up to date, by the revision at which it is.

    Raises NeverReleasedError for one that no release made, and RecordError for one of a newer version.
    """
    needed = revision_needed()
    if revision == RESTORING:
        said = "a restore is in progress or was interrupted; run 'stac record restore' again"
        raise RecordError(RecordFault.SCHEMA, said)
    if revision is not None and revision.startswith(MOVING):
        said = "a move to it is in progress or was interrupted; run 'stac record move' again, from the former"
        raise RecordError(RecordFault.SCHEMA, said)
    if revision is not None and revision.startswith(MOVED):
        said = "it was moved to another database; set STAC_DATABASE_URL to that one"
        raise RecordError(RecordFault.SCHEMA, said)
    if revision in NEVER_RELEASED:
        raise NeverReleasedError(revision)
    if revision is not None and revision > needed:
        said = (
            f"it is at {revision}, and this version knows {needed}: a newer stac-engine made it; install that"
        )
        raise RecordError(RecordFault.SCHEMA, said)


def require_forward(at: datetime, newest: datetime | None) -> None:
    """Refuse to record what would be older than the audit log's newest entry: one of the clocks was wrong."""
    if newest is not None and at < newest - CLOCKS_MAY_DIFFER:
        raise ClockError(now=at, newest=newest)


def faults_of_file(engine: Engine) -> tuple[str, ...]:
    """Return SQLite's findings of faults in the record's file, in its own words; they hold no value of a row.

    A server checks its own files.
    """
    if engine.dialect.name != "sqlite":
        return ()
    with reading(), engine.execution_options(**{BEGIN: "DEFERRED"}).connect() as connection:
        values = connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS_SHOWN})").scalars().all()
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    found = [str(each) for each in values if each != "ok"]
    found += [f"{len(lost)} rows name another row that does not exist"] if lost else []
    return tuple(found)
