"""Versions of the price list. Decides nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.outcomes.prices import PriceList, StoredPriceList
from engine.store.tables.victims_outcomes import PriceListRow


class PriceLists:
    """Adds and reads whole lists; an earlier one stays as it was."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, given: PriceList, *, by: str, at: datetime) -> int:
        """Store a list and return its version."""
        newest = self.newest()
        version = 1 + (newest.version if newest is not None else 0)
        self._session.add(PriceListRow(version=version, content=given.model_dump(mode="json"), by=by, at=at))
        self._session.flush()
        return version

    def newest(self) -> StoredPriceList | None:
        """Return the newest list, if there is one."""
        return next(iter(self.all_versions()), None)

    def all_versions(self) -> tuple[StoredPriceList, ...]:
        """Return every version, newest first."""
        rows = self._session.execute(
            select(PriceListRow).order_by(col(PriceListRow.version).desc())
        ).scalars()
        return tuple(
            StoredPriceList(
                version=row.version, given=PriceList.model_validate(row.content), by=row.by, at=row.at
            )
            for row in rows
        )
