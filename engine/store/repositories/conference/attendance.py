"""Attendance at conferences, and the items that decisions were recorded in. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.conference.attendance import AttendanceAct, AttendanceRecord, Quorum
from engine.store.among import among
from engine.store.repositories.cases.involvements import once_in_reading
from engine.store.repositories.conference import statements
from engine.store.repositories.conference.statements import conference_id
from engine.store.tables.conference import (
    AgendaItemRow,
    AttendanceRow,
    ConferenceRecordRow,
    DecisionInConferenceRow,
    DecisionQuorumRow,
    DecisionRow,
)


class ConferenceAttendance:
    """Adds and reads what is recorded of people and agencies at conferences."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, conference: str, record: AttendanceRecord) -> None:
        """Store one record. Raises NotFoundError if the conference does not exist."""
        self._session.add(
            AttendanceRow(
                conference_id=conference_id(self._session, conference),
                act=record.act.value,
                user_name=record.user,
                name=record.name,
                agency=record.agency,
                is_observer=record.is_observer,
                happened_at=record.happened_at,
                by=record.by,
                at=record.at,
            )
        )
        self._session.flush()

    def of(self, conference: str) -> tuple[AttendanceRecord, ...]:
        """Return the records of a conference, as they were recorded. Raises NotFoundError."""
        return once_in_reading(self._session, f"attendance of {conference}", lambda: self._of(conference))

    def _of(self, conference: str) -> tuple[AttendanceRecord, ...]:
        one = {"conference": conference_id(self._session, conference)}
        rows = self._session.connection().execute(statements.attendance(), one).all()
        return tuple(
            AttendanceRecord(
                act=AttendanceAct(act),
                user=user,
                name=name,
                agency=agency,
                is_observer=is_observer,
                happened_at=happened_at,
                by=by,
                at=at,
            )
            for act, user, name, agency, is_observer, happened_at, by, at in rows
        )

    def note_decision(self, conference: str, item: int, decision: str, quorum: Quorum) -> None:
        """Store the item that a decision was recorded in, and its quorum. Raises NotFoundError."""
        item_id = self._session.execute(
            select(col(AgendaItemRow.id)).where(
                col(AgendaItemRow.conference_id) == conference_id(self._session, conference),
                col(AgendaItemRow.number) == item,
            )
        ).scalar_one()
        decision_id = self._session.execute(
            select(col(DecisionRow.id)).where(col(DecisionRow.ref) == decision)
        ).scalar_one()
        self._session.add(
            DecisionInConferenceRow(
                decision_id=int(decision_id or 0), item_id=int(item_id or 0), missing=list(quorum.missing)
            )
        )
        self._session.flush()

    def note_alone(self, decision: str, quorum: Quorum) -> None:
        """Store the quorum of a decision that no conference recorded."""
        decision_id = self._session.execute(
            select(col(DecisionRow.id)).where(col(DecisionRow.ref) == decision)
        ).scalar_one()
        self._session.add(
            DecisionQuorumRow(
                decision_id=int(decision_id or 0),
                conference_id=None,
                missing=list(quorum.missing),
            )
        )
        self._session.flush()

    def note_same(self, before: str, after: str) -> None:
        """Store for a decision the item and the quorum of an earlier one, if that has them."""
        earlier, later = aliased(DecisionRow), aliased(DecisionRow)
        found = self._session.execute(
            select(DecisionInConferenceRow, col(later.id))
            .join(earlier, col(earlier.id) == col(DecisionInConferenceRow.decision_id))
            .join(later, col(later.ref) == after)
            .where(col(earlier.ref) == before)
        ).one_or_none()
        if found is not None:
            row, number = found
            self._session.add(
                DecisionInConferenceRow(decision_id=number, item_id=row.item_id, missing=list(row.missing))
            )
        alone = self._session.execute(
            select(DecisionQuorumRow, col(later.id))
            .join(earlier, col(earlier.id) == col(DecisionQuorumRow.decision_id))
            .join(later, col(later.ref) == after)
            .where(col(earlier.ref) == before)
        ).one_or_none()
        if alone is not None:
            same, number = alone
            self._session.add(
                DecisionQuorumRow(
                    decision_id=number, conference_id=same.conference_id, missing=list(same.missing)
                )
            )
        self._session.flush()

    def conference_of(self, decision: str) -> str | None:
        """Return the conference that recorded a decision, in an item or not; None if none did."""
        in_item = (
            select(col(ConferenceRecordRow.ref))
            .join(AgendaItemRow, col(AgendaItemRow.conference_id) == col(ConferenceRecordRow.id))
            .join(DecisionInConferenceRow, col(DecisionInConferenceRow.item_id) == col(AgendaItemRow.id))
            .join(DecisionRow, col(DecisionRow.id) == col(DecisionInConferenceRow.decision_id))
            .where(col(DecisionRow.ref) == decision)
        )
        alone = (
            select(col(ConferenceRecordRow.ref))
            .join(DecisionQuorumRow, col(DecisionQuorumRow.conference_id) == col(ConferenceRecordRow.id))
            .join(DecisionRow, col(DecisionRow.id) == col(DecisionQuorumRow.decision_id))
            .where(col(DecisionRow.ref) == decision)
        )
        return self._session.execute(in_item.union(alone)).scalar()

    def quorums(self, decisions: Sequence[str]) -> dict[str, Quorum]:
        """Return the quorum of each of these decisions that has one."""
        in_items = (
            select(col(DecisionRow.ref), col(DecisionInConferenceRow.missing))
            .join(DecisionRow, col(DecisionRow.id) == col(DecisionInConferenceRow.decision_id))
            .where(among(col(DecisionRow.ref), decisions))
        )
        alone = (
            select(col(DecisionRow.ref), col(DecisionQuorumRow.missing))
            .join(DecisionRow, col(DecisionRow.id) == col(DecisionQuorumRow.decision_id))
            .where(among(col(DecisionRow.ref), decisions))
        )
        rows = self._session.execute(in_items.union_all(alone)).all()
        return {ref: Quorum(missing=tuple(missing)) for ref, missing in rows}

    def decisions_in(self, conference: str) -> dict[int, tuple[str, ...]]:
        """Return by item the decisions that were recorded in it, oldest first. Raises NotFoundError."""
        rows = self._session.execute(
            select(col(AgendaItemRow.number), col(DecisionRow.ref))
            .join(DecisionInConferenceRow, col(DecisionInConferenceRow.item_id) == col(AgendaItemRow.id))
            .join(DecisionRow, col(DecisionRow.id) == col(DecisionInConferenceRow.decision_id))
            .where(col(AgendaItemRow.conference_id) == conference_id(self._session, conference))
            .order_by(col(DecisionInConferenceRow.id))
        ).all()
        found: dict[int, list[str]] = {}
        for item, decision in rows:
            found.setdefault(item, []).append(decision)
        return {item: tuple(decisions) for item, decisions in found.items()}
