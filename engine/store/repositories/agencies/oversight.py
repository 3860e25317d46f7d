"""Stored facts about agencies: suspensions, chases, look-ups on arrival. Knows no answer, counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, func, literal, or_, select
from sqlmodel import Session, col

from engine.domain.agencies.health import Chase, ChasedHow, Suspension
from engine.domain.agencies.people import PersonHeld
from engine.domain.cases.lifecycle import State
from engine.domain.errors import NotFoundError
from engine.domain.referrals.arrival import ArrivalOutcome, LookedUp
from engine.store.granting import is_proven, with_check
from engine.store.repositories.access.restrictions import not_restricted
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.agencies import AgencySuspensionRow, ArrivalLookUpRow, ChaseRow
from engine.store.tables.cases.involvements import InvolvementRow, ReferralVersionRow
from engine.store.tables.responses.answers import RequestRow


@cache
def _newest_words() -> Select[*tuple[object, ...]]:
    """Build the statement once, since it is read before every asking."""
    newest = select(func.max(AgencySuspensionRow.id)).group_by(col(AgencySuspensionRow.agency))
    return with_check(AgencySuspensionRow).where(col(AgencySuspensionRow.id).in_(newest))


class AgenciesWatched:
    """Store of the watch over agencies; the newest decision on an agency applies."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def suspensions(self) -> dict[str, Suspension]:
        """Return the newest decision on each agency that was ever suspended, resumed ones too.

        One that the software did not write suspends.
        """
        rows = self._session.connection().execute(_newest_words()).all()
        return {
            row.agency: Suspension(
                agency=row.agency,
                is_suspended=row.is_suspended or not is_proven(self._session, AgencySuspensionRow, row),
                why=row.why,
                by=row.by,
                at=row.at,
            )
            for row in rows
        }

    def suspended(self) -> frozenset[str]:
        """Return the agencies that are suspended now."""
        return frozenset(code for code, suspension in self.suspensions().items() if suspension.is_suspended)

    def store_suspension(self, suspension: Suspension) -> None:
        """Add a decision on an agency."""
        self._session.add(
            AgencySuspensionRow(
                agency=suspension.agency,
                is_suspended=suspension.is_suspended,
                why=suspension.why,
                by=suspension.by,
                at=suspension.at,
            )
        )
        self._session.flush()

    def store_chase(self, chase: Chase) -> None:
        """Add a reminder of a request. Raises NotFoundError where that agency was not asked."""
        request = self._session.execute(
            select(col(RequestRow.id)).where(
                col(RequestRow.involvement_id) == involvement_id(self._session, chase.involvement),
                col(RequestRow.agency) == chase.agency,
            )
        ).scalar_one_or_none()
        if request is None:
            raise NotFoundError(
                "request",
                f"{chase.involvement} to {chase.agency}",
                instead="this agency was not asked",
            )
        self._session.add(ChaseRow(request_id=request, how=chase.how.value, by=chase.by, at=chase.at))
        self._session.flush()

    def chases(self, references: Sequence[str]) -> dict[tuple[str, str], tuple[Chase, ...]]:
        """Return the reminders on these involvements, by involvement and agency, oldest first."""
        found: dict[tuple[str, str], tuple[Chase, ...]] = {}
        for start in range(0, len(references), 500):
            rows = self._session.execute(
                select(ChaseRow, col(InvolvementRow.ref), col(RequestRow.agency))
                .join(RequestRow, col(RequestRow.id) == col(ChaseRow.request_id))
                .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(references[start : start + 500]))
                .order_by(col(ChaseRow.id))
            ).all()
            for row, reference, agency in rows:
                chase = Chase(
                    involvement=reference, agency=agency, how=ChasedHow(row.how), by=row.by, at=row.at
                )
                found[reference, agency] = (*found.get((reference, agency), ()), chase)
        return found

    def store_look_up(self, looked: LookedUp) -> None:
        """Add the result of an agency's look-up on arrival.

        Raises NotFoundError if the referral does not exist.
        """
        self._session.add(
            ArrivalLookUpRow(
                involvement_id=involvement_id(self._session, looked.involvement),
                agency=looked.agency,
                outcome=looked.outcome.value,
                found=[held.model_dump(mode="json") for held in looked.found],
                plugin_version=looked.plugin_version,
                at=looked.at,
            )
        )
        self._session.flush()

    def look_ups(self, agency: str, state: State) -> tuple[LookedUp, ...]:
        """Return the newest look-up of this one agency on each involvement in a state,
        oldest involvement first.

        Another agency's cannot be read without naming it, and all cannot be read together.
        """
        rows = self._session.execute(
            select(ArrivalLookUpRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ArrivalLookUpRow.involvement_id))
            .where(
                col(ArrivalLookUpRow.agency) == agency,
                col(InvolvementRow.state) == state.value,
                not_restricted(col(InvolvementRow.id)),
            )
            .order_by(col(ArrivalLookUpRow.id))
        ).all()
        newest = {reference: _looked(row, reference) for row, reference in rows}
        return tuple(newest[reference] for reference in sorted(newest, key=lambda ref: newest[ref].at))

    def to_look_up(
        self, agency: str, state: State, *, failed_before: datetime, at_most: int
    ) -> tuple[str, ...]:
        """Return involvements in a state that this agency has not looked up in their present form,
        the newest first.

        A failed look-up is tried again when it failed before then; a correction is looked up again. A
        restricted one is not looked up.
        """
        told_at = (
            select(func.max(ReferralVersionRow.received_at))
            .where(col(ReferralVersionRow.involvement_id) == col(InvolvementRow.id))
            .correlate(InvolvementRow)
            .scalar_subquery()
        )
        done = select(literal(1)).where(
            col(ArrivalLookUpRow.involvement_id) == col(InvolvementRow.id),
            col(ArrivalLookUpRow.agency) == agency,
            col(ArrivalLookUpRow.at) >= told_at,
            or_(
                col(ArrivalLookUpRow.outcome) != ArrivalOutcome.FAILED.value,
                col(ArrivalLookUpRow.at) >= failed_before,
            ),
        )
        return tuple(
            self._session.execute(
                select(col(InvolvementRow.ref))
                .where(
                    col(InvolvementRow.state) == state.value,
                    not_restricted(col(InvolvementRow.id)),
                    ~done.exists(),
                )
                .order_by(col(InvolvementRow.id).desc())
                .limit(at_most)
            ).scalars()
        )


def _looked(row: ArrivalLookUpRow, reference: str) -> LookedUp:
    return LookedUp(
        involvement=reference,
        agency=row.agency,
        outcome=ArrivalOutcome(row.outcome),
        found=tuple(PersonHeld.model_validate(held) for held in row.found),
        plugin_version=row.plugin_version,
        at=row.at,
    )
