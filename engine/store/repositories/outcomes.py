"""Findings of follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.cases.views import OutcomeView
from engine.domain.dates import PartialDate
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound, OutcomeGiven
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.outcomes import OutcomeRow


class Outcomes:
    """Adds and reads findings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, reference: str, outcome: OutcomeGiven, *, harm: float | None = None, by: str, at: datetime
    ) -> str:
        """Store a finding and return its reference. Raises NotFoundError if the referral does not exist."""
        ref = unused_references(self._session, "outcome", col(OutcomeRow.ref), 1)[0]
        happened = outcome.happened
        self._session.add(
            OutcomeRow(
                ref=ref,
                involvement_id=involvement_id(self._session, reference),
                measure=outcome.measure.value,
                found=outcome.found.value,
                against=outcome.against.value if outcome.against else None,
                happened=_text(happened),
                happened_earliest=happened.earliest if happened else None,
                happened_latest=happened.latest if happened else None,
                looked_until=str(outcome.looked_until),
                looked_until_earliest=outcome.looked_until.earliest,
                looked_in=list(outcome.looked_in),
                censored=outcome.censored.value if outcome.censored else None,
                ended_on=_text(outcome.ended_on),
                agency=outcome.agency,
                offence=outcome.offence,
                offence_row=outcome.offence_row,
                harm=harm,
                is_order_breach=outcome.is_order_breach,
                proved=_text(outcome.proved),
                replaces=outcome.replaces,
                says=outcome.says,
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return ref

    def of(self, references: Sequence[str]) -> dict[str, tuple[OutcomeView, ...]]:
        """Return the findings of these involvements, oldest first."""
        found: dict[str, list[OutcomeView]] = {reference: [] for reference in references}
        for start in range(0, len(references), 500):
            rows = self._session.execute(
                select(col(InvolvementRow.ref), OutcomeRow)
                .join(OutcomeRow, col(OutcomeRow.involvement_id) == col(InvolvementRow.id))
                .where(col(InvolvementRow.ref).in_(references[start : start + 500]))
                .order_by(col(OutcomeRow.id))
            ).all()
            corrected = {row.replaces: row.ref for _, row in rows if row.replaces is not None}
            for ref, row in rows:
                found[ref].append(_outcome(row, corrected.get(row.ref)))
        return {ref: tuple(outcomes) for ref, outcomes in found.items()}


def _text(day: PartialDate | None) -> str | None:
    return str(day) if day is not None else None


def _date(text: str | None) -> PartialDate | None:
    return PartialDate(text) if text else None


def _outcome(row: OutcomeRow, replaced_by: str | None) -> OutcomeView:
    return OutcomeView(
        reference=row.ref,
        measure=Measure(row.measure),
        found=OutcomeFound(row.found),
        against=AgainstWhom(row.against) if row.against else None,
        happened=_date(row.happened),
        looked_until=PartialDate(row.looked_until),
        looked_in=tuple(row.looked_in),
        censored=Censoring(row.censored) if row.censored else None,
        says=row.says,
        by=row.by,
        at=row.at,
        ended_on=_date(row.ended_on),
        agency=row.agency,
        offence=row.offence,
        offence_row=row.offence_row,
        harm=row.harm,
        is_order_breach=row.is_order_breach,
        proved=_date(row.proved),
        replaces=row.replaces,
        replaced_by=replaced_by,
    )
