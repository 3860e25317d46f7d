"""Answers that no named person can release, for a worklist. Shows nothing of what an agency has prepared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.involvement import Unreleased
from engine.domain.cases.lifecycle import BEING_ASKED, State
from engine.domain.cases.worklists import WorkItem
from engine.services.access.checks import open_cases
from engine.services.responses.due_dates import said_of, unreleased
from engine.settings import Settings
from engine.store.unit_of_work import Work

_WHILE = BEING_ASKED | {State.IN_CONFERENCE}


def unheard_items(work: Work, acting: Acting, clock: Clock, settings: Settings) -> Iterator[WorkItem]:
    """Yield for chair and coordinator each asked agency that has no person on the case to answer for it.

    An agency that was added later is asked, and its people are on no case. A person connected to a party
    cannot release either. Only the chair sees that, because a coordinator may not know of the connection.
    """
    connected = work.need_to_know.connected_somewhere() if acting.role is Role.CHAIR else ()
    waiting = unreleased(work, _WHILE, users=connected, settings=settings)
    shut_out = _shut_out(work, waiting)
    alone = [each for each in waiting if all(each.involvement in shut_out[name] for name in each.named)]
    there = {i.reference for i in open_cases(work, acting, work.cases.all({e.involvement for e in alone}))}
    for each in alone:
        if each.involvement not in there:
            continue
        yield WorkItem(
            reference=each.involvement,
            what=f"Name a practitioner of {each.agency} on the case",
            why=(
                f"The agency '{each.agency}' was asked, and no person named on the case can release its "
                f"response.{said_of(each.brought_forward)}"
            ),
            due_at=each.due_at,
            since=each.asked_at,
            is_overdue=clock.now() > each.due_at,
            is_alarm=False,
            kind="name people",
            agency=each.agency,
        )


def _shut_out(work: Work, waiting: Sequence[Unreleased]) -> dict[str, frozenset[str]]:
    return {name: work.need_to_know.shut_out_of(name) for name in {n for each in waiting for n in each.named}}
