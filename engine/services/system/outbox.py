"""The runner's side of the outbox. It carries ids and no case content, so it leaves no entry of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from engine.clock import LONDON, Clock
from engine.store.repositories.system.outbox import OutboxItem
from engine.store.unit_of_work import UnitOfWork


def take_next(
    *, uow: UnitOfWork, clock: Clock, by: str, subjects: tuple[str, ...] | None = None
) -> OutboxItem | None:
    """Take the oldest row that nobody holds, of these subjects if they are given; None when there is none."""
    with uow.unrecorded(will_write=True) as work:
        return work.outbox.take(by=by, at=clock.now(), subjects=subjects)


def finish(*, uow: UnitOfWork, clock: Clock, item_id: int, by: str) -> int:
    """Tick off a row that its taker still holds; how many are not done.

    A row that was given back meanwhile stays undone: its flow was cut short.
    """
    with uow.unrecorded(will_write=True) as work:
        work.outbox.finish(item_id, by=by, at=clock.now())
        return work.outbox.waiting()


def give_back(*, uow: UnitOfWork, item_id: int, error: str) -> None:
    """Let a row be taken again; ``error`` is the kind of error, never its text."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.give_back(item_id, error=error)


def renew(*, uow: UnitOfWork, clock: Clock, item_id: int, by: str) -> None:
    """Its taker is still at work: nobody else is to take the row yet."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.renew(item_id, by=by, at=clock.now())


def free_of_the_dead(*, uow: UnitOfWork, is_dead: Callable[[str], bool]) -> int:
    """Let the rows be taken again whose taker has certainly ended; of how many takers there were any."""
    with uow.unrecorded() as work:
        dead = [taker for taker in work.outbox.takers() if is_dead(taker)]
    if dead:
        with uow.unrecorded(will_write=True) as work:
            for taker in dead:
                work.outbox.free(of=taker)
    return len(dead)


def swept_on(*, uow: UnitOfWork) -> date | None:
    """The day in London of the last daily sweep that came to its end; None if none ever did."""
    with uow.unrecorded() as work:
        at = work.outbox.swept_at()
    return at.astimezone(LONDON).date() if at else None


def swept(*, uow: UnitOfWork, clock: Clock) -> None:
    """The daily sweep came to its end now."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.swept(at=clock.now())


def sign_of_life(*, uow: UnitOfWork, clock: Clock) -> None:
    """The runner is alive now."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.sign_of_life(at=clock.now())


def waiting(*, uow: UnitOfWork) -> int:
    """How many rows are not done."""
    with uow.unrecorded() as work:
        return work.outbox.waiting()
