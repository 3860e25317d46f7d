"""The rows that the chain's digests cover, as they are now, and what of them was erased."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, Table, delete, func, select, tuple_
from sqlmodel import Session, col

from engine.domain.system.audit import NumberedKey, digest_of_written
from engine.domain.system.verification import PARTS, Verification, Verified
from engine.store.faults import is_of_a_value
from engine.store.granting import GRANTS, checks_of, is_among
from engine.store.rows_in_text import Key, texts_of
from engine.store.tables.base import METADATA
from engine.store.tables.rights.retention import ErasedRowRow, ErasureRow
from engine.store.tables.system.audit import AuditAnchorRow, VerificationRow
from engine.store.tables.system.row_checks import RowCheckRow
from engine.store.triggers import missing_triggers
from engine.store.versions_written import VersionKey, covered_tables, key_text

_AT_ONCE = 2_000


class Anchored(NamedTuple):
    """The newest try to anchor the chain, and when one last succeeded."""

    at: datetime
    failed: str | None
    succeeded_at: datetime | None


class RowVersion(NamedTuple):
    """A row as it is now: its text, and the keys for a digest of it."""

    written: str
    keys: NumberedKey

    def digest(self, number: int | None = None) -> str:
        """Return the digest by the key of this number, or by the newest; empty where there is none such."""
        if number is None:
            return digest_of_written(self.keys, self.written)
        if not 1 <= number <= self.keys.number:
            return ""
        return digest_of_written(self.keys.of_number(number), self.written)


class AuditContent:
    """Every version that is in the record, against which the chain is held."""

    def __init__(self, session: Session, version_key: VersionKey) -> None:
        self._session = session
        self._version_key = version_key
        self._checks: dict[str, dict[str, str]] = {}

    def is_checked(self, table: str, key: str, version: RowVersion | None) -> bool:
        """Return whether a row has the keyed check that it needs to grant what it grants, if it does."""
        if table not in GRANTS:
            return True
        if table not in self._checks:
            self._checks = {table: checks_of(self._session, table)}  # the rows come by table
        return version is not None and self.is_right(self._checks[table].get(key, ""), version)

    @staticmethod
    def is_right(check: str, version: RowVersion) -> bool:
        """Return whether this keyed check is that of a row as it is now."""
        return is_among(version.digest(), check)

    def shut(self, rows: Iterable[tuple[str, str]]) -> None:
        """Take the keyed checks of these rows away, by table and key: they grant nothing any more."""
        for table, key in rows:
            self._session.execute(
                delete(RowCheckRow).where(
                    col(RowCheckRow.table) == table, col(RowCheckRow.row_number) == int(key)
                )
            )

    def versions(self, tables: Collection[str] | None = None) -> Iterator[tuple[str, str, RowVersion | None]]:
        """Yield (table, key, version) of every covered row, by table; of these tables, if some are named.

        A row with a value that cannot be read, such as an instant in month 13, has no version.
        """
        for table in covered_tables():
            if tables is not None and table.name not in tables:
                continue
            last: Key | None = None
            while True:
                try:
                    for key, version in self._versions(table, _after(table, last)):
                        yield table.name, key_text(key), version
                        last = key
                except Exception as error:  # what a value makes its reader raise depends on the value
                    if not is_of_a_value(error):
                        raise
                    for key, one in self._one_by_one(table, last):
                        yield table.name, key_text(key), one
                        last = key
                else:
                    break

    def _versions(self, table: Table, query: Select[*tuple[object, ...]]) -> Iterator[tuple[Key, RowVersion]]:
        version_key = self._version_key()
        connection = self._session.connection()
        with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
            for key, written in texts_of(table, rows):
                yield key, RowVersion(written, version_key)

    def _one_by_one(self, table: Table, last: Key | None) -> Iterator[tuple[Key, RowVersion | None]]:
        """Yield the next rows, each read on its own: at least one of them cannot be read."""
        columns = tuple(table.primary_key.columns)
        keys = _after(table, last).with_only_columns(*columns).limit(_AT_ONCE)
        for key in [tuple(row) for row in self._session.connection().execute(keys).all()]:
            yield key, self._one(table, key)

    def version(self, table: str, number: int) -> RowVersion | None:
        """Return one row by its number; None where it is gone, or a value of it cannot be read."""
        return self._one(METADATA.tables[table], (number,))

    def _one(self, table: Table, key: Key) -> RowVersion | None:
        columns = table.primary_key.columns
        one = select(table).where(*(column == part for column, part in zip(columns, key, strict=True)))
        try:
            return next((version for _, version in self._versions(table, one)), None)
        except Exception as error:  # as above
            if not is_of_a_value(error):
                raise
            return None

    def highest(self) -> dict[str, int]:
        """Return, by covered table, the highest number of a row; tables without a row are left out."""
        found: dict[str, int] = {}
        for table in covered_tables():
            number = self._session.execute(select(func.max(next(iter(table.primary_key.columns))))).scalar()
            if number is not None:
                found[table.name] = int(number)
        return found

    def erased(self) -> dict[tuple[str, str], str]:
        """Return, by table and key, the certificate by which a row's content was erased."""
        rows = self._session.execute(
            select(col(ErasedRowRow.table), col(ErasedRowRow.row_number), col(ErasureRow.ref)).join(
                ErasureRow, col(ErasureRow.id) == col(ErasedRowRow.erasure_id)
            )
        ).all()
        return {(str(table), str(number)): str(reference) for table, number, reference in rows}

    def missing_triggers(self) -> tuple[str, ...]:
        """Return the triggers that refuse changes and are not there, or refuse nothing."""
        return missing_triggers(self._session.connection())

    def note_anchor(self, *, sequence: int, hashed: str, failed: str | None, at: datetime) -> None:
        """Note that the head was anchored, or why it could not be."""
        self._session.add(AuditAnchorRow(sequence=sequence, hash=hashed, failed=failed, at=at))
        self._session.flush()

    def anchors(self) -> dict[int, str]:
        """Return the anchors that were made, as the record itself has them: hashes by number."""
        rows = self._session.execute(
            select(col(AuditAnchorRow.sequence), col(AuditAnchorRow.hash)).where(
                col(AuditAnchorRow.failed).is_(None)
            )
        ).all()
        return {int(sequence): str(hashed) for sequence, hashed in rows}

    def newest_anchor(self) -> Anchored | None:
        """Return the newest try; None if none was made."""
        newest = self._session.execute(
            select(AuditAnchorRow).order_by(col(AuditAnchorRow.id).desc()).limit(1)
        ).scalar_one_or_none()
        if newest is None:
            return None
        succeeded = self._session.execute(
            select(func.max(col(AuditAnchorRow.at))).where(col(AuditAnchorRow.failed).is_(None))
        ).scalar()
        return Anchored(newest.at, newest.failed, succeeded)

    def note_verification(self, done: Verification) -> None:
        """Note what was verified and what failed."""
        words = ",".join(done.failed)
        self._session.add(VerificationRow(part=done.part, parts=done.parts, failed=words, at=done.at))
        self._session.flush()

    def verifications(self) -> tuple[Verification, ...]:
        """Return those that together compared every row, newest first."""
        newest = select(VerificationRow).order_by(col(VerificationRow.id).desc()).limit(PARTS)
        return tuple(
            Verification(
                at=row.at,
                part=row.part,
                parts=row.parts,
                failed=tuple(Verified(each) for each in row.failed.split(",") if each),
            )
            for row in self._session.execute(newest).scalars()
        )


def _after(table: Table, last: Key | None) -> Select[*tuple[object, ...]]:
    """Return every row after the one with this key, in the order of their keys."""
    columns = tuple(table.primary_key.columns)
    query = select(table).order_by(*columns)
    return query if last is None else query.where(tuple_(*columns) > tuple_(*last))
