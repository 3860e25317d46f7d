"""Referrals that wait for a screening."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.domain.accounts.acting import Role
from engine.domain.cases.due import Waits, of_role
from engine.domain.cases.lifecycle import State
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work


def to_screen(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each referral that no person has screened, for coordinators."""
    for reference, (state, received_at) in given.states(work, cases).items():
        if state is State.NOT_SCREENED:
            yield Waits(case=reference, about=reference, whom=of_role(Role.COORDINATOR), since=received_at)


SCREEN = DueKind("screen", reads=frozenset({"involvement"}), of=to_screen)
