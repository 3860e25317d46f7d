"""Copies of the record every few minutes, on a thread of the runner of their own: no flow delays them."""

from __future__ import annotations

import logging
from threading import Event

from engine.domain.errors import StacError
from engine.domain.file_faults import why_not
from engine.runtime import Runtime
from engine.services.system.copies import copy_if_changed, is_copied
from flows import schedules
from flows.steps import id_only_errors
from flows.timing import Timing

_LOG = logging.getLogger(__name__)


class Copying:
    """Copies the record of one home at its interval, where copies are made here."""

    def __init__(self, runtime: Runtime, stop: Event, *, timing: Timing) -> None:
        self._runtime, self._stop, self._timing = runtime, stop, timing
        self._fault: str | None = None

    @id_only_errors()
    def run(self) -> None:
        """Copy until asked to stop. Where none is made here, only wait for that."""
        if not is_copied(self._runtime.settings):
            self._stop.wait()
            return
        while not self._stop.is_set():
            self.turn()
            self._stop.wait(float(self._timing.every[schedules.COPIES]))

    def turn(self) -> None:
        """Copy once. A fault is logged when it begins, and the next turn tries again.

        A refusal or a fault of a disk does not end the runner: alarms need it more than copies do.
        """
        runtime = self._runtime
        try:
            copy_if_changed(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)
        except (OSError, StacError) as error:
            fault = why_not(error) if isinstance(error, OSError) else str(error)
            if fault != self._fault:
                _LOG.error("no copy of the record was made: %s", fault)
            self._fault = fault
        else:
            self._fault = None
            self._timing.did(schedules.COPIES)
