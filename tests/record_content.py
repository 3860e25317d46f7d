"""What a record says, for tests that compare two: every row, without times and without what is random."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path

# What differs between two honest runs: the trail of every act, when an answer was confirmed, signs of life.
NOT_CONTENT = {
    "audit_head",
    "audit_entry",
    "audit_case",
    "answer_confirmed",
    "regular_work",
    "runner",
    "alembic_version",
}
# Random references, the order in which agencies came back, and how often a row was taken.
NOT_COMPARED = {"id", "ref", "attempts", "taken_by", "last_error"}
# In an entry of the audit log: its place, the entry before it, and the digest of rows with their times.
_OF_THE_CHAIN = {"sequence", "previous", "wrote", "at"}
# The time at which a row of what waits began to, which has no name like other times.
_SINCE = ("due", "since")


def content(home: Path) -> Counter[str]:
    """Every row of the record that says something, without times: whether there is one is kept."""
    rows: Counter[str] = Counter()
    with sqlite3.connect(home / "stac.db") as record:
        record.row_factory = sqlite3.Row
        tables = [name for (name,) in record.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in sorted(set(tables) - NOT_CONTENT):
            for row in record.execute(f"SELECT * FROM {table}"):
                rows[f"{table}: {json.dumps(_compared(table, row), sort_keys=True, default=repr)}"] += 1
    record.close()
    return rows


def audited(home: Path) -> Counter[str]:
    """Every entry of the audit log, without its time and its place in the chain."""
    with sqlite3.connect(home / "stac.db") as record:
        bodies = [json.loads(body) for (body,) in record.execute("SELECT body FROM audit_entry")]
    record.close()
    return Counter(
        json.dumps({name: said for name, said in body.items() if name not in _OF_THE_CHAIN}, sort_keys=True)
        for body in bodies
    )


def _compared(table: str, row: sqlite3.Row) -> dict[str, object]:
    return {
        name: row[name] is not None if _is_time(table, name) else row[name]
        for name in row.keys()  # noqa: SIM118  a Row is no mapping
        if name not in NOT_COMPARED
    }


def _is_time(table: str, name: str) -> bool:
    return name == "at" or name.endswith("_at") or (table, name) == _SINCE
