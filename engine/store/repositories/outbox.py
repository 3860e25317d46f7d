"""The outbox: flows that must follow a use case, and what the runner last did. Knows no flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from engine.domain.acting import Acting
from engine.store.tables.work import OutboxRow, RunnerRow

LEASE = timedelta(minutes=10)
"""How long a taken row stays with its taker: a run that was killed is taken again after it."""
RUNNER = "runner"
SWEEP = "daily sweep"


class FlowName(StrEnum):
    """The flows that an outbox row may ask for."""

    ASSESS_REFERRAL = "assess_referral"
    AFTER_DECISION = "after_decision"
    REASSESS_CHUNK = "reassess_chunk"


@dataclass(frozen=True)
class OutboxItem:
    """One flow to be run for one subject, set off by somebody."""

    id: int
    flow: FlowName
    subject: str
    acting: Acting
    created_at: datetime
    attempts: int


class Outbox:
    """Adds, takes and ticks off outbox rows."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, flow: FlowName, subject: str, *, acting: Acting, at: datetime) -> None:
        """Ask for a flow. An undone request for the same flow and subject stands for both."""
        waiting = self._session.execute(
            select(col(OutboxRow.id)).where(
                col(OutboxRow.flow) == flow.value,
                col(OutboxRow.subject) == subject,
                col(OutboxRow.done_at).is_(None),
                col(OutboxRow.taken_at).is_(None),
            )
        ).first()
        if waiting is None:
            self._session.add(
                OutboxRow(
                    flow=flow.value, subject=subject, acting=acting.model_dump(mode="json"), created_at=at
                )
            )
            self._session.flush()

    def take(self, *, by: str, at: datetime, subjects: tuple[str, ...] | None = None) -> OutboxItem | None:
        """Take the oldest row that nobody holds, or None. A lease that ran out lets another take it."""
        query = (
            select(OutboxRow)
            .where(
                col(OutboxRow.done_at).is_(None),
                or_(col(OutboxRow.taken_at).is_(None), col(OutboxRow.taken_at) < at - LEASE),
            )
            .order_by(col(OutboxRow.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if subjects is not None:
            query = query.where(col(OutboxRow.subject).in_(subjects))
        row = self._session.execute(query).scalar_one_or_none()
        if row is None:
            return None
        row.taken_at, row.taken_by, row.attempts = at, by, row.attempts + 1
        self._session.add(row)
        self._session.flush()
        return _item(row)

    def finish(self, item_id: int, *, at: datetime) -> None:
        """Tick it off."""
        self._session.execute(update(OutboxRow).where(col(OutboxRow.id) == item_id).values(done_at=at))

    def give_back(self, item_id: int, *, error: str) -> None:
        """It failed: let it be taken again, with the kind of error (never its text)."""
        self._session.execute(
            update(OutboxRow).where(col(OutboxRow.id) == item_id).values(taken_at=None, last_error=error)
        )

    def renew(self, item_id: int, *, by: str, at: datetime) -> None:
        """Its taker is still at work: the lease begins anew."""
        self._session.execute(
            update(OutboxRow)
            .where(
                col(OutboxRow.id) == item_id, col(OutboxRow.taken_by) == by, col(OutboxRow.done_at).is_(None)
            )
            .values(taken_at=at)
        )

    def takers(self) -> frozenset[str]:
        """Who holds a row that is not done."""
        names = self._session.execute(
            select(col(OutboxRow.taken_by)).where(
                col(OutboxRow.done_at).is_(None), col(OutboxRow.taken_at).is_not(None)
            )
        ).scalars()
        return frozenset(name for name in names if name is not None)

    def free(self, *, of: str) -> None:
        """Let others take at once what this taker holds."""
        self._session.execute(
            update(OutboxRow)
            .where(col(OutboxRow.taken_by) == of, col(OutboxRow.done_at).is_(None))
            .values(taken_at=None, last_error="TakerDied")
        )

    def waiting(self) -> int:
        """How many rows are not done."""
        count = self._session.execute(
            select(func.count()).select_from(OutboxRow).where(col(OutboxRow.done_at).is_(None))
        ).scalar_one()
        return int(count)

    def sign_of_life(self, *, at: datetime) -> None:
        """The runner is alive at this moment."""
        self._seen(RUNNER, at)

    def runner_seen_at(self) -> datetime | None:
        """When the runner last gave a sign of life; None if never."""
        return self._seen_at(RUNNER)

    def swept(self, *, at: datetime) -> None:
        """A daily sweep came to its end at this moment."""
        self._seen(SWEEP, at)

    def swept_at(self) -> datetime | None:
        """When the last daily sweep came to its end; None if none ever did."""
        return self._seen_at(SWEEP)

    def _seen(self, name: str, at: datetime) -> None:
        row = self._session.execute(select(RunnerRow).where(col(RunnerRow.name) == name)).scalar_one_or_none()
        if row is None:
            row = RunnerRow(name=name, seen_at=at)
        row.seen_at = at
        self._session.add(row)
        self._session.flush()

    def _seen_at(self, name: str) -> datetime | None:
        return self._session.execute(
            select(col(RunnerRow.seen_at)).where(col(RunnerRow.name) == name)
        ).scalar_one_or_none()


def _item(row: OutboxRow) -> OutboxItem:
    return OutboxItem(
        id=row.id or 0,
        flow=FlowName(row.flow),
        subject=row.subject,
        acting=Acting.model_validate(row.acting),
        created_at=row.created_at,
        attempts=row.attempts,
    )
