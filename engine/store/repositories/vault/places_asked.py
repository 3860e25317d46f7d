"""Stored records of what was found about writers who named many places; the texts sealed. Decides nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.vault.many_places import AskedGiven, AskedStored, AskedWhom, FoundReason
from engine.domain.vault.sealing import Seals
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.references import unused_references
from engine.store.repositories.vault.key_rotation import hold_keys, places_asked_row
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.vault.protected import PlacesAskedRow


class PlacesAsked:
    """Store of these records, by case and writer."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def add(
        self, case: str, given: AskedGiven, *, text: str, newest: int, by: str, owner: str, at: datetime
    ) -> str:
        """Store what was found, with its owner; return its reference."""
        (ref,) = unused_references(self._session, "protected detail", col(PlacesAskedRow.ref), 1)
        hold_keys(self._session)
        self._session.add(
            PlacesAskedRow(
                ref=ref,
                involvement_ref=case,
                writer=given.writer,
                asked=given.asked.value,
                asked_on=given.asked_on,
                found=given.found.value,
                newest=newest,
                content=self._seals.seal(text.encode(), row=places_asked_row(ref, case)),
                by=by,
                owner=owner,
                at=at,
            )
        )
        self._session.flush()
        return ref

    def since(self, at: datetime, part: VisibilityFilter) -> tuple[AskedStored, ...]:
        """Return what was recorded since this instant on cases of this part of the record, oldest first."""
        case = aliased(InvolvementRow)
        there = exists().where(
            col(case.ref) == col(PlacesAskedRow.involvement_ref), *part.of_each(col(case.id))
        )
        rows = self._session.execute(
            select(PlacesAskedRow).where(col(PlacesAskedRow.at) >= at, there).order_by(col(PlacesAskedRow.id))
        ).scalars()
        return tuple(
            AskedStored(
                reference=row.ref,
                case=row.involvement_ref,
                writer=row.writer,
                asked=AskedWhom(row.asked),
                asked_on=row.asked_on,
                found=FoundReason(row.found),
                newest=row.newest,
                by=row.by,
                at=row.at,
            )
            for row in rows
        )

    def text_of(self, record: AskedStored) -> str | None:
        """Return the text of a record; None once it was erased."""
        sealed: bytes | None = self._session.execute(
            select(col(PlacesAskedRow.content)).where(col(PlacesAskedRow.ref) == record.reference)
        ).scalar()
        if sealed is None:
            return None
        return self._seals.unsealed(sealed, row=places_asked_row(record.reference, record.case)).decode()
