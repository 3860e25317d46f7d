"""The runner's work for as long as it lives: alarms first, then a sign of life, and flows beside them.

The watch over alarms needs neither Prefect nor an agency and waits for none: it has its thread to itself.
Flows run on another, and copies of the record on a third. An unforeseen error ends the runner, whichever
thread it came from, and ``flows.serve`` starts another; nothing is done twice by that.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import date
from threading import Event

from engine.clock import LONDON
from engine.domain.accounts.acting import flow_acting
from engine.domain.errors import ConflictError, InvalidInputError, RecordError, SetupError
from engine.domain.system.json_lines import LogFormat
from engine.domain.system.versions import SoftwareVersions
from engine.runtime import Runtime, begin_log, log_format_of, open_runtime
from engine.services.cases import worklists
from engine.services.system import audit_anchors, outbox, register_compared, self_verified
from engine.services.system.regular_work import report_work, software_versions
from engine.services.system.reserve import Reserve
from flows import schedules, server
from flows.arrival import look_up_some
from flows.comparing import compare_some
from flows.copying import Copying
from flows.prefect_session import PrefectAwayError, prefect_at_hand
from flows.run_context import running
from flows.runner import Drain, Ran
from flows.steps import id_only_errors
from flows.taker import is_dead, this_taker
from flows.timing import Timing

RUNNER = "runner"
STOP_SECONDS = 3.0
"""Time that a flow under way may take to end when the runner is asked to stop."""
STUCK_SECONDS = 900.0
"""Longer than any flow may take: from then on the runner gives no sign of life."""
_AFTER_A_CONFLICT = 1.0
"""Seconds that a runner leaves to another that did the same at that moment."""
_WATCH = (schedules.ESCALATIONS, schedules.SIGN_OF_LIFE)
_LOG = logging.getLogger(__name__)


def run_forever(runtime: Runtime, stop: Event) -> bool:
    """Watch alarms and run flows until asked to stop; return whether the flow under way came to its end.

    A Prefect server that is away delays flows, and nothing else.
    """
    timing = Timing(runtime)
    flows = Flows(runtime, stop, timing=timing)
    with later_if_it_may_pass():
        outbox.forget_the_dead(uow=runtime.uow, is_dead=is_dead)
    executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="flows")
    ended = executor.submit(flows.run)
    copying = executor.submit(Copying(runtime, stop, timing=timing).run)
    try:
        while not (ended.done() or copying.done()):
            pause = float(timing.every[schedules.ESCALATIONS])
            with later_if_it_may_pass():
                flows_move = not flows.are_stuck
                stand_watch(runtime, timing=timing, flows_move=flows_move, versions=flows.versions)
                pause = timing.until_due(*(_WATCH if flows_move else (schedules.ESCALATIONS,)))
            if stop.wait(pause):
                break
    finally:
        stop.set()
        wait([ended, copying], timeout=STOP_SECONDS)
        flows.drain.give_back()
        executor.shutdown(wait=False)
        with suppress(RecordError):  # a record that is away misses this runner later
            outbox.ended(uow=runtime.uow, clock=runtime.clock, by=this_taker())
    flows_ended, copying_ended = _came_to_its_end(ended), _came_to_its_end(copying)
    return flows_ended and copying_ended


@contextmanager
def later_if_it_may_pass() -> Iterator[None]:
    """Log a record that is busy or away for now, and ask again at the next turn; the runner lives on.

    It gives no sign of life meanwhile, so the worklists show it when that takes too long.
    """
    try:
        yield
    except RecordError as error:
        if not error.may_pass:
            raise
        _LOG.error("put off: %s", error)


@id_only_errors()
def stand_watch(
    runtime: Runtime,
    *,
    timing: Timing | None = None,
    flows_move: bool = True,
    versions: SoftwareVersions | None = None,
) -> int:
    """Record every escalation that is due, then give a sign of life; how many escalations were new.

    Without ``timing`` both are done now; with it, each at its interval. No sign of life is given while
    escalations fail or flows do not move: the worklists then say that the runner is not to be relied on.
    """
    timing, escalated = timing or Timing(runtime), 0
    if timing.is_due(schedules.ESCALATIONS):
        acting = flow_acting("escalate alarms", RUNNER)
        escalated = worklists.record_escalations(runtime.context(acting))
        timing.did(schedules.ESCALATIONS)
    is_alive = flows_move and timing.is_due(schedules.SIGN_OF_LIFE)
    done = timing.unwritten()
    report_work(
        uow=runtime.uow,
        clock=runtime.clock,
        by=this_taker(),
        done=done,
        every=timing.every,
        is_alive=is_alive,
        began_at=timing.began_at,
        versions=versions,
    )
    timing.written(done)
    if is_alive:
        timing.did(schedules.SIGN_OF_LIFE)
    return escalated


class Flows:
    """Runs flows as they are asked for, and what else is regular and may wait for a flow."""

    def __init__(self, runtime: Runtime, stop: Event, *, timing: Timing | None = None) -> None:
        self._runtime, self._stop = runtime, stop
        self._timing = timing or Timing(runtime)
        self._swept_on: date | None = outbox.swept_on(uow=runtime.uow)
        self._moved_at = time.monotonic()
        self.drain = Drain(runtime, stop=stop)
        self.versions: SoftwareVersions | None = None
        """Of the software that answers here, once it is loaded: by this thread, so no alarm waits for it."""

    @property
    def are_stuck(self) -> bool:
        """True if one flow has taken longer than any may."""
        return time.monotonic() - self._moved_at > STUCK_SECONDS

    @id_only_errors()
    def run(self) -> None:
        """Check for flows at their interval; after one that could not be run, as often as the runner polls.

        Arrivals and comparisons do not wait for the interval of flows, nor at all while they have more.
        """
        pause = 0.0
        while not self._stop.wait(pause):
            self._moved_at = time.monotonic()
            pause = float(self._runtime.settings.runner_poll_seconds)
            with later_if_it_may_pass():
                if self.versions is None:
                    _ = self._runtime.agencies  # loaded now: its versions are those that answer
                    self.versions = software_versions(self._runtime.agencies_described)
                if self.turn():
                    others = self._timing.until_due(schedules.ARRIVALS, schedules.COMPARISONS)
                    pause = min(float(self._timing.every[schedules.FLOWS]), others)

    def turn(self) -> bool:
        """Find all that waits, once, and run it; False when some of it could not be run."""
        for name, do_some in ((schedules.ARRIVALS, look_up_some), (schedules.COMPARISONS, compare_some)):
            if self._timing.is_due(name):
                try:
                    done = do_some(self._runtime, on_behalf_of=RUNNER)
                except ConflictError:  # another runner did the same at this moment: see what is left
                    self._stop.wait(_AFTER_A_CONFLICT)
                else:
                    self._timing.did(name, has_more=done > 0)
        self._compare_register()
        self._anchor()
        self._verify()
        return self._look()

    def _compare_register(self) -> None:
        """Repeat what the record lacks of the acts in the register. A register that was changed is logged."""
        if not self._timing.is_due(schedules.REGISTER):
            return
        Reserve(self._runtime.settings).keep()
        acting = flow_acting("compare the register of acts", RUNNER)
        try:
            compared = register_compared.repeat_lacking(self._runtime.context(acting))
        except InvalidInputError as error:
            _LOG.error("the register of acts could not be compared with the record: %s", error)
        else:
            if compared.repeated is not None:
                done = compared.repeated.by_kind
                _LOG.error("the record went back: acts of the register were repeated (%s)", done)
            for row in compared.shut:
                _LOG.error("shut, so that it opens nothing: %s", row)
        self._timing.did(schedules.REGISTER)

    def _anchor(self) -> None:
        """Anchor the audit chain elsewhere. On this thread: a place that stalls holds up no alarm."""
        runtime = self._runtime
        acting = flow_acting("anchor audit", RUNNER)
        if audit_anchors.anchor_if_due(runtime.context(acting)):
            self._timing.did(schedules.ANCHOR)

    def _verify(self) -> None:
        """Let the record verify itself. On this thread: it may take minutes, and holds up no alarm."""
        acting = flow_acting("verify record", RUNNER)
        done = self_verified.verify_if_due(self._runtime.context(acting))
        if done is None:
            return
        self._timing.did(schedules.VERIFICATION)
        if done.failed:
            _LOG.error("the daily verification failed: %s", ", ".join(done.failed))

    def _look(self) -> bool:
        """Run what waits; False when some of it could not be run, though there is a server."""
        may_sweep = self._has_to_sweep()
        waiting = outbox.waiting(uow=self._runtime.uow, queues=self._runtime.settings.agencies_here)
        if not waiting:
            self._timing.did(schedules.FLOWS)
        if not may_sweep and not waiting:
            return True
        home = self._runtime.settings.home
        url = server.lasting_server(home)
        if url is None:
            return True
        uow, clock = self._runtime.uow, self._runtime.clock
        to_sweep = outbox.begin_sweep(uow=uow, clock=clock) if may_sweep else None
        if not to_sweep and not waiting:
            return False  # another runner has the sweep
        try:
            with prefect_at_hand(home, url=url):
                done = self.drain.run(progress=self._ran)
                self._timing.did(schedules.FLOWS)
                if to_sweep:
                    self._sweep()
                    to_sweep = None
                    return True
                return done > 0
        except PrefectAwayError:
            return False
        finally:
            if to_sweep:
                with suppress(RecordError):  # a lease later any runner may begin it
                    outbox.give_up_sweep(to_sweep, uow=uow)

    def _has_to_sweep(self) -> bool:
        """Return whether today's sweep is left to do, by whichever runner."""
        today = self._runtime.clock.today()
        if self._swept_on != today:
            self._swept_on = outbox.swept_on(uow=self._runtime.uow)
        return self._swept_on != today

    def _sweep(self) -> None:
        from flows.links import refresh_links  # loads Prefect
        from flows.sweep import daily_sweep

        began = self._runtime.clock.now()  # one that goes on past midnight is not the sweep of the next date
        with running(self._runtime, purpose="daily sweep", on_behalf_of=RUNNER):
            daily_sweep()
        with running(self._runtime, purpose="refresh links", on_behalf_of=RUNNER):
            refresh_links()
        outbox.swept(uow=self._runtime.uow, clock=self._runtime.clock, began=began)
        self._timing.did(schedules.DAILY_SWEEP, at=began)
        self._swept_on = began.astimezone(LONDON).date()

    def _ran(self, ran: Ran) -> None:
        self._moved_at = time.monotonic()
        if ran.sentence is not None:
            _LOG.error("%s %s failed: %s", ran.flow, ran.subject, ran.sentence)


def _came_to_its_end(ended: Future[None]) -> bool:
    if not ended.done():
        return False
    ended.result()
    return True


def main() -> None:
    """Run the runner as a process, until it is asked to stop."""
    begin_log()
    logging.basicConfig(format="%(asctime)s %(message)s")
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        runtime = open_runtime()
        came_to_its_end = run_forever(runtime, stop)
    except (RecordError, SetupError) as error:  # an operator resolves it: a sentence, and no trace
        if log_format_of(os.environ) is LogFormat.JSON:
            _LOG.critical("the process ended", exc_info=error)  # its fields have the kind and the sentence
        else:
            _LOG.critical("the process ended: %s", error)
        sys.stderr.flush()
        os._exit(1)  # a flow may still be under way on its thread
    if came_to_its_end:
        runtime.close()
        return
    # An agency is still at work for the flow under way. What is not stored is asked again at the next start.
    runtime.agencies.kill()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
