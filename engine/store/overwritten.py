"""Content that was overwritten on SQLite: its removal from the file and journal, and a mark until then."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPICursor

from engine.domain.errors import RecordError, RecordFault
from engine.store.database import in_turn, longest_wait
from engine.store.faults import record_error
from engine.store.turns import Turns


class OverwrittenContent:
    """Remains of erasures in a database's file. A file beside it marks them: it outlives a killed process."""

    def __init__(self, engine: Engine, turns: Turns | None) -> None:
        self._engine, self._turns = engine, turns
        name = engine.url.database
        self._mark = Path(f"{name}.overwritten") if turns and name and name != ":memory:" else None

    @property
    def is_left(self) -> bool:
        """True if the last removal did not come to its end."""
        return self._mark is not None and self._mark.exists()

    def remove(self) -> None:
        """Remove it, as a writer in turn; a database server needs no command for that.

        Raises RecordError if it is still there, also where only a reader holds up the journal.
        """
        if self._turns is None:
            return
        self._note_left()
        try:
            with in_turn(self._turns) as until:
                with (
                    self._turns.before_others(until),
                    closing(self._engine.raw_connection()) as connection,
                    closing(connection.cursor()) as cursor,
                ):
                    self._remove(cursor, until)
                if self._mark is not None:
                    self._mark.unlink(missing_ok=True)
        except sqlite3.Error as error:
            self._note_left()
            raise record_error(error) from None
        except RecordError:
            self._note_left()  # another removal may have ended meanwhile
            raise

    def _remove(self, cursor: DBAPICursor, until: float) -> None:
        """Run both statements, outside any transaction: neither works within one. They wait for one limit."""
        try:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                left = max(0, int(1_000 * (until - time.monotonic())))
                cursor.execute(f"PRAGMA busy_timeout={left}")
                cursor.execute(statement)
                is_busy = [row[0] for row in cursor.fetchall()]
                if any(is_busy):  # the second says so in its answer, and raises no error
                    raise RecordError(RecordFault.BUSY, "the journal is being read")
        finally:
            cursor.execute(f"PRAGMA busy_timeout={int(1_000 * longest_wait(self._engine))}")

    def _note_left(self) -> None:
        if self._mark is not None:
            self._mark.touch(mode=0o600)
