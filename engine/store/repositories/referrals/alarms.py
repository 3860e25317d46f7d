"""Alarm topics raised by referrals, and who acknowledged them.

Late is worked out from the clock, never stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Text, cast, or_, select, update
from sqlmodel import Session, col

from engine.domain.cases.involvement import Alarm, OpenAlarm
from engine.domain.cases.lifecycle import State
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.store.repositories.access.restrictions import restricted_involvements
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import AlarmRow, InvolvementRow


class Alarms:
    """Reads alarms, and notes who took one up."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, reference: str) -> Alarm:
        """Return its alarm topics and who acknowledged them."""
        return self.many([reference])[reference]

    def many(self, references: Sequence[str]) -> dict[str, Alarm]:
        """Return the alarms of several involvements at once."""
        rows = self._session.execute(
            select(col(InvolvementRow.ref), AlarmRow)
            .join(AlarmRow, col(AlarmRow.involvement_id) == col(InvolvementRow.id))
            .where(col(InvolvementRow.ref).in_(references))
        ).all()
        return {ref: _alarm(row) for ref, row in rows}

    def open(self, *, due_before: datetime | None = None) -> dict[str, OpenAlarm]:
        """Return every raised alarm not acknowledged, or those due before then or on restricted cases."""
        reference, due = col(InvolvementRow.ref), col(AlarmRow.due_at)
        query = (
            select(
                reference,
                cast(col(AlarmRow.answers), Text),
                due,
                col(AlarmRow.escalated_at),
                col(InvolvementRow.state) != State.NOT_SCREENED.value,
            )
            .join(AlarmRow, col(AlarmRow.involvement_id) == col(InvolvementRow.id))
            .where(col(AlarmRow.is_raised), col(AlarmRow.acknowledged_by).is_(None))
            .order_by(due)
        )
        if due_before is not None:
            is_restricted = col(InvolvementRow.id).in_(restricted_involvements())
            query = query.where(or_(due < due_before, is_restricted))
        raised = cache(_raised)  # thousands have the same few answers
        return {
            ref: OpenAlarm(raised(answers), due_at, escalated_at, bool(is_screened))
            for ref, answers, due_at, escalated_at, is_screened in self._session.execute(query)
        }

    def acknowledge(self, reference: str, *, by: str, at: datetime) -> None:
        """Acknowledge the alarm in a named person's name; the first one stays.

        Raises NotFoundError if the referral does not exist.
        """
        self._session.execute(
            update(AlarmRow)
            .where(
                col(AlarmRow.involvement_id) == involvement_id(self._session, reference),
                col(AlarmRow.acknowledged_by).is_(None),
            )
            .values(acknowledged_by=by, acknowledged_at=at)
        )

    def record_escalation(self, reference: str, *, at: datetime) -> bool:
        """Note once that the chair was informed; return whether this call was the first.

        Raises NotFoundError if the referral does not exist.
        """
        changed = self._session.execute(
            update(AlarmRow)
            .where(
                col(AlarmRow.involvement_id) == involvement_id(self._session, reference),
                col(AlarmRow.escalated_at).is_(None),
                col(AlarmRow.acknowledged_by).is_(None),
            )
            .values(escalated_at=at)
            .returning(col(AlarmRow.id))
        ).all()
        return bool(changed)


def _alarm(row: AlarmRow) -> Alarm:
    return Alarm(
        answers=AlarmAnswers.model_validate(row.answers),
        due_at=row.due_at,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
        escalated_at=row.escalated_at,
    )


def _raised(answers: str) -> tuple[AlarmTopic, ...]:
    return AlarmAnswers.model_validate_json(answers).raised
