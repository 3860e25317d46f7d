"""Figures of an installation in OpenMetrics, for the watch of a server, without any label."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from engine.clock import Clock
from engine.domain.errors import StacError
from engine.services.system.backups import list_backups
from engine.services.system.copies import is_copied, not_copied
from engine.services.system.outbox import runners_seen
from engine.services.system.verification_lines import newest_verification
from engine.settings import Settings
from engine.store.unit_of_work import UnitOfWork

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def metrics(*, uow: UnitOfWork, clock: Clock, settings: Settings) -> str:
    """Return the figures as text. What cannot be read is left out, and ``stac_record_ready`` is 0 then."""
    lines = list(_of_record(uow, clock, settings))
    try:
        free = shutil.disk_usage(settings.home).free
    except OSError:
        pass
    else:
        lines += _gauge("stac_disk_free_bytes", "Bytes free on the disk of the home folder.", free)
    if settings.backup.folder is not None:
        try:
            newest = next(iter(list_backups(settings=settings)), None)
        except OSError:
            newest = None
        if newest is not None:
            age = int((clock.now() - newest.at).total_seconds())
            lines += _gauge("stac_backup_age_seconds", "Age of the newest backup.", age)
    lines += _of_copies(uow, clock, settings)
    return "\n".join([*lines, "# EOF", ""])


def _of_copies(uow: UnitOfWork, clock: Clock, settings: Settings) -> Iterator[str]:
    if not is_copied(settings):
        return
    try:
        found = not_copied(uow=uow, settings=settings)
    except (OSError, StacError):
        return
    if found.newest is not None:
        age = int((clock.now() - found.newest.at).total_seconds())
        yield from _gauge("stac_copy_age_seconds", "Age of the newest copy of the record.", age)
    waits = max(0, int((clock.now() - found.since).total_seconds())) if found.since else 0
    yield from _gauge("stac_not_copied_seconds", "Age of the oldest entry that no copy has.", waits)


def _of_record(uow: UnitOfWork, clock: Clock, settings: Settings) -> Iterator[str]:
    try:
        with uow.unrecorded() as work:
            runners = runners_seen(work, clock=clock, settings=settings)
            late = work.outbox.late_requests(at=clock.now())
            newest, failed = newest_verification(work)
            waiting, stale = work.outbox.waiting(), work.outbox.stale(at=clock.now())
    except StacError:
        yield from _gauge("stac_record_ready", _READY, 0)
        return
    yield from _gauge("stac_record_ready", _READY, 1)
    yield from _gauge("stac_runners_alive", "Background services that gave a sign of life.", runners.alive)
    silent = len(runners.silent_since)
    yield from _gauge("stac_runners_silent", "Background services that gave none and did not end.", silent)
    yield from _gauge("stac_flows_waiting", "Flows that are not done.", waiting)
    yield from _gauge("stac_flows_stale", "Flows that a background service began and left.", stale)
    yield from _gauge("stac_requests_late", "Referrals that wait and no agency was asked.", late)
    yield from _gauge("stac_verification_failures", "Parts of the daily verification that fail.", len(failed))
    if newest is not None:
        age = int((clock.now() - newest.at).total_seconds())
        yield from _gauge("stac_verification_age_seconds", "Age of the newest verification.", age)


_READY = "1 when the record can be read."


def _gauge(name: str, about: str, value: int) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    yield f"# HELP {name} {about}"
    yield f"{name} {value}"
