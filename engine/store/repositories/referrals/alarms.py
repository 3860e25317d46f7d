"""Alarm topics raised by referrals, and who acknowledged them.

Late is worked out from the clock, never stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, and_, cast, func, or_, select, update
from sqlmodel import Session, col

from engine.domain.cases.involvement import Alarm, OpenAlarm
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.store.among import among
from engine.store.repositories.access.restrictions import restricted_involvements
from engine.store.repositories.access.visibility import VisibilityFilter
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
            .where(among(col(InvolvementRow.ref), references))
        ).all()
        return {ref: _alarm(row) for ref, row in rows}

    def open(self) -> dict[str, OpenAlarm]:
        """Return every raised alarm not acknowledged, those due first before the others."""
        return self._open(_conditions(), order=(col(AlarmRow.due_at),), most=None)

    def first_open(
        self, may_know: VisibilityFilter, *, at: datetime, most: int, late: bool = False
    ) -> dict[str, OpenAlarm]:
        """Return so many of those in this part of the record, those due first before the others.

        ``late`` is for those that are past due at that moment, or on restricted cases. One without a time is
        due at that moment.
        """
        conditions = [*_conditions(at if late else None), *may_know.of(col(InvolvementRow.id))]
        due = func.coalesce(col(AlarmRow.due_at), at)
        return self._open(conditions, order=(due, col(InvolvementRow.id)), most=most)

    def count_open(self, may_know: VisibilityFilter, *, at: datetime, late: bool = False) -> tuple[int, int]:
        """Return the number of the same, and of those among them that are past due at that moment."""
        query = (
            select(func.count(), func.count().filter(col(AlarmRow.due_at) < at))
            .select_from(InvolvementRow)
            .join(AlarmRow, col(AlarmRow.involvement_id) == col(InvolvementRow.id))
            .where(*_conditions(at if late else None), *may_know.of(col(InvolvementRow.id)))
        )
        number, past_due = self._session.execute(query).one()
        return int(number), int(past_due)

    def _open(
        self,
        conditions: Sequence[ColumnElement[bool]],
        *,
        order: Sequence[SQLColumnExpression[object]],
        most: int | None,
    ) -> dict[str, OpenAlarm]:
        query = (
            select(
                col(InvolvementRow.ref),
                cast(col(AlarmRow.answers), Text),
                col(AlarmRow.due_at),
                col(AlarmRow.escalated_at),
            )
            .join(AlarmRow, col(AlarmRow.involvement_id) == col(InvolvementRow.id))
            .where(*conditions)
            .order_by(*order)
            .limit(most)
        )
        raised = cache(_raised)  # thousands have the same few answers
        return {
            ref: OpenAlarm(raised(answers), due_at, escalated_at)
            for ref, answers, due_at, escalated_at in self._session.execute(query)
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


def _conditions(late_at: datetime | None = None) -> list[ColumnElement[bool]]:
    is_open = and_(col(AlarmRow.is_raised), col(AlarmRow.acknowledged_by).is_(None))
    if late_at is None:
        return [is_open]
    is_restricted = col(InvolvementRow.id).in_(restricted_involvements())
    return [is_open, or_(col(AlarmRow.due_at) < late_at, is_restricted)]


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
