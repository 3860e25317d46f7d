"""Notices to the victim that wait: for who speaks for the victim, and for the desk where they press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.domain.cases.due import OF_DESK, Waits, of_agency
from engine.domain.orders.notices import StoredNotice
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work

_READS = frozenset({"victim_notice", "victim_notice_attempt"})


def to_inform(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each notice that nobody has tried yet and that is not late, for who speaks for the victim."""
    for notice in work.victim_notices.of(cases):
        if not notice.attempts:
            for code in _speaking(given):
                yield _waits(notice, of_agency(code))._replace(ends=notice.due_at)


def not_reached(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each notice that is late, or whose attempts did not reach the victim, for them and the desk."""
    for notice in work.victim_notices.of(cases):
        if notice.is_done:
            continue
        starts = None if notice.attempts else notice.due_at + datetime.resolution
        for whom in (OF_DESK, *map(of_agency, _speaking(given))):
            yield _waits(notice, whom)._replace(starts=starts)


def _waits(notice: StoredNotice, whom: str) -> Waits:
    return Waits(case=notice.case, about=str(notice.number), whom=whom, since=notice.at, due=notice.due_at)


def _speaking(given: DueGiven) -> list[str]:
    return sorted(agency.code for agency in given.agencies if agency.speaks_for_victim)


INFORM = DueKind("inform victim", reads=_READS, of=to_inform, given=_speaking)
NOT_REACHED = DueKind("victim not reached", reads=_READS, of=not_reached, given=_speaking)
"""Its lines come before all but alarms: an attempt failed, or the target has passed."""
