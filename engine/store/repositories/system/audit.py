"""The audit chain: appends with the head locked last and briefly, and reads it back."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Row, Select, func, null, select, text
from sqlmodel import Session, col

from engine.domain.errors import RecordError, RecordFault
from engine.domain.system.audit import (
    MAIN_STREAM,
    AuditEntry,
    NumberedKey,
    canonical,
    entry_check,
    entry_hash,
)
from engine.store.faults import is_of_a_value
from engine.store.granting import key_of_checks, newest_key
from engine.store.repositories.bulk import insert_all
from engine.store.tables.system.audit import AuditCaseRow, AuditEntryRow, AuditHeadRow

_AT_ONCE = 500
_Kept = Row[int, str, str, str, str | None, datetime, str, str | None, int | None]

_TAKE = text(
    "UPDATE audit_head SET sequence = sequence + 1 WHERE stream = :stream RETURNING sequence, hash, "
    "key_number"
)
_SET = text("UPDATE audit_head SET hash = :hash, key_number = :number WHERE stream = :stream")


_OF_STREAM = col(AuditEntryRow.stream) == MAIN_STREAM


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
    keyed_check: str | None
    key_number: int | None
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
        key = newest_key(self._session, used=taken[2])
        body = entry.body()
        hashed = entry_hash(previous, sequence, body)
        check = entry_check(key, key.number, sequence, hashed)
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
                    "keyed_check": check,
                    "key_number": key.number,
                }
            ],
        )
        insert_all(
            self._session,
            AuditCaseRow,
            [{"stream": MAIN_STREAM, "sequence": sequence, "involvement_ref": ref} for ref in entry.cases],
        )
        connection.execute(_SET, {"hash": hashed, "number": key.number, "stream": MAIN_STREAM})
        return sequence

    def entries(
        self, *, after: int | None = None, with_versions: bool = True
    ) -> Generator[ChainedEntry, None, None]:
        """Yield every entry with the cases that it is found by, oldest first, some hundred at a time.

        The digests of what an import wrote are long: a caller that only lists entries does without. Raises
        RecordError at the first entry with a value that cannot be read.
        """
        last = after
        while rows := self._readable_after(last, with_versions=with_versions):
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
                    row.keyed_check,
                    row.key_number,
                    tuple(cases.get(row.sequence, ())),
                )
            last = rows[-1].sequence

    def _readable_after(self, last: int | None, *, with_versions: bool) -> list[_Kept]:
        """Return the next entries up to one that cannot be read, which is next then."""
        try:
            return self._after(last, with_versions=with_versions)
        except Exception as error:  # what a value makes its reader raise depends on the value
            if not is_of_a_value(error):
                raise
        rows: list[_Kept] = []
        while True:
            try:
                rows += self._after(rows[-1].sequence if rows else last, with_versions=with_versions, most=1)
            except Exception as error:
                if not is_of_a_value(error):
                    raise
                if not rows:
                    raise RecordError(
                        RecordFault.UNREADABLE, f"audit_entry, {type(error).__name__}"
                    ) from None
                return rows

    def _after(self, last: int | None, *, with_versions: bool, most: int = _AT_ONCE) -> list[_Kept]:
        query = select(
            col(AuditEntryRow.sequence),
            col(AuditEntryRow.previous),
            col(AuditEntryRow.hash),
            col(AuditEntryRow.body),
            (col(AuditEntryRow.versions) if with_versions else null()).label("versions"),
            col(AuditEntryRow.at),
            col(AuditEntryRow.user_name),
            col(AuditEntryRow.keyed_check),
            col(AuditEntryRow.key_number),
        ).where(col(AuditEntryRow.stream) == MAIN_STREAM)
        if last is not None:
            query = query.where(col(AuditEntryRow.sequence) > last)
        return list(self._session.execute(query.order_by(col(AuditEntryRow.sequence)).limit(most)).all())

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

    def count_after(self, at: datetime) -> int:
        """Return the number of entries that were made after this."""
        query = select(func.count()).select_from(AuditEntryRow).where(_OF_STREAM, col(AuditEntryRow.at) > at)
        return int(self._session.execute(query).scalar_one())

    def at_of(self, number: int) -> datetime | None:
        """Return when the entry of this number was made; None where there is none."""
        query = select(col(AuditEntryRow.at)).where(_OF_STREAM, col(AuditEntryRow.sequence) == number)
        return self._session.execute(query).scalar_one_or_none()

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

    def hashes(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the hash of each of these entries that is there, by its number."""
        found: dict[int, str] = {}
        wanted = sorted(set(numbers))
        for start in range(0, len(wanted), _AT_ONCE):
            query = select(col(AuditEntryRow.sequence), col(AuditEntryRow.hash)).where(
                _OF_STREAM, col(AuditEntryRow.sequence).in_(wanted[start : start + _AT_ONCE])
            )
            found.update((int(number), str(hashed)) for number, hashed in self._session.execute(query))
        return found

    def versions(self, *, after: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Yield each entry that wrote rows, oldest first: its number, its key's, and the digests of the rows.

        ``after`` leaves out those up to this number.
        """
        query = select(
            col(AuditEntryRow.sequence), col(AuditEntryRow.key_number), col(AuditEntryRow.versions)
        ).where(_OF_STREAM, col(AuditEntryRow.versions).is_not(None))
        if after is not None:
            query = query.where(col(AuditEntryRow.sequence) > after)
        rows = self._session.connection().execute(
            query.order_by(col(AuditEntryRow.sequence)), execution_options={"yield_per": _AT_ONCE}
        )
        for number, key_number, versions in rows:
            yield int(number), key_number or 1, str(versions)

    def key(self) -> NumberedKey:
        """Return the key of the entries' keyed checks, with the retired ones."""
        return key_of_checks(self._session)

    def without_check(self) -> int:
        """Return the number of entries that were made before there were keyed checks."""
        query = select(func.count()).select_from(AuditEntryRow)
        missing = col(AuditEntryRow.keyed_check).is_(None)
        return int(self._session.execute(query.where(_OF_STREAM, missing)).scalar_one())

    def has(self, what: str) -> bool:
        """Return whether there is an entry with a keyed check of this use case."""
        query = select(col(AuditEntryRow.sequence)).where(
            _OF_STREAM,
            col(AuditEntryRow.keyed_check).is_not(None),
            col(AuditEntryRow.body).contains(canonical({"what": what})[1:-1], autoescape=True),
        )
        return self._session.execute(query.limit(1)).first() is not None

    def count(self) -> int:
        """Return the number of entries."""
        return self.head()[0]
