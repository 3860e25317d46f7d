"""Cases without an officer, a holder or a lead agency, from their screening until they are closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.due import Waits, of_role
from engine.domain.cases.lifecycle import State
from engine.domain.cases.responsible import Responsible
from engine.domain.cases.worklists import RESPONSIBLE, LongLines, WorkItem
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.due.lines import due_lines
from engine.store.unit_of_work import Work

_NOT_WAITING = frozenset({State.NOT_SCREENED, State.CLOSED})


def not_recorded(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each screened case that lacks one of the three, for coordinators; a restricted one for the chair.

    Most coordinators do not know of that one.
    """
    there = given.states(work, cases)
    asked = [each for each in cases if there[each][0] not in _NOT_WAITING]
    if not asked:
        return
    versions = work.responsible.of_each(asked)
    lacking = {each: versions.get(each, (Responsible(),))[-1].missing for each in asked}
    waiting = [each for each in asked if lacking[each]]
    if not waiting:
        return
    since, restricted = work.responsible.screened_at(waiting), given.restricted(work, waiting)
    for case in waiting:
        readers = (Role.COORDINATOR, Role.CHAIR) if case in restricted else (Role.COORDINATOR,)
        for role in readers:
            yield Waits(
                case=case,
                about=case,
                whom=of_role(role),
                since=since.get(case, there[case][1]),
                version=", ".join(part.value for part in lacking[case]),
            )


def responsible_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return a line for each such case, which names what is not recorded."""

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for each in rows:
            yield WorkItem(
                reference=each.case,
                what="Record who is responsible",
                why=f"Not recorded: {each.version}.",
                due_at=None,
                since=each.since,
                is_overdue=False,
                is_alarm=False,
                kind=NOT_RESPONSIBLE.name,
            )

    return due_lines(NOT_RESPONSIBLE, work, acting, clock, write=write)


NOT_RESPONSIBLE = DueKind(
    RESPONSIBLE,
    reads=frozenset({"involvement", "episode", "restriction", "screening", "case_responsible"}),
    of=not_recorded,
)
