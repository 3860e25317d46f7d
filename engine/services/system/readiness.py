"""The state of an installation: record, background service and disk. Reads no case."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path

from engine.clock import Clock
from engine.domain.base import Frozen
from engine.domain.errors import StacError
from engine.services.system.outbox import runners_seen
from engine.settings import NO_ROOM, Settings
from engine.store.unit_of_work import UnitOfWork


class Part(StrEnum):
    """The state of one part."""

    READY = "ready"
    FAILED = "failed"
    NOT_RUNNING = "not running"
    PARTLY = "partly running"
    """One of several is not."""
    LATE = "late"
    """It is there, and its work is not done."""
    NOT_KNOWN = "not known"


class Readiness(Frozen):
    """The state of each part. It has no figure and no id: anyone who can reach the server may read it."""

    record: Part
    runner: Part
    disk: Part
    requests: Part = Part.NOT_KNOWN
    """Late where a referral has waited for 10 minutes and no agency was asked, whatever runs."""

    @property
    def can_serve(self) -> bool:
        """True where pages can be read and written. They can without the background service too."""
        return self.record is Part.READY and self.disk is Part.READY


def readiness(*, uow: UnitOfWork, clock: Clock, settings: Settings) -> Readiness:
    """Return the state of each part now; the background service is not known where the record fails."""
    record, runner, requests = Part.FAILED, Part.NOT_KNOWN, Part.NOT_KNOWN
    try:
        uow.derive_all()
        with uow.unrecorded() as work:
            runners = runners_seen(work, clock=clock, settings=settings)
            requests = Part.LATE if work.outbox.late_requests(at=clock.now()) else Part.READY
        record, runner = Part.READY, Part.READY if runners.alive else Part.NOT_RUNNING
        if runners.alive and runners.silent_since:
            runner = Part.PARTLY
    except StacError:
        pass  # the record failed, which is the answer
    return Readiness(record=record, runner=runner, disk=_disk(settings.home), requests=requests)


def _disk(home: Path) -> Part:
    try:
        return Part.READY if shutil.disk_usage(home).free >= NO_ROOM else Part.FAILED
    except OSError:
        return Part.FAILED
