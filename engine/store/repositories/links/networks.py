"""Networks that people imported for themselves, sealed. Each user reaches their own and no other's.

From its date on a network is not returned, though the daily sweep has yet to delete it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select, delete, select, text
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.vault.sealing import Seals
from engine.store.repositories.vault.key_rotation import hold_keys, network_row
from engine.store.tables.links.networks import ImportedNetworkRow


class NetworkRow(NamedTuple):
    """One row, opened."""

    reference: str
    owner: str
    is_ready: bool
    delete_on: date
    content: bytes
    at: datetime


class ImportedNetworks:
    """Store of imported networks."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def add(self, row: NetworkRow) -> None:
        """Store a network, or the files that it will be made of."""
        hold_keys(self._session)
        content = self._seals.seal(row.content, row=network_row(row.reference, row.owner))
        self._session.add(
            ImportedNetworkRow(
                ref=row.reference,
                user_name=row.owner,
                is_ready=row.is_ready,
                delete_on=row.delete_on,
                content=content,
                at=row.at,
            )
        )

    def of(self, user: str, *, today: date) -> tuple[NetworkRow, ...]:
        """Return the user's own, the newest first."""
        query = select(ImportedNetworkRow).where(col(ImportedNetworkRow.user_name) == user)
        return self._opened(query, today)

    def all(self, *, today: date) -> tuple[NetworkRow, ...]:
        """Return everyone's, for subject access and the data protection officer."""
        return self._opened(select(ImportedNetworkRow), today)

    def get(self, user: str, reference: str, *, today: date) -> NetworkRow:
        """Return one of the user's own. Raises NotFoundError for another's as for none."""
        query = select(ImportedNetworkRow).where(
            col(ImportedNetworkRow.user_name) == user, col(ImportedNetworkRow.ref) == reference
        )
        found = self._opened(query, today)
        if not found:
            raise NotFoundError("network", reference)
        return found[0]

    def forget(self, references: Iterable[str]) -> None:
        """Delete these rows, and with them the keys of their files; overwritten on SQLite."""
        if self._session.get_bind().dialect.name == "sqlite":
            self._session.execute(text("PRAGMA secure_delete=ON"))
        self._session.execute(
            delete(ImportedNetworkRow).where(col(ImportedNetworkRow.ref).in_(list(references)))
        )

    def due(self, on: date) -> tuple[str, ...]:
        """Return the references of those whose date has come."""
        query = select(col(ImportedNetworkRow.ref)).where(col(ImportedNetworkRow.delete_on) <= on)
        return tuple(self._session.execute(query.order_by(col(ImportedNetworkRow.id))).scalars())

    def references(self) -> frozenset[str]:
        """Return every reference: a file without one is left over."""
        return frozenset(self._session.execute(select(col(ImportedNetworkRow.ref))).scalars())

    def _opened(self, query: Select[ImportedNetworkRow], today: date) -> tuple[NetworkRow, ...]:
        lasting = query.where(col(ImportedNetworkRow.delete_on) > today)
        rows = self._session.execute(lasting.order_by(col(ImportedNetworkRow.id).desc())).scalars()
        return tuple(
            NetworkRow(
                row.ref,
                row.user_name,
                row.is_ready,
                row.delete_on,
                self._seals.unsealed(row.content, row=network_row(row.ref, row.user_name)),
                row.at,
            )
            for row in rows
        )
