"""Cases put into a record directly, past the use cases: tens of thousands of referrals would take minutes."""

from __future__ import annotations

import sqlite3

from sqlmodel import Session

from engine.domain.cases.lifecycle import State
from engine.store.repositories.bulk import insert_all
from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow
from tests.builders import MONDAY

BEYOND = {"sqlite": 33_000, "postgresql": 66_000}
"""More than a statement takes parameters: 32,766 and 65,535."""
FIRST = 1_000
"""The inner number of the first of them; its reference is R-1000."""


def with_sqlite_s_own_limit(session: Session) -> None:
    """SQLite takes 32,766 parameters in a statement; a Debian build of it takes more."""
    driver = session.connection().connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)


def store_cases(
    session: Session, *, state: State, restricted: bool = False, number: int | None = None
) -> range:
    """Store so many as the newest rows, or ``BEYOND``; return their inner numbers."""
    numbers = range(FIRST, FIRST + (number or BEYOND[session.get_bind().dialect.name]))
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
