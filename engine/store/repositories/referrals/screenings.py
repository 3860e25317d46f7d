"""Screenings of involvements, in append-only versions."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from engine.domain.cases.involvement import ScreeningRecord
from engine.domain.errors import ConflictError, InvalidInputError, Side
from engine.domain.referrals.screening import Screening
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import ScreeningRow


class Screenings:
    """Adds and reads screenings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def require_newest(self, reference: str, base_version: int, *, by: str, at: datetime) -> None:
        """Refuse a screening that was made on another version than the newest.

        Raises NotFoundError if the referral does not exist, ConflictError where a newer version exists, and
        InvalidInputError where it is made on one that does not.
        """
        there = self.of(reference)
        if there and there[-1].version != base_version:
            raise ConflictError(
                "screening of",
                reference,
                yours=Side(by, at, base_version),
                theirs=Side(there[-1].by, there[-1].at, there[-1].version),
            )
        if not there and base_version:
            raise InvalidInputError("base_version", "it is not screened yet; give version 0 or leave it out")

    def add(self, reference: str, screening: Screening, *, by: str, at: datetime) -> int:
        """Store a screening and return its version. Raises NotFoundError if the referral does not exist."""
        number = involvement_id(self._session, reference)
        version = 1 + len(self.of(reference))
        self._session.add(
            ScreeningRow(
                involvement_id=number,
                version=version,
                content=screening.model_dump(mode="json", exclude={"base_version"}),
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return version

    def of(self, reference: str) -> tuple[ScreeningRecord, ...]:
        """Return its screenings, oldest first. Raises NotFoundError if the referral does not exist."""
        one = {"involvement": involvement_id(self._session, reference)}
        rows = self._session.execute(_on_case(), one).scalars()
        return tuple(
            ScreeningRecord(
                version=row.version, screening=Screening.model_validate(row.content), by=row.by, at=row.at
            )
            for row in rows
        )


@cache
def _on_case() -> Select[ScreeningRow]:
    """Build it once in a process: each page of a case asks for it."""
    return (
        select(ScreeningRow)
        .where(col(ScreeningRow.involvement_id) == bindparam("involvement"))
        .order_by(col(ScreeningRow.version))
    )
