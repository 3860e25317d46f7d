"""Keyed checks of rows, and digests of values, made again when the key of the digests is changed.

Shows no content and knows no key: a caller makes the digests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import select, text, update
from sqlmodel import Session, col

from engine.domain.vault.sealing import Seals
from engine.store.repositories.vault.key_rotation import hold_keys, value_row
from engine.store.tables.system.audit import AuditHeadRow
from engine.store.tables.system.row_checks import RowCheckRow
from engine.store.tables.vault.protected import ProtectedValueRow


class CheckAgain(NamedTuple):
    """The keyed check of one row, as it was and as it is to be."""

    table: str
    number: int
    was: str
    becomes: str


class DigestRotation:
    """Goes through the keyed checks and the protected values, a part at a time."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def hold_writers(self) -> None:
        """Wait until no one else writes an entry, and let no one before this transaction ends.

        On SQLite a writer is the only one anyhow.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(select(col(AuditHeadRow.sequence)).with_for_update())

    def note_key_number(self, number: int) -> None:
        """Let no entry be written from now on by a key of a lower number, on whichever machine."""
        self._session.execute(update(AuditHeadRow).values(key_number=number))

    def not_checked_by(self, key: str) -> list[tuple[str, int, str]]:
        """Return table, number and check of the rows without a check by the key of this check value."""
        query = select(
            col(RowCheckRow.table), col(RowCheckRow.row_number), col(RowCheckRow.keyed_check)
        ).where(col(RowCheckRow.keyed_check).not_like(f"% {key}:%"))
        rows = self._session.connection().execute(
            query.order_by(col(RowCheckRow.table), col(RowCheckRow.row_number))
        )
        return [(str(table), int(number), str(check)) for table, number, check in rows]

    def check_again(self, checks: Iterable[CheckAgain]) -> None:
        """Store these checks; that of a row that was written meanwhile stays."""
        for each in checks:
            self._session.execute(
                update(RowCheckRow)
                .where(
                    col(RowCheckRow.table) == each.table,
                    col(RowCheckRow.row_number) == each.number,
                    col(RowCheckRow.keyed_check) == each.was,
                )
                .values(keyed_check=each.becomes)
                .execution_options(synchronize_session=False)
            )

    def digest_again(
        self, make: Callable[[str, str], str], *, after: int, count: int
    ) -> tuple[int, int] | None:
        """Make the digests of the next protected values again, by kind and value.

        Return the last number read and how many digests were others; None at the end.
        """
        if self._session.get_bind().dialect.name == "sqlite":
            self._session.execute(text("PRAGMA secure_delete=ON"))  # a phone is found by trying, with its key
        hold_keys(self._session)
        rows = self._session.execute(
            select(
                col(ProtectedValueRow.id),
                col(ProtectedValueRow.ref),
                col(ProtectedValueRow.involvement_ref),
                col(ProtectedValueRow.kind),
                col(ProtectedValueRow.content),
                col(ProtectedValueRow.digest),
            )
            .where(col(ProtectedValueRow.id) > after)
            .order_by(col(ProtectedValueRow.id))
            .limit(count)
        ).all()
        values = self._seals.unsealed_all(
            (content, value_row(ref, case, kind)) for _, ref, case, kind, content, _ in rows
        )
        made = [
            (number, make(kind, value.decode()), was)
            for (number, _, _, kind, _, was), value in zip(rows, values, strict=True)
        ]
        changed = [{"id": number, "digest": digest} for number, digest, was in made if digest != was]
        if changed:
            self._session.execute(update(ProtectedValueRow), changed)
        return (rows[-1][0] or 0, len(changed)) if rows else None
