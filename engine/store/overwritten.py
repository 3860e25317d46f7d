"""Content that was overwritten on SQLite: its removal from the file and journal, and a mark until then."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPICursor

from engine.domain.errors import RecordError, RecordFault
from engine.store.database import in_turn, longest_wait
from engine.store.faults import record_error
from engine.store.turns import Turns


def mark_of(file: Path) -> Path:
    """Return the mark beside a database's file."""
    return file.with_name(f"{file.name}.overwritten")


class OverwrittenContent:
    """Remains of erasures in a database's file. A file beside it marks them: it outlives a killed process.

    It is made before the erasure commits and taken away after the removal, both in turn with other writers.
    """

    def __init__(self, engine: Engine, turns: Turns | None) -> None:
        self._engine, self._turns = engine, turns
        name = engine.url.database
        self._mark = mark_of(Path(name)) if turns and name and name != ":memory:" else None

    @property
    def is_left(self) -> bool:
        """True if something was erased since the last removal that came to its end."""
        return self._mark is not None and self._mark.exists()

    def note_left(self) -> None:
        """Mark that there is some, in the transaction that erases, if the folder takes a file."""
        if self._mark is not None:
            with suppress(OSError):
                self._mark.touch(mode=0o600)

    def remove(self) -> bool:
        """Remove it, as a writer in turn; return False for a database server, which does it itself, in time.

        Raises RecordError if it is still there, also where only a reader holds up the journal.
        """
        if self._turns is None:
            return False
        try:
            with (
                in_turn(self._turns) as until,
                self._turns.before_others(until),
                closing(self._engine.raw_connection()) as connection,
                closing(connection.cursor()) as cursor,
            ):
                self._remove(cursor, until)
                if self._mark is not None:
                    with suppress(OSError):
                        self._mark.unlink()
        except sqlite3.Error as error:
            self.note_left()
            raise record_error(error) from None
        except RecordError:
            self.note_left()
            raise
        return True

    def _remove(self, cursor: DBAPICursor, until: float) -> None:
        """Run both statements, outside any transaction: neither works within one. They wait for one limit."""
        try:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                left = max(0, int(1_000 * (until - time.monotonic())))
                cursor.execute(f"PRAGMA busy_timeout={left}")
                cursor.execute(statement)
                is_busy = [row[0] for row in cursor.fetchall()]
                if any(is_busy):  # the second says so in its answer, and raises no error
                    raise RecordError(RecordFault.BUSY, "another program is reading it")
        finally:
            cursor.execute(f"PRAGMA busy_timeout={int(1_000 * longest_wait(self._engine))}")
