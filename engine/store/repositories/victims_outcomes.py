"""Victims' outcomes and own descriptions. Decides nothing about who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from engine.domain.outcomes.described import DescriptionGiven, StoredDescription
from engine.domain.outcomes.victims import Moment, StoredVictimOutcome, VictimOutcomeGiven
from engine.store.repositories.access.restrictions import not_restricted
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.victims_outcomes import VictimDescriptionRow, VictimOutcomeRow

_OfVictim = TypeVar("_OfVictim", VictimOutcomeRow, VictimDescriptionRow)
ERASED = "erased_by"


class VictimsOutcomes:
    """Adds and reads victims' outcomes and descriptions; the newest version of each applies."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reference: str, given: VictimOutcomeGiven, *, agency: str, by: str, at: datetime) -> int:
        """Store an entry and return its version for its moment. Raises NotFoundError without the case."""
        case = involvement_id(self._session, reference)
        moment = given.moment.value
        version = self._next(VictimOutcomeRow, case, col(VictimOutcomeRow.moment) == moment)
        self._session.add(
            VictimOutcomeRow(
                involvement_id=case,
                moment=moment,
                version=version,
                agency=agency,
                content=given.model_dump(mode="json"),
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return version

    def describe(self, reference: str, given: DescriptionGiven, *, agency: str, by: str, at: datetime) -> int:
        """Store a description and return its version. Raises NotFoundError if there is no such case."""
        case = involvement_id(self._session, reference)
        version = self._next(VictimDescriptionRow, case)
        self._session.add(
            VictimDescriptionRow(
                involvement_id=case,
                version=version,
                agency=agency,
                content=given.model_dump(mode="json"),
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return version

    def of(self, reference: str) -> tuple[StoredVictimOutcome, ...]:
        """Return the newest entry of each moment of one case that is not erased."""
        rows = self._newest(VictimOutcomeRow, col(InvolvementRow.ref) == reference)
        found = {
            Moment(row.moment): StoredVictimOutcome(
                given=VictimOutcomeGiven.model_validate(row.content),
                version=row.version,
                agency=row.agency,
                by=row.by,
                at=row.at,
            )
            for _, row in rows
            if ERASED not in row.content
        }
        return tuple(found[moment] for moment in Moment if moment in found)

    def description_of(self, reference: str) -> StoredDescription | None:
        """Return the newest description on one case, if there is one that is not erased."""
        rows = self._newest(VictimDescriptionRow, col(InvolvementRow.ref) == reference)
        return next(
            (
                StoredDescription(
                    given=DescriptionGiven.model_validate(row.content),
                    version=row.version,
                    agency=row.agency,
                    by=row.by,
                    at=row.at,
                )
                for _, row in rows[:1]
                if ERASED not in row.content
            ),
            None,
        )

    def counted(self) -> dict[str, dict[Moment, VictimOutcomeGiven]]:
        """Return, by case, the newest entries of every case that is not restricted."""
        found: dict[str, dict[Moment, VictimOutcomeGiven]] = {}
        for case, row in self._newest(VictimOutcomeRow, not_restricted(col(InvolvementRow.id))):
            if ERASED not in row.content:
                given = VictimOutcomeGiven.model_validate(row.content)
                found.setdefault(case, {})[given.moment] = given
        return found

    def described(self) -> dict[str, DescriptionGiven]:
        """Return, by case, the newest description of every case that is not restricted."""
        return {
            case: DescriptionGiven.model_validate(row.content)
            for case, row in self._newest(VictimDescriptionRow, not_restricted(col(InvolvementRow.id)))
            if ERASED not in row.content
        }

    def _next(self, table: type[_OfVictim], case: int, *also: ColumnElement[bool]) -> int:
        query = select(func.max(col(table.version))).where(col(table.involvement_id) == case, *also)
        return 1 + int(self._session.execute(query).scalar_one() or 0)

    def _newest(self, table: type[_OfVictim], which: ColumnElement[bool]) -> Sequence[tuple[str, _OfVictim]]:
        """Return the newest row of each case, and of each moment where it has moments."""
        rows = self._session.execute(
            select(col(InvolvementRow.ref), table)
            .join(table, col(table.involvement_id) == col(InvolvementRow.id))
            .where(which)
            .order_by(col(table.version))
        ).all()
        newest: dict[tuple[str, str], tuple[str, _OfVictim]] = {}
        for case, row in rows:
            moment = row.moment if isinstance(row, VictimOutcomeRow) else ""
            newest[case, moment] = (case, row)
        return list(newest.values())
