"""The runner's side of the outbox. It carries ids and no case content, so it leaves no entry of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen, Instant
from engine.domain.errors import ConflictError
from engine.settings import Settings
from engine.store.repositories.system.outbox import RUNNER, FlowName, OutboxItem
from engine.store.unit_of_work import UnitOfWork, Work

_SILENT_RUNNERS_STAY = timedelta(days=7)


def take_next(
    *,
    uow: UnitOfWork,
    clock: Clock,
    by: str,
    subjects: tuple[str, ...] | None = None,
    queues: tuple[str, ...] | None = None,
) -> OutboxItem | None:
    """Claim the oldest free row, of these subjects and queues if they are given; None when there is none."""
    with uow.unrecorded(will_write=True) as work:
        return work.outbox.take(by=by, at=clock.now(), subjects=subjects, queues=queues)


def finish(
    *,
    uow: UnitOfWork,
    clock: Clock,
    item_id: int,
    by: str,
    left: tuple[OutboxItem, tuple[str, ...]] | None = None,
) -> int:
    """Mark as done a row that its runner still holds; return how many are not done.

    A row that was given back meanwhile stays undone: its flow was interrupted. ``left`` are the row and the
    agencies that this home could not ask: the same flow waits for the runner of each.
    """
    with uow.unrecorded(will_write=True) as work:
        if left is not None:
            item, agencies = left
            for agency in agencies:
                work.outbox.add(
                    item.flow, item.subject, acting=item.acting, at=clock.now(), queue=agency, after=item.id
                )
        work.outbox.finish(item_id, by=by, at=clock.now())
        return work.outbox.waiting()


def leave_to_others(
    *,
    uow: UnitOfWork,
    clock: Clock,
    flow: str,
    subject: str,
    acting: Acting,
    agencies: tuple[str, ...],
    after: int | None = None,
) -> None:
    """Let the same flow wait for the runner of each of these agencies, whose records are in another home.

    ``after`` is the row that failed here, which is tried again: to the others it is left once.
    """
    if agencies:
        with uow.unrecorded(will_write=True) as work:
            for agency in agencies:
                work.outbox.add(
                    FlowName(flow), subject, acting=acting, at=clock.now(), queue=agency, after=after
                )


def give_back(*, uow: UnitOfWork, item_id: int, by: str, error: str) -> None:
    """Free a row that its runner still holds; ``error`` is the kind of error, never its text."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.give_back(item_id, by=by, error=error)


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


def swept(*, uow: UnitOfWork, clock: Clock, began: datetime | None = None) -> None:
    """Record that the daily sweep that ``began`` then, or now, is complete: it is the sweep of that date.

    One that began later, on another machine, stays. Runners that were silent for a week are forgotten.
    """
    at = began or clock.now()
    with uow.unrecorded(will_write=True) as work:
        last = work.outbox.swept_at()
        if last is None or not at < last <= clock.now():  # a time to come is of a clock that was wrong
            work.outbox.swept(at=at)
        work.outbox.forget_silent(since=clock.now() - _SILENT_RUNNERS_STAY)
        work.regular_work.forget_old(since=clock.now() - _SILENT_RUNNERS_STAY)


def begin_sweep(*, uow: UnitOfWork, clock: Clock) -> date | None:
    """Take today's sweep for one runner; None where another has it, or finished it.

    Returns
    -------
    date or None
        The date of the sweep, past midnight too.
    """
    day = clock.today()
    try:
        with uow.unrecorded(will_write=True) as work:
            return day if work.outbox.begin_sweep(day, at=clock.now()) else None
    except ConflictError:
        return None


def give_up_sweep(day: date, *, uow: UnitOfWork) -> None:
    """Let any runner begin the sweep of this date again, since it failed here."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.give_up_sweep(day)


def sign_of_life(*, uow: UnitOfWork, clock: Clock, by: str = RUNNER) -> None:
    """Record that this runner is alive now."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.sign_of_life(by=by, at=clock.now())


def ended(*, uow: UnitOfWork, clock: Clock, by: str) -> None:
    """Record that this runner ended as it was asked to: it is not missed."""
    with uow.unrecorded(will_write=True) as work:
        work.outbox.ended(by=by, at=clock.now())


def forget_the_dead(*, uow: UnitOfWork, is_dead: Callable[[str], bool]) -> None:
    """Forget the runners that have certainly ended, since this one replaces them."""
    with uow.unrecorded() as work:
        dead = [name for name in work.outbox.runners() if is_dead(name)]
    if dead:
        with uow.unrecorded(will_write=True) as work:
            work.outbox.forget(*dead)


class RunnersSeen(Frozen):
    """The runners of a record: how many are alive, and since when each other one has been silent."""

    alive: int
    alive_since: tuple[Instant, ...]
    """When those that are alive started, where that is known; oldest first."""
    silent_since: tuple[Instant, ...]
    last_seen_at: Instant | None

    @property
    def alive_in_words(self) -> str:
        """The number of those that are alive, with their starts, and of how many the start is not known."""
        if not self.alive_since:
            return f"{self.alive} alive"
        starts = " and ".join(f"{at:%Y-%m-%d %H:%M}" for at in self.alive_since)
        unknown = self.alive - len(self.alive_since)
        others = f", start of {unknown} not known" if unknown else ""
        return f"{self.alive} alive, started {starts} UTC{others}"


def runners_seen(work: Work, *, clock: Clock, settings: Settings) -> RunnersSeen:
    """Return which runners are alive. One that lives hides none that is silent. A part of use cases."""
    longest = timedelta(seconds=settings.runner_is_dead_after_seconds)
    seen, began = work.outbox.runners(), work.outbox.began()
    silent = sorted(at for at in seen.values() if clock.now() - at > longest)
    alive = [name for name, at in seen.items() if clock.now() - at <= longest]
    return RunnersSeen(
        alive=len(alive),
        alive_since=tuple(sorted(began[name] for name in alive if name in began)),
        silent_since=tuple(silent),
        last_seen_at=work.outbox.runner_seen_at(),
    )


def stale(*, uow: UnitOfWork, clock: Clock) -> int:
    """Count the rows whose runner let its lease run out: another takes them."""
    with uow.unrecorded() as work:
        return work.outbox.stale(at=clock.now())


def waiting(*, uow: UnitOfWork, queues: tuple[str, ...] | None = None) -> int:
    """Count the rows that are not done; with ``queues``, those that its runner may take."""
    with uow.unrecorded() as work:
        return work.outbox.waiting(queues=queues)


def late_by_queue(*, uow: UnitOfWork, clock: Clock) -> dict[str, int]:
    """Count by agency the rows that have been in its queue for longer than a lease and that are not held."""
    with uow.unrecorded() as work:
        return work.outbox.late_by_queue(at=clock.now())
