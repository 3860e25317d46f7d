"""A kind of what waits: the tables that it reads, and a function from facts to rows. Parts of use cases.

No use case writes a row. The unit of work derives the rows of the cases that a transaction touched, before it
commits, so that no way into the record can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar, cast

from engine.domain.cases.due import Waits
from engine.domain.cases.lifecycle import State
from engine.domain.system.audit import canonical, digest
from engine.store.cases_written import CasesAdded, require_cases

if TYPE_CHECKING:
    from engine.domain.agencies.directory import AgencyKnown
    from engine.settings import Settings
    from engine.store.unit_of_work import Work


_Read = TypeVar("_Read")


@dataclass(frozen=True)
class DueGiven:
    """The operator's choices and the agencies: rows depend on them beside the facts of their case."""

    settings: Settings
    describe_agencies: Callable[[], Sequence[AgencyKnown]]
    added: CasesAdded = field(default_factory=lambda: CasesAdded({}), compare=False)
    """Cases that have no facts but those of the transaction: what it did not write is not asked of them."""
    _read: dict[tuple[str, tuple[str, ...]], object] = field(default_factory=dict, compare=False)
    _states: dict[str, tuple[State, datetime]] = field(default_factory=dict, compare=False)
    _restricted: dict[str, bool] = field(default_factory=dict, compare=False)

    def anew(self, added: CasesAdded | None = None) -> DueGiven:
        """Return the same for other facts: nothing of them is read yet."""
        return DueGiven(self.settings, self.describe_agencies, added or CasesAdded({}))

    def once(self, what: str, cases: Sequence[str], read: Callable[[Sequence[str]], _Read]) -> _Read:
        """Return what several kinds read of the same cases, read once: it does not change between them."""
        key = (what, tuple(cases))
        if key not in self._read:
            self._read[key] = read(cases)
        return cast("_Read", self._read[key])

    def states(self, work: Work, cases: Sequence[str]) -> dict[str, tuple[State, datetime]]:
        """Return the state of each of these cases, and when its referral was received."""
        if unknown := [each for each in cases if each not in self._states]:
            self._states.update(work.cases.states(unknown))
        return {each: self._states[each] for each in cases}

    def restricted(self, work: Work, cases: Collection[str]) -> frozenset[str]:
        """Return those of these cases that are restricted."""
        if unknown := [each for each in cases if each not in self._restricted]:
            asked = self.added.with_any("restriction", unknown)
            found = work.need_to_know.restricted_among(asked) if asked else frozenset()
            self._restricted.update((each, each in found) for each in unknown)
        return frozenset(each for each in cases if self._restricted[each])

    @property
    def agencies(self) -> Sequence[AgencyKnown]:
        """The installed agencies, as their manifests describe them."""
        return self.describe_agencies()


@dataclass(frozen=True)
class DueKind:
    """A kind of what waits.

    ``of`` makes its rows from the facts of some cases, without a clock and without a viewer; it reads
    ``reads`` and no other table. ``given`` are the parts of the settings and agencies that its rows depend
    on: where they change, all rows of the kind are derived again. ``with_episodes``: a fact of one case
    changes the rows of the others of its episode.
    """

    name: str
    reads: frozenset[str]
    of: Callable[[Work, Sequence[str], DueGiven], Iterable[Waits]]
    given: Callable[[DueGiven], object] = lambda _: None
    with_episodes: bool = False
    version: int = 1
    """Counted up when ``of`` makes other rows of the same facts."""

    def digest(self, given: DueGiven) -> str:
        """Return the digest of everything beside the facts that the rows depend on."""
        return digest(canonical({"version": self.version, "given": self.given(given)}))

    def check(self) -> None:
        """Refuse a kind that reads a table whose rows lead to no case. Raises SetupError."""
        require_cases(self.reads)
