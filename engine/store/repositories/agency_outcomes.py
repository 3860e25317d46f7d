"""Requests to agencies for outcomes, and what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.outcomes.agency_outcomes import OutcomesAsked, OutcomesFound, OutcomesResult, OutcomeWindow
from engine.domain.responses.answers import FailureReason, RefusalGround
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.agency_outcomes import OutcomeReturnRow, OutcomeReturnStepRow
from engine.store.tables.cases.involvements import InvolvementRow


class AgencyOutcomes:
    """Adds and reads what agencies gave when they were asked for outcomes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reference: str, asked: OutcomesAsked) -> None:
        """Store that an agency was asked. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            OutcomeReturnRow(
                involvement_id=involvement_id(self._session, reference),
                agency=asked.agency,
                since=asked.window.since,
                until=asked.window.until,
                result=asked.result.value,
                found=asked.found.model_dump(mode="json") if asked.found else None,
                ground=asked.ground.value if asked.ground else None,
                reason=asked.reason.value if asked.reason else None,
                plugin_version=asked.plugin_version,
                at=asked.at,
            )
        )
        self._session.flush()

    def add_step(
        self, reference: str, agency: str, *, is_released: bool, by: str | None, at: datetime
    ) -> None:
        """Store the release of an agency's newest return, or that it was withheld.

        Raises NotFoundError where the agency has given none.
        """
        number = self._session.execute(
            select(col(OutcomeReturnRow.id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(OutcomeReturnRow.involvement_id))
            .where(col(InvolvementRow.ref) == reference, col(OutcomeReturnRow.agency) == agency)
            .order_by(col(OutcomeReturnRow.id).desc())
            .limit(1)
        ).scalar_one_or_none()
        if number is None:
            raise NotFoundError("outcomes", f"{reference} of {agency}", instead="ask the agency first")
        self._session.add(OutcomeReturnStepRow(return_id=number, is_released=is_released, by=by, at=at))
        self._session.flush()

    def newest_of(self, reference: str) -> dict[str, OutcomesAsked]:
        """Return the newest return of each agency about an involvement."""
        rows = self._session.execute(
            select(OutcomeReturnRow, OutcomeReturnStepRow)
            .join(InvolvementRow, col(InvolvementRow.id) == col(OutcomeReturnRow.involvement_id))
            .outerjoin(OutcomeReturnStepRow, col(OutcomeReturnStepRow.return_id) == col(OutcomeReturnRow.id))
            .where(col(InvolvementRow.ref) == reference)
            .order_by(col(OutcomeReturnRow.id))
        ).all()
        return {row.agency: _asked(row, step) for row, step in rows}


def _asked(row: OutcomeReturnRow, step: OutcomeReturnStepRow | None) -> OutcomesAsked:
    return OutcomesAsked(
        agency=row.agency,
        window=OutcomeWindow(since=row.since, until=row.until),
        result=OutcomesResult(row.result),
        found=OutcomesFound.model_validate(row.found) if row.found is not None else None,
        ground=RefusalGround(row.ground) if row.ground else None,
        reason=FailureReason(row.reason) if row.reason else None,
        plugin_version=row.plugin_version,
        at=row.at,
        released=step.is_released if step else None,
        released_by=step.by if step else None,
        released_at=step.at if step else None,
    )
