"""The outbox: flows that must follow a use case, and what the runner last did. Knows no flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, Row, Select, Update, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col

from engine.domain.accounts.acting import Acting
from engine.domain.system.versions import SoftwareVersions
from engine.store.tables.base import UtcInstant
from engine.store.tables.system.outbox import OutboxRow, RunnerRow

LEASE = timedelta(minutes=10)
"""Time for which a taken row stays with its taker: a run that was killed is taken again after it."""
RUNNER = "runner"
ENDED = "ended runner"
SWEEP = "daily sweep"
SWEEPING = "daily sweep of "


class FlowName(StrEnum):
    """The flows that an outbox row may request."""

    ASSESS_REFERRAL = "assess_referral"
    AFTER_DECISION = "after_decision"
    FOLLOW_UP = "follow_up"
    FOLLOW_UP_OF_THE_QUARTER = "follow_up_of_the_quarter"
    REASSESS_CHUNK = "reassess_chunk"
    REFRESH_LINKS = "refresh_links"

    @property
    def asks_agencies(self) -> bool:
        """True if it puts questions to agencies, each where its records are."""
        return self is not FlowName.REFRESH_LINKS


@dataclass(frozen=True)
class OutboxItem:
    """One flow to be run for one subject, with who asked for it."""

    id: int
    flow: FlowName
    subject: str
    acting: Acting
    created_at: datetime
    attempts: int
    queue: str | None = None


# Statements that every flow needs are built once: to build one takes several times as long as to run it.


@cache
def _take(
    of_subjects: bool, of_queues: bool
) -> ReturningUpdate[int | None, str, str, dict[str, object], datetime, int, str | None]:
    oldest = (
        select(col(OutboxRow.id))
        .where(
            col(OutboxRow.done_at).is_(None),
            or_(col(OutboxRow.taken_at).is_(None), col(OutboxRow.taken_at) < bindparam("lapsed")),
        )
        .order_by(col(OutboxRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if of_queues:
        oldest = oldest.where(_mine())
    if of_subjects:
        oldest = oldest.where(col(OutboxRow.subject).in_(bindparam("subjects", expanding=True)))
    return (
        update(OutboxRow)
        .where(col(OutboxRow.id) == oldest.scalar_subquery())
        .values(
            taken_at=bindparam("now", type_=UtcInstant),
            taken_by=bindparam("by"),
            attempts=col(OutboxRow.attempts) + 1,
        )
        .returning(
            col(OutboxRow.id),
            col(OutboxRow.flow),
            col(OutboxRow.subject),
            col(OutboxRow.acting),
            col(OutboxRow.created_at),
            col(OutboxRow.attempts),
            col(OutboxRow.queue),
        )
    )


@cache
def _finish() -> Update:
    return (
        update(OutboxRow)
        .where(
            col(OutboxRow.id) == bindparam("number"),
            col(OutboxRow.taken_by) == bindparam("by"),
            col(OutboxRow.taken_at).is_not(None),
        )
        .values(done_at=bindparam("now"))
    )


@cache
def _takers() -> Select[str | None]:
    return select(col(OutboxRow.taken_by)).where(
        col(OutboxRow.done_at).is_(None), col(OutboxRow.taken_at).is_not(None)
    )


@cache
def _waiting(of_queues: bool) -> Select[int]:
    counted = select(func.count()).select_from(OutboxRow).where(col(OutboxRow.done_at).is_(None))
    return counted.where(_mine()) if of_queues else counted


def _mine() -> ColumnElement[bool]:
    mine = col(OutboxRow.queue).in_(bindparam("queues", expanding=True))
    return or_(col(OutboxRow.queue).is_(None), mine)


_IS_RUNNER = or_(col(RunnerRow.name) == RUNNER, col(RunnerRow.name).startswith(f"{RUNNER} "))


class Outbox:
    """Adds, takes and ticks off outbox rows."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        flow: FlowName,
        subject: str,
        *,
        acting: Acting,
        at: datetime,
        queue: str | None = None,
        after: int | None = None,
    ) -> None:
        """Ask for a flow, of any runner or of a queue's. An undone request for the same serves both.

        So does one that was added after the row ``after``, done or not.
        """
        serves = and_(col(OutboxRow.done_at).is_(None), col(OutboxRow.taken_at).is_(None))
        if after is not None:
            serves = or_(serves, col(OutboxRow.id) > after)
        waiting = self._session.execute(
            select(col(OutboxRow.id)).where(
                col(OutboxRow.flow) == flow.value,
                col(OutboxRow.subject) == subject,
                col(OutboxRow.queue).is_not_distinct_from(queue),
                serves,
            )
        ).first()
        if waiting is None:
            self._session.add(
                OutboxRow(
                    flow=flow.value,
                    subject=subject,
                    queue=queue,
                    acting=acting.model_dump(mode="json"),
                    created_at=at,
                )
            )
            self._session.flush()

    def take(
        self,
        *,
        by: str,
        at: datetime,
        subjects: tuple[str, ...] | None = None,
        queues: tuple[str, ...] | None = None,
    ) -> OutboxItem | None:
        """Take the oldest row that is not leased, or None. A lease that ran out lets another take it.

        ``queues`` are those that its taker may serve beside the rows of none; without it, all.
        """
        values: dict[str, object] = {"now": at, "by": by, "lapsed": at - LEASE}
        if subjects is not None:
            values["subjects"] = list(subjects)
        if queues is not None:
            values["queues"] = list(queues)
        statement = _take(subjects is not None, queues is not None)
        row = self._session.connection().execute(statement, values).one_or_none()
        return _item(row) if row is not None else None

    def finish(self, item_id: int, *, by: str, at: datetime) -> None:
        """Tick it off, unless its taker has given it back meanwhile."""
        self._session.connection().execute(_finish(), {"number": item_id, "by": by, "now": at})

    def give_back(self, item_id: int, *, by: str, error: str) -> None:
        """Return it after a failure: let it be taken again, with the kind of error (never its text).

        One that another holds meanwhile stays with that one.
        """
        self._session.execute(
            update(OutboxRow)
            .where(col(OutboxRow.id) == item_id, col(OutboxRow.taken_by) == by)
            .values(taken_at=None, last_error=error)
        )

    def renew(self, item_id: int, *, by: str, at: datetime) -> None:
        """Renew the lease: its taker is still at work."""
        self._session.execute(
            update(OutboxRow)
            .where(
                col(OutboxRow.id) == item_id,
                col(OutboxRow.taken_by) == by,
                col(OutboxRow.taken_at).is_not(None),
                col(OutboxRow.done_at).is_(None),
            )
            .values(taken_at=at)
        )

    def takers(self) -> frozenset[str]:
        """Return who holds a row that is not done."""
        names = self._session.connection().execute(_takers()).scalars()
        return frozenset(name for name in names if name is not None)

    def free(self, *, of: str) -> None:
        """Let others take at once what this taker holds."""
        self._session.execute(
            update(OutboxRow)
            .where(col(OutboxRow.taken_by) == of, col(OutboxRow.done_at).is_(None))
            .values(taken_at=None, last_error="TakerDied")
        )

    def waiting(self, *, queues: tuple[str, ...] | None = None) -> int:
        """Return the number of rows that are not done; with ``queues``, as ``take`` would take them."""
        values = {} if queues is None else {"queues": list(queues)}
        statement = _waiting(queues is not None)
        return int(self._session.connection().execute(statement, values).scalar_one())

    def late_by_queue(self, *, at: datetime) -> dict[str, int]:
        """Return by queue the number of rows that have waited for longer than a lease and are not held."""
        since, queue = at - LEASE, col(OutboxRow.queue)
        late = select(queue, func.count()).where(
            queue.is_not(None),
            col(OutboxRow.done_at).is_(None),
            col(OutboxRow.created_at) < since,
            or_(col(OutboxRow.taken_at).is_(None), col(OutboxRow.taken_at) < since),
        )
        rows = self._session.execute(late.group_by(queue).order_by(queue))
        return {str(agency): int(count) for agency, count in rows}

    def late_requests(self, *, at: datetime) -> int:
        """Return the number of referrals that waited for longer than a lease and that no runner holds."""
        since = at - LEASE
        late = select(func.count()).where(
            col(OutboxRow.flow) == FlowName.ASSESS_REFERRAL,
            col(OutboxRow.queue).is_(None),
            col(OutboxRow.done_at).is_(None),
            col(OutboxRow.created_at) < since,
            or_(col(OutboxRow.taken_at).is_(None), col(OutboxRow.taken_at) < since),
        )
        return int(self._session.execute(late).scalar_one())

    def stale(self, *, at: datetime) -> int:
        """Return the number of rows whose taker let its lease run out."""
        lapsed = select(func.count()).select_from(OutboxRow)
        lapsed = lapsed.where(col(OutboxRow.done_at).is_(None), col(OutboxRow.taken_at) < at - LEASE)
        return int(self._session.execute(lapsed).scalar_one())

    def sign_of_life(
        self,
        *,
        by: str,
        at: datetime,
        began_at: datetime | None = None,
        versions: SoftwareVersions | None = None,
    ) -> None:
        """Record that this runner is alive at this moment, and its start and software where given."""
        self._seen(by, at, began_at, versions)

    def versions(self, *, since: datetime) -> dict[str, SoftwareVersions | None]:
        """Return the software of each runner that gave a sign of life since; None where it is not known."""
        seen = select(RunnerRow).where(_IS_RUNNER, col(RunnerRow.seen_at) >= since)
        return {
            row.name: SoftwareVersions.model_validate(row.versions) if row.versions else None
            for row in self._session.execute(seen.order_by(col(RunnerRow.name))).scalars()
        }

    def began(self) -> dict[str, datetime]:
        """Return when each runner started that did not end cleanly, where that is known."""
        known = select(RunnerRow).where(_IS_RUNNER, col(RunnerRow.began_at).is_not(None))
        rows = self._session.execute(known).scalars()
        return {row.name: row.began_at for row in rows if row.began_at is not None}

    def runners(self) -> dict[str, datetime]:
        """Return when each runner that did not end cleanly last gave a sign of life."""
        rows = self._session.execute(select(RunnerRow).where(_IS_RUNNER)).scalars()
        return {row.name: row.seen_at for row in rows}

    def runner_seen_at(self) -> datetime | None:
        """Return when any runner last gave a sign of life, one that ended too; None if none ever did."""
        last = select(func.max(RunnerRow.seen_at)).where(_IS_RUNNER | (col(RunnerRow.name) == ENDED))
        at: datetime | None = self._session.execute(last).scalar_one()
        return at

    def ended(self, *, by: str, at: datetime) -> None:
        """Record that this runner ended as it was asked to: it is not missed."""
        self.forget(by)
        self._seen(ENDED, at)

    def forget(self, *runners: str) -> None:
        """Forget runners that another replaced."""
        self._session.execute(delete(RunnerRow).where(col(RunnerRow.name).in_(runners)))

    def forget_silent(self, *, since: datetime) -> None:
        """Forget what was not seen since: runners, and sweeps that were begun."""
        begun = _IS_RUNNER | col(RunnerRow.name).startswith(SWEEPING)
        self._session.execute(delete(RunnerRow).where(begun, col(RunnerRow.seen_at) < since))

    def give_up_sweep(self, day: date) -> None:
        """Let another runner take the sweep of this date, which failed here."""
        self.forget(f"{SWEEPING}{day.isoformat()}")

    def begin_sweep(self, day: date, *, at: datetime) -> bool:
        """Take the sweep of this date; False where another runner has it, or finished it.

        One that was begun a lease ago and not finished is taken again. Raises IntegrityError where another
        took it at this moment.
        """
        name = f"{SWEEPING}{day.isoformat()}"
        begun = self._seen_at(name)
        if begun is None:
            self._session.add(RunnerRow(name=name, seen_at=at))
            self._session.flush()
            return True
        finished = self.swept_at()
        if begun >= at - LEASE or (finished is not None and finished >= begun):
            return False
        again = update(RunnerRow).where(col(RunnerRow.name) == name, col(RunnerRow.seen_at) == begun)
        return bool(self._session.execute(again.values(seen_at=at)).rowcount)  # type: ignore[attr-defined]

    def swept(self, *, at: datetime) -> None:
        """Record that the daily sweep that began at this moment came to its end."""
        self._seen(SWEEP, at)

    def swept_at(self) -> datetime | None:
        """Return when the last daily sweep that came to its end began; None if none ever did."""
        return self._seen_at(SWEEP)

    def _seen(
        self,
        name: str,
        at: datetime,
        began_at: datetime | None = None,
        versions: SoftwareVersions | None = None,
    ) -> None:
        row = self._session.execute(select(RunnerRow).where(col(RunnerRow.name) == name)).scalar_one_or_none()
        if row is None:
            row = RunnerRow(name=name, seen_at=at)
        row.seen_at = at
        if began_at is not None:
            row.began_at = began_at
        if versions is not None:
            row.versions = versions.model_dump()
        self._session.add(row)
        self._session.flush()

    def _seen_at(self, name: str) -> datetime | None:
        return self._session.execute(
            select(col(RunnerRow.seen_at)).where(col(RunnerRow.name) == name)
        ).scalar_one_or_none()


def _item(
    row: Row[int | None, str, str, dict[str, object], datetime, int, str | None],
) -> OutboxItem:
    number, flow, subject, acting, created_at, attempts, queue = row
    return OutboxItem(
        id=number or 0,
        flow=FlowName(flow),
        subject=subject,
        acting=Acting.model_validate(acting),
        created_at=created_at,
        attempts=attempts,
        queue=queue,
    )
