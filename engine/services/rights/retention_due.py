"""Reviews and erasures that wait for a person, for a worklist. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from engine.access.policy import WHO_MAY, May
from engine.access.retention import read_schedules
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting
from engine.domain.cases.worklists import LongLines, WorkGroup, WorkItem, line_of, section_of
from engine.domain.rights.retention import DESK_OWNER, KeptFor, RetentionAct, Schedules, months_after
from engine.services.due.lines import chosen_rows
from engine.services.rights.due import RETENTION, RETENTION_AGAIN, owned_by
from engine.services.rights.retention import kept_parts
from engine.settings import Settings
from engine.store.unit_of_work import Work

_MOST_TOLD = 50
_AT_ONCE = 50


def retention_lines(work: Work, acting: Acting, clock: Clock, settings: Settings) -> LongLines:
    """Return due reviews, and erasures that wait for a second person, for those who may; for a worklist."""
    lines = [line_of(item) for item in _items(work, acting, clock, settings)]
    or_more = len(lines) >= _MOST_TOLD
    return LongLines(
        section_of(WorkGroup.CAN_WAIT), "retention", len(lines), 0, lambda _: lines, or_more=or_more
    )


def _items(work: Work, acting: Acting, clock: Clock, settings: Settings) -> Iterator[WorkItem]:
    if acting.role not in WHO_MAY[May.REVIEW_RETENTION]:
        return
    schedules, number = read_schedules(settings.home), 0
    for part in _parts(work, acting, clock, schedules):
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


def _parts(work: Work, acting: Acting, clock: Clock, schedules: Schedules) -> Iterator[KeptFor]:
    """Yield the parts that may be due, the longest first, some at a time: few are read and not listed."""
    months = [each.review_after_months for each in schedules.schedule]
    ended_by = months_after(clock.today(), -min(months)) if months else None
    latest = {RETENTION_AGAIN: clock.now()}
    if ended_by is not None:
        latest[RETENTION] = datetime.combine(ended_by, time.max, LONDON)
    for kind, until in latest.items():
        chosen = chosen_rows(kind, work, acting, clock)._replace(whom=(owned_by(acting),))
        skip = 0
        while rows := work.due.oldest(chosen, until=until, most=_AT_ONCE, skip=skip):
            waiting = {(each.case, each.about) for each in rows}
            cases = work.cases.all({case for case, _ in waiting})
            parts = kept_parts(work, acting, cases, clock, schedules)
            yield from (part for part in parts if (part.reference, part.owner) in waiting)
            skip += _AT_ONCE


def _waits_since(part: KeptFor, clock: Clock) -> datetime:
    if part.is_due and part.review_on is not None:
        return datetime.combine(part.review_on, time(), LONDON)
    return part.decided.at if part.decided is not None else clock.now()


def _waits_for(part: KeptFor, acting: Acting) -> bool:
    decided = part.decided
    is_decided = decided is not None and decided.act is RetentionAct.ERASE and decided.by != acting.user
    return is_decided and not part.is_held and not part.certificates
