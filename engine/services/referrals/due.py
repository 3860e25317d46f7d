"""Referrals that wait for a screening."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.domain.accounts.acting import Role
from engine.domain.cases.due import Waits, of_role
from engine.domain.cases.lifecycle import State
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work


def to_screen(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each referral that no person has screened, for coordinators; a restricted one for the chair too.

    Most coordinators do not know of that one.
    """
    there = given.states(work, cases)
    waiting = {each: there[each][1] for each in cases if there[each][0] is State.NOT_SCREENED}
    restricted = given.restricted(work, waiting)
    for reference, received_at in waiting.items():
        yield Waits(case=reference, about=reference, whom=of_role(Role.COORDINATOR), since=received_at)
        if reference in restricted:
            yield Waits(case=reference, about=reference, whom=of_role(Role.CHAIR), since=received_at)


SCREEN = DueKind("screen", reads=frozenset({"involvement", "episode"}), of=to_screen, version=2)
