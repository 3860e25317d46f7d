"""Cases put into a record directly, past the use cases: 33,000 referrals would take a minute."""

from __future__ import annotations

import sqlite3

from sqlmodel import Session

from engine.domain.cases.lifecycle import State
from engine.store.repositories.bulk import insert_all
from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow
from tests.builders import MONDAY

MANY = 33_000
FIRST = 1_000
"""The inner number of the first of them; its reference is R-1000."""


def with_sqlite_s_own_limit(session: Session) -> None:
    """SQLite takes 32,766 parameters in a statement; a Debian build of it takes more."""
    driver = session.connection().connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)


def store_cases(session: Session, *, state: State, restricted: bool = False) -> range:
    """Store 33,000 as the newest rows; return their inner numbers."""
    numbers = range(FIRST, FIRST + MANY)
    insert_all(
        session,
        EpisodeRow,
        [{"id": n, "ref": f"E-{n}", "created_at": MONDAY, "restricted": restricted} for n in numbers],
    )
    insert_all(
        session,
        InvolvementRow,
        [
            {
                "id": n,
                "ref": f"R-{n}",
                "own_episode_id": n,
                "episode_id": n,
                "source": "harbour",
                "source_reference": str(n),
                "state": state.value,
                "received_at": MONDAY,
                "version": 1,
            }
            for n in numbers
        ],
    )
    return numbers
