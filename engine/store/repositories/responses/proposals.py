"""Stored requests to agencies for actions. Holds no text that an agency gave."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.responses.answers import FailureReason, RefusalGround
from engine.domain.responses.proposals import AskedForActions, ProposalOutcome
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.responses.answers import RequestRow
from engine.store.tables.responses.proposals import AskedForActionsRow


class Proposals:
    """Store of the requests to agencies for actions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reference: str, asked: AskedForActions) -> None:
        """Store that an agency was asked for actions about an involvement.

        Raises NotFoundError if the referral does not exist, or its agencies were not asked about it.
        """
        number = involvement_id(self._session, reference)
        request = self._session.execute(
            select(col(RequestRow.id)).where(
                col(RequestRow.involvement_id) == number, col(RequestRow.agency) == asked.agency
            )
        ).scalar_one_or_none()
        if request is None:
            raise NotFoundError("request", f"{reference} to {asked.agency}", instead="ask the agency first")
        self._session.add(
            AskedForActionsRow(
                request_id=request,
                outcome=asked.outcome.value,
                ground=asked.ground.value if asked.ground else None,
                reason=asked.reason.value if asked.reason else None,
                digest=asked.digest,
                plugin_version=asked.plugin_version,
                at=asked.at,
            )
        )
        self._session.flush()

    def newest_of(self, reference: str) -> dict[str, AskedForActions]:
        """Return when each agency was last asked for actions about an involvement, and what became of it.

        Raises NotFoundError if the referral does not exist.
        """
        rows = self._session.execute(
            select(AskedForActionsRow, col(RequestRow.agency))
            .join(RequestRow, col(RequestRow.id) == col(AskedForActionsRow.request_id))
            .where(col(RequestRow.involvement_id) == involvement_id(self._session, reference))
            .order_by(col(AskedForActionsRow.id))
        ).all()
        return {agency: _asked(agency, row) for row, agency in rows}


def _asked(agency: str, row: AskedForActionsRow) -> AskedForActions:
    return AskedForActions(
        agency=agency,
        outcome=ProposalOutcome(row.outcome),
        ground=RefusalGround(row.ground) if row.ground else None,
        reason=FailureReason(row.reason) if row.reason else None,
        digest=row.digest,
        plugin_version=row.plugin_version,
        at=row.at,
    )
