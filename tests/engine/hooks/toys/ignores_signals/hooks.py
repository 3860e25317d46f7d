"""A toy agency that ignores every signal that can be ignored, and sleeps."""

from __future__ import annotations

import signal
import time

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It ignores every signal that can be ignored, and sleeps."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(3600)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
