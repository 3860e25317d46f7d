"""Checks of the regular work: whether any of it is late, and whether two machines do it differently."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cli.system.checks import NOTE, OK, WRONG, Check
from cli.system.schedules import interval, machine

if TYPE_CHECKING:
    from engine.runtime import Runtime
    from flows.schedule_states import ScheduleState

_LIST = "list all with 'stac schedule list'"
_START = "start 'stac serve'"


def schedule_checks(runtime: Runtime) -> Iterator[Check]:
    """Yield what is late, not known or different; while no service runs, that and the late duties."""
    from engine.services.system.outbox import runners_seen
    from flows.schedule_states import State, schedule_states  # late: 'stac --help' need not load it
    from flows.schedules import Where

    states = schedule_states(runtime)
    yield from _late_requests(runtime)
    with runtime.uow.unrecorded() as work:
        is_any_alive = runners_seen(work, clock=runtime.clock, settings=runtime.settings).alive > 0
    if not is_any_alive:
        sentence = "no background service is running: only backups by a timer are made"
        yield Check("schedules", NOTE, sentence, _START)
    ours = [each for each in states if each.work.where is not Where.TIMER]  # backups have checks of their own
    late = [each for each in ours if each.state is State.LATE]
    for each in late:
        if not is_any_alive and not each.work.is_duty:
            continue
        by = f" by {machine(each.runner)}" if each.runner else ""
        sentence = f"{each.work.name} is late: last done at {each.done_at:%Y-%m-%d %H:%M} UTC{by}"
        mend = f"check that background service and its log; {_LIST}" if is_any_alive else _START
        yield Check("schedules", WRONG if each.work.is_duty else NOTE, sentence, mend)
    if not is_any_alive:
        return
    missed = [each for each in ours if each.is_missed and each.work.is_duty]
    for each in missed:
        by = f" by {machine(each.runner)}" if each.runner else ""
        mend = f"check the log of each background service, and 'stac doctor' again in 10 minutes; {_LIST}"
        yield Check("schedules", WRONG, f"{each.work.name} is not known to have been done{by}", mend)
    yield from _differences(ours)
    if not late and not missed:
        yield _in_all(ours)


def _late_requests(runtime: Runtime) -> Iterator[Check]:
    with runtime.uow.unrecorded() as work:
        late = work.outbox.late_requests(at=runtime.clock.now())
    if late:
        mend = "start 'stac serve', or read run/server.log and run/runner.log in the home folder"
        sentence = f"referrals that wait, and no agency was asked for 10 minutes: {late:,}"
        yield Check("requests", WRONG, sentence, mend)


def _in_all(states: Sequence[ScheduleState]) -> Check:
    from flows.schedule_states import State

    counted = Counter(each.state for each in states)
    said = ", ".join(f"{counted[state]} {state.value}" for state in State if counted[state])
    unknown = sorted({each.work.name for each in states if each.state is State.UNKNOWN})
    if not unknown:
        return Check("schedules", OK, f"regular work: {said}")
    return Check("schedules", NOTE, f"regular work: {said}; unknown of {', '.join(unknown)}", _LIST)


def _differences(states: Sequence[ScheduleState]) -> Iterator[Check]:
    by_work: dict[str, dict[int, str]] = defaultdict(dict)
    for each in states:
        if each.runner is not None and each.done_at is not None:
            by_work[each.work.name].setdefault(each.seconds, machine(each.runner))
    for name, places in by_work.items():
        if len(places) > 1:
            said = " and ".join(f"{interval(each)} on {place}" for each, place in sorted(places.items()))
            mend = "each works at its own interval; give both the same settings if that is not meant"
            yield Check("schedules", NOTE, f"{name} is done every {said}", mend)
