"""Alarm topics raised by referrals, and who acknowledged them.

Late is worked out from the clock, never stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, and_, cast, func, or_, select, update
from sqlmodel import Session, col

from engine.domain.alarms import STAC_OWNER
from engine.domain.cases.involvement import Alarm, OpenAlarm, TakenBack
from engine.domain.referrals.intake import TYPED, AlarmAnswers, AlarmTopic
from engine.store.among import among
from engine.store.repositories.access.restrictions import restricted_involvements
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import AlarmRow, InvolvementRow, ReferralVersionRow


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
        taken_back = self._taken_back([ref for ref, _ in rows])
        return {ref: _alarm(row, taken_back.get(ref, ())) for ref, row in rows}

    def to_acknowledge(self, references: Sequence[str]) -> dict[str, datetime]:
        """Return when each of these is due whose alarm is raised and not acknowledged; its topics not read.

        One from before alarms had times is left out.
        """
        query = (
            select(col(InvolvementRow.ref), col(AlarmRow.due_at))
            .join(AlarmRow, col(AlarmRow.involvement_id) == col(InvolvementRow.id))
            .where(among(col(InvolvementRow.ref), references), *_conditions())
        )
        return {ref: at for ref, at in self._session.execute(query) if at is not None}

    def open(self) -> dict[str, OpenAlarm]:
        """Return every raised alarm not acknowledged, those due first before the others."""
        return self._open(_conditions(), order=(col(AlarmRow.due_at),), most=None)

    def first_open(
        self, may_know: VisibilityFilter, *, at: datetime, most: int, late: bool = False
    ) -> dict[str, OpenAlarm]:
        """Return so many of those in this part of the record, those due first before the others.

        ``late`` is for those that are past due at that moment, on restricted cases, or typed by coordinators,
        who do not acknowledge their own. One without a time is due at that moment.
        """
        conditions = [*_conditions(at if late else None), *may_know.of_each(col(AlarmRow.involvement_id))]
        due = func.coalesce(col(AlarmRow.due_at), at)
        return self._open(conditions, order=(due, col(InvolvementRow.id)), most=most)

    def count_open(self, may_know: VisibilityFilter, *, at: datetime, late: bool = False) -> tuple[int, int]:
        """Return the number of the same, and of those among them that are past due at that moment."""
        query = (
            select(func.count(), func.count().filter(col(AlarmRow.due_at) < at))
            .select_from(InvolvementRow)
            .join(AlarmRow, col(AlarmRow.involvement_id) == col(InvolvementRow.id))
            .where(*_conditions(at if late else None), *may_know.of_each(col(AlarmRow.involvement_id)))
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
        rows = self._session.execute(query).all()
        taken_back = self._taken_back([ref for ref, *_ in rows])
        return {
            ref: OpenAlarm(raised(answers), due_at, escalated_at, taken_back.get(ref, ()))
            for ref, answers, due_at, escalated_at in rows
        }

    def _taken_back(self, references: Sequence[str]) -> dict[str, tuple[TakenBack, ...]]:
        """Return the topics that a version of each referral raised and the newest does not, with when."""
        number, of = col(InvolvementRow.id), col(ReferralVersionRow.involvement_id)
        corrected = select(of).where(col(ReferralVersionRow.version) > 1)
        query = (
            select(
                col(InvolvementRow.ref),
                col(InvolvementRow.source),
                cast(col(ReferralVersionRow.content)["alarms"], Text),
                col(ReferralVersionRow.received_at),
            )
            .join(ReferralVersionRow, of == number)
            .where(among(col(InvolvementRow.ref), references), number.in_(corrected))
            .order_by(number, col(ReferralVersionRow.version))
        )
        found: dict[str, dict[AlarmTopic, TakenBack | None]] = {}
        for ref, source, alarms, at in self._session.execute(query) if references else ():
            since, raised = found.setdefault(ref, {}), _raised(alarms) if alarms else ()
            for topic in since:
                if topic in raised:
                    since[topic] = None
                elif since[topic] is None:
                    since[topic] = TakenBack(topic=topic, by=source, at=at)
            since |= dict.fromkeys(raised)
        return {ref: tuple(filter(None, topics.values())) for ref, topics in found.items()}

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
    is_own = and_(
        col(InvolvementRow.source) == STAC_OWNER,
        col(InvolvementRow.source_reference).startswith(TYPED, autoescape=True),
    )
    return [is_open, or_(col(AlarmRow.due_at) < late_at, is_restricted, is_own)]


def _alarm(row: AlarmRow, taken_back: tuple[TakenBack, ...]) -> Alarm:
    return Alarm(
        was_raised=row.is_raised,
        taken_back=taken_back,
        answers=AlarmAnswers.model_validate(row.answers),
        due_at=row.due_at,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
        escalated_at=row.escalated_at,
    )


def _raised(answers: str) -> tuple[AlarmTopic, ...]:
    return AlarmAnswers.model_validate_json(answers).raised
