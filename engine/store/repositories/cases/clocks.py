"""Moments that clocks of a case are counted from: it came into its state, was screened, was restricted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.access.need_to_know import RestrictedBecause
from engine.domain.cases.lifecycle import STATE_AFTER_TRIAGE, Act, TriageOutcome
from engine.store.among import among
from engine.store.tables.access import RestrictionRow
from engine.store.tables.cases.involvements import InvolvementRow, MoveRow

_OUTCOMES: dict[str, TriageOutcome] = {state.value: outcome for outcome, state in STATE_AFTER_TRIAGE.items()}
"""The outcome of a screening, by the state after it."""


class CaseClocks:
    """Reads them for many cases at once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def entered_state_at(self, references: Collection[str]) -> dict[str, datetime]:
        """Return when each of these involvements came into the state that it is in.

        An act that left it in its state, such as asking agencies again, is not counted. One without a move
        is left out.
        """
        before = col(MoveRow.before)
        query = (
            select(col(InvolvementRow.ref), func.max(col(MoveRow.at)))
            .join(MoveRow, col(MoveRow.involvement_id) == col(InvolvementRow.id))
            .where(
                among(col(InvolvementRow.ref), list(references)),
                col(MoveRow.after) == col(InvolvementRow.state),
                or_(before.is_(None), before != col(MoveRow.after)),
            )
            .group_by(col(InvolvementRow.ref))
        )
        return {reference: at for reference, at in self._session.execute(query).all() if at is not None}

    def last_restricted_at(self, references: Collection[str]) -> dict[str, datetime]:
        """Return when the case of each of these involvements was last restricted, lifted since or not."""
        decided_on = aliased(InvolvementRow)
        query = (
            select(col(InvolvementRow.ref), func.max(col(RestrictionRow.at)))
            .join(decided_on, col(decided_on.episode_id) == col(InvolvementRow.episode_id))
            .join(RestrictionRow, col(RestrictionRow.involvement_id) == col(decided_on.id))
            .where(
                among(col(InvolvementRow.ref), list(references)),
                col(RestrictionRow.because) != RestrictedBecause.LIFTED.value,
            )
            .group_by(col(InvolvementRow.ref))
        )
        return {reference: at for reference, at in self._session.execute(query).all() if at is not None}

    def screenings(self, references: Collection[str]) -> dict[str, list[tuple[TriageOutcome, datetime]]]:
        """Return the outcome and the moment of each screening of these involvements, oldest first.

        A case that is stepped up begins again, as screened for a conference: what was before is over.
        """
        query = (
            select(col(InvolvementRow.ref), col(MoveRow.act), col(MoveRow.after), col(MoveRow.at))
            .join(MoveRow, col(MoveRow.involvement_id) == col(InvolvementRow.id))
            .where(
                among(col(InvolvementRow.ref), list(references)),
                col(MoveRow.act).in_([Act.SCREEN.value, Act.STEP_UP.value]),
            )
            .order_by(col(MoveRow.id))
        )
        found: dict[str, list[tuple[TriageOutcome, datetime]]] = {}
        for reference, act, after, at in self._session.execute(query).all():
            if act == Act.STEP_UP.value:
                found.pop(reference, None)
            if after in _OUTCOMES:
                found.setdefault(reference, []).append((_OUTCOMES[after], at))
        return found

    def stepped_up_at(self, references: Collection[str]) -> dict[str, datetime]:
        """Return when each of these involvements was last stepped up, if it was."""
        query = (
            select(col(InvolvementRow.ref), func.max(col(MoveRow.at)))
            .join(MoveRow, col(MoveRow.involvement_id) == col(InvolvementRow.id))
            .where(among(col(InvolvementRow.ref), list(references)), col(MoveRow.act) == Act.STEP_UP.value)
            .group_by(col(InvolvementRow.ref))
        )
        return {reference: at for reference, at in self._session.execute(query).all() if at is not None}
