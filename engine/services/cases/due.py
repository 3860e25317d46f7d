"""Derives what waits: for the cases that a transaction touched, and for all where that is not enough."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from engine.services.due.kinds import DueGiven, DueKind

if TYPE_CHECKING:
    from engine.domain.agencies.directory import AgencyKnown
    from engine.settings import Settings
    from engine.store.cases_written import RowsWritten
    from engine.store.unit_of_work import UnitOfWork, Work


class DueRows:
    """The rows of what waits on the cases of one record."""

    def __init__(self, settings: Settings, describe_agencies: Callable[[], Sequence[AgencyKnown]]) -> None:
        self._given = DueGiven(settings, describe_agencies)

    @cached_property
    def kinds(self) -> tuple[DueKind, ...]:
        """Every kind; each loads the room that it is about, which few commands need."""
        from engine.services.cases.due_kinds import KINDS

        return KINDS

    def settle(self, work: Work, written: RowsWritten) -> None:
        """Derive the rows of the cases that a transaction touched; part of it, as the last before its end.

        It holds the head of the audit log by then, so two who touch one case derive one after the other, and
        the second sees what the first wrote.
        """
        touched = work.due.touched(written, frozenset().union(*(kind.reads for kind in self.kinds)))
        given = self._given.anew(touched.added)
        for kind in self.kinds:
            cases = touched.of(kind.reads, with_episodes=kind.with_episodes)
            if cases:
                waits = kind.of(work, list(cases.values()), given)
                work.due.replace(kind.name, cases, waits, there=touched.there(kind.name, cases))

    def settle_all(self, uow: UnitOfWork) -> int:
        """Derive all rows of each kind that has other settings, agencies or rules than when it was derived.

        Return the number of those kinds. Safe to repeat: what is derived already stays as it is.
        """
        with uow.unrecorded() as work:
            there = work.due.digests()
        digests = {kind.name: kind.digest(self._given) for kind in self.kinds}
        if there == digests:
            return 0
        stale = [kind for kind in self.kinds if there.get(kind.name) != digests[kind.name]]
        self._derive(uow, stale)
        with uow.unrecorded(will_write=True) as work:
            for kind in stale:
                work.due.note_digest(kind.name, digests[kind.name])
            work.due.remove_kinds(there.keys() - digests.keys())
        return len(stale)

    def _derive(self, uow: UnitOfWork, kinds: Sequence[DueKind]) -> None:
        """Derive all rows of these kinds, some cases at a time; what several read of them is read once."""
        after = 0
        while True:
            with uow.unrecorded(will_write=True) as work:
                work.due.hold()
                cases = work.due.some_cases(after=after)
                if not cases:
                    return
                given, after = self._given.anew(), max(cases)
                for kind in kinds:
                    work.due.replace(kind.name, cases, kind.of(work, list(cases.values()), given))

    def differences(self, uow: UnitOfWork) -> dict[str, int]:
        """Return by kind how many of its rows differ from what the facts say now: 0 in a sound record."""
        uow.derive_all()
        with uow.unrecorded() as work:
            return dict(self._differences(work))

    def derive_again(self, uow: UnitOfWork, kinds: Collection[str]) -> None:
        """Derive all rows of these kinds again from the facts."""
        self._derive(uow, [kind for kind in self.kinds if kind.name in kinds])

    def _differences(self, work: Work) -> Iterator[tuple[str, int]]:
        for kind in self.kinds:
            found, after = 0, 0
            while cases := work.due.some_cases(after=after):
                waits = kind.of(work, list(cases.values()), self._given.anew())
                found += work.due.differences(kind.name, cases, waits)
                after = max(cases)
            yield kind.name, found
