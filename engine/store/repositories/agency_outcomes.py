"""Requests to agencies for outcomes, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.outcomes.agency_outcomes import OutcomesAsked, OutcomesFound, OutcomesResult, OutcomeWindow
from engine.domain.outcomes.follow_up import Censoring
from engine.domain.responses.answers import FailureReason, RefusalGround
from engine.store.among import among
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.agency_outcomes import OutcomeReturnRow, OutcomeReturnStepRow
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import DecisionRow
from engine.store.tables.outcomes import OutcomeRow
from engine.store.tables.responses.answers import RequestRow
from engine.store.tables.rights.retention import ErasureRow

_NOT_FOLLOWED = tuple(each.value for each in Censoring if each is not Censoring.IN_CUSTODY)
_NO_ANSWER = (OutcomesResult.FAILED.value, OutcomesResult.NO_HOOK.value)


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

    def due(
        self,
        *,
        asked_before: datetime,
        failed_before: datetime,
        decided_after: datetime,
        references: Sequence[str] | None = None,
    ) -> tuple[tuple[str, str], ...]:
        """Return each case and agency that is to be asked now, those with the oldest decision first.

        The panel decided between the last two moments. The agency was asked about the case itself, and not
        for outcomes since the first moment, or it failed before the second. What it gave last does not wait
        for its release. Nothing of the case was erased, and its follow-up has not ended.
        """
        newest = (
            select(func.max(col(OutcomeReturnRow.id)).label("number"))
            .group_by(col(OutcomeReturnRow.involvement_id), col(OutcomeReturnRow.agency))
            .subquery()
        )
        last = aliased(OutcomeReturnRow)
        decided = (
            select(col(DecisionRow.involvement_id).label("number"), func.min(DecisionRow.at).label("at"))
            .group_by(col(DecisionRow.involvement_id))
            .subquery()
        )
        correction = aliased(OutcomeRow)
        ended = exists().where(
            col(OutcomeRow.involvement_id) == col(InvolvementRow.id),
            col(OutcomeRow.censored).in_(_NOT_FOLLOWED),
            ~exists().where(col(correction.replaces) == col(OutcomeRow.ref)),
        )
        was_erased = exists().where(col(ErasureRow.involvement_id) == col(InvolvementRow.id))
        query = (
            select(col(InvolvementRow.ref), col(RequestRow.agency))
            .join(decided, decided.c.number == col(InvolvementRow.id))
            .join(RequestRow, col(RequestRow.involvement_id) == col(InvolvementRow.id))
            .outerjoin(
                last,
                and_(
                    col(last.involvement_id) == col(InvolvementRow.id),
                    col(last.agency) == col(RequestRow.agency),
                    col(last.id).in_(select(newest.c.number)),
                ),
            )
            .outerjoin(OutcomeReturnStepRow, col(OutcomeReturnStepRow.return_id) == col(last.id))
            .where(
                decided.c.at >= decided_after,
                decided.c.at < asked_before,
                or_(
                    col(last.id).is_(None),
                    and_(
                        col(last.at) < asked_before,
                        or_(col(OutcomeReturnStepRow.id).is_not(None), col(last.result).in_(_NO_ANSWER)),
                    ),
                    and_(col(last.at) < failed_before, col(last.result) == OutcomesResult.FAILED.value),
                ),
                ~ended,
                ~was_erased,
            )
            .order_by(decided.c.at, col(InvolvementRow.id), col(RequestRow.agency))
        )
        if references is not None:
            query = query.where(among(col(InvolvementRow.ref), references))
        return tuple((str(ref), str(agency)) for ref, agency in self._session.execute(query))

    def waiting_of(self, agency: str) -> dict[str, datetime]:
        """Return each case where this agency's newest return waits for its release, and since when."""
        later = aliased(OutcomeReturnRow)
        rows = self._session.execute(
            select(col(InvolvementRow.ref), col(OutcomeReturnRow.at))
            .join(InvolvementRow, col(InvolvementRow.id) == col(OutcomeReturnRow.involvement_id))
            .where(
                col(OutcomeReturnRow.agency) == agency,
                col(OutcomeReturnRow.result).not_in(_NO_ANSWER),
                ~exists().where(col(OutcomeReturnStepRow.return_id) == col(OutcomeReturnRow.id)),
                ~exists().where(
                    col(later.involvement_id) == col(OutcomeReturnRow.involvement_id),
                    col(later.agency) == agency,
                    col(later.id) > col(OutcomeReturnRow.id),
                ),
            )
        )
        return {str(ref): at for ref, at in rows}


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
