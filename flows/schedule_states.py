"""The state of the regular work: last done, the runner, next due, late or not. Only reads.

A time that the record does not have is unknown. Unknown is another state than "on time".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from engine.clock import LONDON
from engine.runtime import Runtime
from engine.services.system.backups import list_backups
from engine.services.system.copies import is_copied
from engine.services.system.regular_work import WorkSeen, work_seen
from engine.settings import Settings
from flows.schedules import (
    ANCHOR,
    BACKUP,
    COPIES,
    DAILY_SWEEP,
    ESCALATIONS,
    SIGN_OF_LIFE,
    RegularWork,
    Schedule,
    Where,
    schedules_of,
)

OTHER_SETTINGS = "settings of that machine"
_REPORT = (ESCALATIONS, SIGN_OF_LIFE)
"""A runner writes what it did into the record together with these."""
_LEAST_GRACE = timedelta(minutes=1)
_SWEEP_GRACE = timedelta(hours=1)


class State(StrEnum):
    """The state of a piece of regular work."""

    ON_TIME = "on time"
    LATE = "late"
    UNKNOWN = "unknown"
    NOT_SET_UP = "not set up"
    NOT_SET_UP_HERE = "not set up on this machine"
    OF_THE_SERVER = "left to PostgreSQL"


@dataclass(frozen=True, kw_only=True)
class ScheduleState:
    """A piece of work of one runner, or of all where one does it for all. None: it is not known."""

    work: RegularWork
    seconds: int
    source: str
    runner: str | None
    done_at: datetime | None
    due_at: datetime | None
    state: State
    is_missed: bool = False
    """It is unknown, though the record is older than the interval and what may pass after it."""

    def as_answer(self) -> dict[str, object]:
        """Return it for JSON; ``late`` is null where it is not known or not set up."""
        return {
            "name": self.work.name,
            "says": self.work.says,
            "where": self.work.where.value,
            "every_seconds": self.seconds,
            "least_seconds": self.work.least,
            "most_seconds": self.work.most,
            "from": self.source,
            "last_done": self.done_at.isoformat() if self.done_at else None,
            "by": self.runner,
            "next_due": self.due_at.isoformat() if self.due_at else None,
            "late": {State.LATE: True, State.ON_TIME: False}.get(self.state),
            "state": self.state.value,
        }


def schedule_states(runtime: Runtime) -> tuple[ScheduleState, ...]:
    """Return the state of each piece of work, in the order of the table, and by runner where each does it.

    Raises SetupError for a section that is wrong, and RecordError where the record cannot be read.
    """
    seen, now = work_seen(uow=runtime.uow), runtime.clock.now()
    states: list[ScheduleState] = []
    for schedule in schedules_of(runtime.settings).values():
        if schedule.work.where is Where.EACH:
            states += _of_each(schedule, seen, now)
        else:
            states.append(_of_one(schedule, seen, now, runtime.settings))
    return tuple(states)


def _of_each(schedule: Schedule, seen: WorkSeen, now: datetime) -> Iterator[ScheduleState]:
    """Yield a state for each runner that is not known to have ended; without one, of the last to do it."""
    done = {each.runner: each for each in reversed(seen.done) if each.name == schedule.work.name}
    newest = list(done)[-1:]
    for runner in sorted(seen.runners) or newest:
        there = done.get(runner)
        at = there.at if there else None
        if schedule.work.name == SIGN_OF_LIFE:
            at = max(filter(None, (at, seen.runners.get(runner))), default=None)
        seconds = there.every_seconds if there else schedule.seconds
        reports = [each.every_seconds for each in seen.done if each.runner == runner and each.name in _REPORT]
        yield _state(
            schedule, seen, now, runner=runner, seconds=seconds, at=at, reports=min(reports, default=0)
        )
    if not seen.runners and not newest:
        yield _state(schedule, seen, now, runner=None, seconds=schedule.seconds, at=None)


def _of_one(schedule: Schedule, seen: WorkSeen, now: datetime, settings: Settings) -> ScheduleState:
    name = schedule.work.name
    done = next((each for each in seen.done if each.name == name), None)
    known = {ANCHOR: seen.anchored_at, DAILY_SWEEP: seen.swept_at, BACKUP: _backed_up(name, settings)}
    others = known.get(name)
    at = max(filter(None, (done.at if done else None, others)), default=None)
    is_by_runner = done is not None and done.at == at
    state = _state(
        schedule,
        seen,
        now,
        runner=done.runner if done and is_by_runner else None,
        seconds=done.every_seconds if done and is_by_runner else schedule.seconds,
        at=at,
    )
    if at is None and name == ANCHOR and settings.audit.anchors is None and not seen.is_anchor_tried:
        return replace(state, state=State.NOT_SET_UP)  # one machine does it for all: another may be set up
    if name == COPIES and not is_copied(settings):
        here = settings.database_url.startswith("sqlite")
        return replace(state, state=State.NOT_SET_UP_HERE if here else State.OF_THE_SERVER)
    if at is None and name == BACKUP and settings.backup.folder is None:
        return replace(state, state=State.NOT_SET_UP_HERE)
    return state


def _backed_up(name: str, settings: Settings) -> datetime | None:
    if name != BACKUP or settings.backup.folder is None:
        return None
    try:
        newest = next(iter(list_backups(settings=settings)), None)
    except OSError:
        return None
    return newest.at if newest else None


def _state(
    schedule: Schedule,
    seen: WorkSeen,
    now: datetime,
    *,
    runner: str | None,
    seconds: int,
    at: datetime | None,
    reports: int = 0,
) -> ScheduleState:
    """Return its state; ``reports`` are the seconds between two reports of its runner."""
    every, is_sweep = timedelta(seconds=seconds), schedule.work.name == DAILY_SWEEP
    grace = _SWEEP_GRACE if is_sweep else max(every, _LEAST_GRACE) + timedelta(seconds=reports)
    due_at = at + every if at is not None else None
    if at is not None and is_sweep:  # once in each date, not a day after the last
        tomorrow = at.astimezone(LONDON).date() + timedelta(days=1)
        due_at = datetime.combine(tomorrow, time(), LONDON).astimezone(UTC)
    state = State.UNKNOWN
    if due_at is not None:
        state = State.LATE if now > due_at + grace else State.ON_TIME
    began = seen.record_began_at
    return ScheduleState(
        work=schedule.work,
        seconds=seconds,
        source=schedule.source if seconds == schedule.seconds else OTHER_SETTINGS,
        runner=runner,
        done_at=at,
        due_at=due_at,
        state=state,
        is_missed=at is None and began is not None and now > began + every + grace,
    )
