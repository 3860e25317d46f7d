"""The audit chain: appends with the head locked last and briefly, and reads it back."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Row, Select, null, select, text
from sqlmodel import Session, col

from engine.domain.system.audit import MAIN_STREAM, AuditEntry, entry_hash
from engine.store.repositories.bulk import insert_all
from engine.store.tables.system.audit import AuditCaseRow, AuditEntryRow, AuditHeadRow

_AT_ONCE = 500
_Kept = Row[int, str, str, str, str | None, datetime, str]

_TAKE = text("UPDATE audit_head SET sequence = sequence + 1 WHERE stream = :stream RETURNING sequence, hash")
_SET = text("UPDATE audit_head SET hash = :hash WHERE stream = :stream")


@cache
def _newest_at() -> Select[datetime]:
    """Build the statement once: each use case runs it, and to build it takes longer than that."""
    newest = select(col(AuditHeadRow.sequence)).where(col(AuditHeadRow.stream) == MAIN_STREAM)
    return select(col(AuditEntryRow.at)).where(
        col(AuditEntryRow.stream) == MAIN_STREAM,
        col(AuditEntryRow.sequence) == newest.scalar_subquery(),
    )


@dataclass(frozen=True)
class ChainedEntry:
    """One entry of the chain."""

    sequence: int
    previous: str
    hash: str
    body: str
    versions: str | None
    at: datetime
    user: str
    cases: tuple[str, ...]


class AuditTrail:
    """One stream of the chain. The same SQL serves both databases."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, entry: AuditEntry, versions: str | None = None) -> int:
        """Add an entry and return its sequence number. Call it last: it holds the head's lock."""
        connection = self._session.connection()
        taken = connection.execute(_TAKE, {"stream": MAIN_STREAM}).one()
        sequence, previous = int(taken[0]), str(taken[1])
        body = entry.body()
        hashed = entry_hash(previous, sequence, body)
        insert_all(
            self._session,
            AuditEntryRow,
            [
                {
                    "stream": MAIN_STREAM,
                    "sequence": sequence,
                    "previous": previous,
                    "hash": hashed,
                    "body": body,
                    "versions": versions,
                    "user_name": entry.user,
                    "at": entry.at,
                }
            ],
        )
        insert_all(
            self._session,
            AuditCaseRow,
            [{"stream": MAIN_STREAM, "sequence": sequence, "involvement_ref": ref} for ref in entry.cases],
        )
        connection.execute(_SET, {"hash": hashed, "stream": MAIN_STREAM})
        return sequence

    def entries(
        self, *, after: int | None = None, with_versions: bool = True
    ) -> Generator[ChainedEntry, None, None]:
        """Yield every entry with the cases that it is found by, oldest first, some hundred at a time.

        The digests of what an import wrote are long: a caller that only lists entries does without.
        """
        last = after
        while rows := self._after(last, with_versions=with_versions):
            cases = self._cases(rows[0].sequence, rows[-1].sequence)
            for row in rows:
                yield ChainedEntry(
                    row.sequence,
                    row.previous,
                    row.hash,
                    row.body,
                    row.versions,
                    row.at,
                    row.user_name,
                    tuple(cases.get(row.sequence, ())),
                )
            last = rows[-1].sequence

    def _after(self, last: int | None, *, with_versions: bool) -> list[_Kept]:
        query = select(
            col(AuditEntryRow.sequence),
            col(AuditEntryRow.previous),
            col(AuditEntryRow.hash),
            col(AuditEntryRow.body),
            (col(AuditEntryRow.versions) if with_versions else null()).label("versions"),
            col(AuditEntryRow.at),
            col(AuditEntryRow.user_name),
        ).where(col(AuditEntryRow.stream) == MAIN_STREAM)
        if last is not None:
            query = query.where(col(AuditEntryRow.sequence) > last)
        return list(self._session.execute(query.order_by(col(AuditEntryRow.sequence)).limit(_AT_ONCE)).all())

    def _cases(self, first: int, last: int) -> dict[int, list[str]]:
        rows = self._session.execute(
            select(col(AuditCaseRow.sequence), col(AuditCaseRow.involvement_ref))
            .where(col(AuditCaseRow.stream) == MAIN_STREAM, col(AuditCaseRow.sequence).between(first, last))
            .order_by(col(AuditCaseRow.sequence), col(AuditCaseRow.involvement_ref))
        ).all()
        found: dict[int, list[str]] = {}
        for sequence, ref in rows:
            found.setdefault(sequence, []).append(ref)
        return found

    def newest_at(self) -> datetime | None:
        """Return when the newest entry was made."""
        return self._session.connection().execute(_newest_at()).scalar_one_or_none()

    def oldest_at(self) -> datetime | None:
        """Return when the oldest entry was made; None where there is none."""
        entry = select(col(AuditEntryRow.at)).where(col(AuditEntryRow.stream) == MAIN_STREAM)
        return self._session.execute(
            entry.order_by(col(AuditEntryRow.sequence)).limit(1)
        ).scalar_one_or_none()

    def leaps(self, longer: timedelta, *, among: int) -> tuple[tuple[int, datetime, datetime], ...]:
        """Return the last entries between which more time than this went by: number,
        and when before and then.
        """
        rows = self._session.execute(
            select(col(AuditEntryRow.sequence), col(AuditEntryRow.at))
            .where(col(AuditEntryRow.stream) == MAIN_STREAM)
            .order_by(col(AuditEntryRow.sequence).desc())
            .limit(among)
        ).all()
        pairs = zip(rows[1:], rows, strict=False)
        return tuple((now[0], before[1], now[1]) for before, now in pairs if now[1] - before[1] > longer)

    def head(self) -> tuple[int, str]:
        """Return the newest sequence number and hash."""
        row = self._session.get_one(AuditHeadRow, MAIN_STREAM)
        return row.sequence, row.hash

    def count(self) -> int:
        """Return the number of entries."""
        return self.head()[0]
