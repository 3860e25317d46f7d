"""The runner's side of the outbox. It carries ids and no case content, so it leaves no entry of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from engine.clock import LONDON, Clock
from engine.settings import Settings
from engine.store.repositories.system.outbox import OutboxItem
from engine.store.unit_of_work import UnitOfWork


def take_next(
    *, uow: UnitOfWork, clock: Clock, by: str, subjects: tuple[str, ...] | None = None
) -> OutboxItem | None:
    """Claim the oldest free row, of these subjects if they are given; None when there is none."""
    with uow.unrecorded(will_write=True) as work:
        return work.outbox.take(by=by, at=clock.now(), subjects=subjects)


def finish(*, uow: UnitOfWork, clock: Clock, item_id: int, by: str) -> int:
    """Mark as done a row that its runner still holds; return how many are not done.

    A row that was given back meanwhile stays undone: its flow was interrupted.
    """
    with uow.unrecorded(will_write=True) as work:
        work.outbox.finish(item_id, by=by, at=clock.now())
        return work.outbox.waiting()


def give_back(*, uow: UnitOfWork, item_id: int, error: str) -> None:
    """Free a row to be claimed again; ``error`` is the kind of error, never its text."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.give_back(item_id, error=error)


def renew(*, uow: UnitOfWork, clock: Clock, item_id: int, by: str) -> None:
    """Extend the hold on a row whose runner is still at work: no other is to claim it yet."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.renew(item_id, by=by, at=clock.now())


def free_of_the_dead(*, uow: UnitOfWork, is_dead: Callable[[str], bool]) -> int:
    """Free the rows whose runner has certainly ended; return of how many runners there were any."""
    with uow.unrecorded() as work:
        dead = [taker for taker in work.outbox.takers() if is_dead(taker)]
    if dead:
        with uow.unrecorded(will_write=True) as work:
            for taker in dead:
                work.outbox.free(of=taker)
    return len(dead)


def swept_on(*, uow: UnitOfWork) -> date | None:
    """Return the date in London of the last completed daily sweep; None if none ever was."""
    with uow.unrecorded() as work:
        at = work.outbox.swept_at()
    return at.astimezone(LONDON).date() if at else None


def swept(*, uow: UnitOfWork, clock: Clock) -> None:
    """Record that the daily sweep is complete now."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.swept(at=clock.now())


def sign_of_life(*, uow: UnitOfWork, clock: Clock) -> None:
    """Record that the runner is alive now."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.sign_of_life(at=clock.now())


def is_runner_alive(seen_at: datetime | None, *, clock: Clock, settings: Settings) -> bool:
    """Return whether the runner's last sign of life is recent enough."""
    return seen_at is not None and clock.now() - seen_at <= timedelta(
        seconds=settings.runner_is_dead_after_seconds
    )


def waiting(*, uow: UnitOfWork) -> int:
    """Count the rows that are not done."""
    with uow.unrecorded() as work:
        return work.outbox.waiting()
