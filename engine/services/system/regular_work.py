"""The runner's report of its regular work, and what is known of it. Ids and times only, so no audit entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from importlib import metadata

from engine.clock import Clock
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen, Instant
from engine.domain.system.versions import SoftwareVersions
from engine.settings import Settings
from engine.store.repositories.system.regular_work import WorkDone
from engine.store.unit_of_work import UnitOfWork


class WorkSeen(Frozen):
    """The record's rows about the regular work of its runners.

    ``runners`` are those that did not end as asked, with their last signs of life. ``swept_at`` and
    ``anchored_at`` are known of records of an older version too, without who did it. The record began with
    the oldest entry of its audit log.
    """

    runners: dict[str, Instant]
    done: tuple[WorkDone, ...]
    swept_at: Instant | None
    anchored_at: Instant | None
    is_anchor_tried: bool
    record_began_at: Instant | None


def report_work(
    *,
    uow: UnitOfWork,
    clock: Clock,
    by: str,
    done: Mapping[str, datetime],
    every: Mapping[str, int],
    is_alive: bool,
    began_at: datetime | None = None,
    versions: SoftwareVersions | None = None,
) -> None:
    """Store when this runner did what, in one transaction with its sign of life if it gives one.

    ``began_at`` is its start, and ``versions`` are those of its software; None leaves what is known of them.
    """
    if not done and not is_alive:
        return
    with uow.unrecorded(will_write=True) as work:
        if is_alive:
            work.outbox.sign_of_life(by=by, at=clock.now(), began_at=began_at, versions=versions)
        work.regular_work.note(by, done, every=every)


def work_seen(*, uow: UnitOfWork) -> WorkSeen:
    """Return what the record has; the newest rows come first."""
    with uow.unrecorded() as work:
        anchor = work.audit_content.newest_anchor()
        return WorkSeen(
            runners=work.outbox.runners(),
            done=work.regular_work.all(),
            swept_at=work.outbox.swept_at(),
            anchored_at=anchor.succeeded_at if anchor else None,
            is_anchor_tried=anchor is not None,
            record_began_at=work.audit.oldest_at(),
        )


def software_versions(agencies: Iterable[AgencyKnown]) -> SoftwareVersions:
    """Return the version of the engine, and those of these agencies' plugins."""
    plugins = {agency.code: agency.version for agency in agencies}
    return SoftwareVersions(engine=metadata.version("stac-engine"), agencies=plugins)


def versions_at_work(
    *, uow: UnitOfWork, clock: Clock, settings: Settings
) -> dict[str, SoftwareVersions | None]:
    """Return the software of each runner that is alive, by its name; None where it is not known."""
    since = clock.now() - timedelta(seconds=settings.runner_is_dead_after_seconds)
    with uow.unrecorded() as work:
        return work.outbox.versions(since=since)
