"""The runner's side of the outbox. It carries ids and no case content, so it leaves no entry of its own."""

from __future__ import annotations

from engine.clock import Clock
from engine.store.repositories.outbox import OutboxItem
from engine.store.unit_of_work import UnitOfWork


def take_next(
    *, uow: UnitOfWork, clock: Clock, by: str, subjects: tuple[str, ...] | None = None
) -> OutboxItem | None:
    """Take the oldest row that nobody holds, of these subjects if they are given; None when there is none."""
    with uow.unrecorded(will_write=True) as work:
        return work.outbox.take(by=by, at=clock.now(), subjects=subjects)


def finish(*, uow: UnitOfWork, clock: Clock, item_id: int) -> None:
    """Tick a row off."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.finish(item_id, at=clock.now())


def give_back(*, uow: UnitOfWork, item_id: int, error: str) -> None:
    """Let a row be taken again; ``error`` is the kind of error, never its text."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.give_back(item_id, error=error)


def sign_of_life(*, uow: UnitOfWork, clock: Clock) -> None:
    """The runner is alive now."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.sign_of_life(at=clock.now())


def waiting(*, uow: UnitOfWork) -> int:
    """How many rows are not done."""
    with uow.unrecorded() as work:
        return work.outbox.waiting()
