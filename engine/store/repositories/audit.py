"""The audit chain: appends with the head locked last and briefly, and reads it back."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, text
from sqlmodel import Session, col

from engine.domain.audit import FIRST_PREVIOUS, MAIN_STREAM, AuditEntry, entry_hash
from engine.store.tables.audit import AuditCaseRow, AuditEntryRow, AuditHeadRow


@dataclass(frozen=True)
class ChainedEntry:
    """One entry as it stands in the chain."""

    sequence: int
    previous: str
    hash: str
    body: str
    at: datetime
    user: str


class AuditTrail:
    """One stream of the chain. The same SQL serves both databases."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, entry: AuditEntry) -> int:
        """Add an entry and return its sequence number. Call it last: it holds the head's lock."""
        connection = self._session.connection()
        taken = connection.execute(
            text(
                "UPDATE audit_head SET sequence = sequence + 1 WHERE stream = :stream "
                "RETURNING sequence, hash"
            ),
            {"stream": MAIN_STREAM},
        ).one()
        sequence, previous = int(taken[0]), str(taken[1])
        body = entry.body()
        hashed = entry_hash(previous, sequence, body)
        connection.execute(
            insert(AuditEntryRow).values(
                stream=MAIN_STREAM,
                sequence=sequence,
                previous=previous,
                hash=hashed,
                body=body,
                user_name=entry.user,
                at=entry.at,
            )
        )
        if entry.cases:
            connection.execute(
                insert(AuditCaseRow),
                [
                    {"stream": MAIN_STREAM, "sequence": sequence, "involvement_ref": ref}
                    for ref in entry.cases
                ],
            )
        connection.execute(
            text("UPDATE audit_head SET hash = :hash WHERE stream = :stream"),
            {"hash": hashed, "stream": MAIN_STREAM},
        )
        return sequence

    def entries(self) -> Generator[ChainedEntry, None, None]:
        """Every entry, oldest first."""
        result = self._session.execute(
            select(AuditEntryRow)
            .where(col(AuditEntryRow.stream) == MAIN_STREAM)
            .order_by(col(AuditEntryRow.sequence))
            .execution_options(yield_per=500)
        )
        with closing(result) as rows:
            for row in rows.scalars():
                yield ChainedEntry(row.sequence, row.previous, row.hash, row.body, row.at, row.user_name)

    def head(self) -> tuple[int, str]:
        """The newest sequence number and hash."""
        row = self._session.get(AuditHeadRow, MAIN_STREAM)
        return (row.sequence, row.hash) if row else (0, FIRST_PREVIOUS)

    def count(self) -> int:
        """How many entries there are."""
        return self.head()[0]
