"""Reviews and erasures that wait for a person, for a worklist. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from engine.access.policy import WHO_MAY, May
from engine.access.retention import read_schedules
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting
from engine.domain.cases.worklists import WorkItem
from engine.domain.rights.retention import DESK_OWNER, KeptFor, RetentionAct, Schedules, months_after
from engine.services.access.checks import open_cases
from engine.services.rights.retention import kept_parts
from engine.settings import Settings
from engine.store.unit_of_work import Work

_MOST_TOLD = 50
_AT_ONCE = 100


def retention_items(work: Work, acting: Acting, clock: Clock, settings: Settings) -> Iterator[WorkItem]:
    """Yield due reviews, and erasures that wait for a second person, for those who may; for a worklist."""
    if acting.role not in WHO_MAY[May.REVIEW_RETENTION]:
        return
    schedules, today = read_schedules(settings.home), clock.today()
    months = [each.review_after_months for each in schedules.schedule]
    ended_by = months_after(today, -min(months)) if months else None
    waiting = work.retention.to_look_at(ended_by=ended_by, on=today)
    number = 0
    for part in _parts(work, acting, waiting, clock, schedules):
        waits = _waits_for(part, acting)
        if not part.may_review or not (part.is_due or waits):
            continue
        number += 1
        yield WorkItem(
            reference=part.reference,
            what="Erase content as approved" if waits else "Review retention",
            why=f"{'STAC coordinator and chair' if part.owner == DESK_OWNER else part.owner}: {part.stands}",
            due_at=None,
            since=_waits_since(part, clock),
            is_overdue=False,
            is_alarm=False,
            kind="retention",
            can_wait=True,
        )
        if number == _MOST_TOLD:
            return


def _parts(
    work: Work, acting: Acting, waiting: Sequence[str], clock: Clock, schedules: Schedules
) -> Iterator[KeptFor]:
    """Yield every part of these cases, some cases at a time: only as many are read as are asked for."""
    for first in range(0, len(waiting), _AT_ONCE):
        cases = open_cases(work, acting, work.cases.all(waiting[first : first + _AT_ONCE]))
        yield from kept_parts(work, acting, cases, clock, schedules)


def _waits_since(part: KeptFor, clock: Clock) -> datetime:
    if part.is_due and part.review_on is not None:
        return datetime.combine(part.review_on, time(), LONDON)
    return part.decided.at if part.decided is not None else clock.now()


def _waits_for(part: KeptFor, acting: Acting) -> bool:
    decided = part.decided
    is_decided = decided is not None and decided.act is RetentionAct.ERASE and decided.by != acting.user
    return is_decided and not part.is_held and not part.certificates
