"""The rows that the chain's digests cover, as they are now, and what of them was erased. Only reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from engine.store.rows_in_text import digests_of
from engine.store.schema import TABLE_MODULES
from engine.store.tables.rights.retention import ErasedRowRow, ErasureRow
from engine.store.tables.system.audit import AuditAnchorRow
from engine.store.triggers import missing_triggers
from engine.store.versions_written import VersionKey, covered_tables, key_text

_AT_ONCE = 2_000
_EVERY_TABLE = TABLE_MODULES  # loaded, so that none is passed over


class Anchored(NamedTuple):
    """The newest try to anchor the chain, and when one last succeeded."""

    at: datetime
    failed: str | None
    succeeded_at: datetime | None


class AuditContent:
    """Every version that is in the record, against which the chain is held."""

    def __init__(self, session: Session, version_key: VersionKey) -> None:
        self._session = session
        self._version_key = version_key

    def versions(self) -> Iterator[tuple[str, str, str]]:
        """Yield (table, key, digest) of every covered row, by table."""
        connection = self._session.connection()
        for table in covered_tables():
            query = select(table).order_by(*table.primary_key.columns)
            with connection.execution_options(yield_per=_AT_ONCE).execute(query) as rows:
                for key, digest in digests_of(table, rows, self._version_key()):
                    yield table.name, key_text(key), digest

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
