"""A comparison of the levels that agencies gave on one domain. It adds nothing up, and ranks no agency."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import combinations

from engine.domain.base import Frozen
from engine.domain.conference.risk import Domain, Judgement, Level, levels_apart, reads_as_safe

SETTLED_IN_WORDS_FROM = 2
"""With so many levels between two agencies the decision says in words how their difference was settled."""
_ENOUGH_FOR_SAFE = 2
"""Agencies that must share a level that reads as safe before the panel's own reasons may be left out."""


class Why(Enum):
    """The text that a decision owes on one domain, beside its level."""

    NONE = "none"
    """The agencies share the level that the panel chose: their reasons are beside it."""
    REASONS = "reasons"
    """The panel departs from the agencies, or none of them gave a level: its own reasons."""
    EITHER = "reasons, or how the difference was settled"
    SETTLED = "how the difference was settled"


class Compared(Frozen):
    """The levels of agencies on one domain.

    ``agreed`` is the level that all who gave one share; None where they differ, and where none gave one. An
    agency that is unable to say does not differ from others.
    """

    agreed: Level | None
    agencies: int
    apart: int
    """Levels between the two that are furthest apart; 0 where no two can be compared."""
    differ: bool

    def owes(self, domain: Domain, level: Level) -> Why:
        """Return the text that a decision owes beside this level.

        A level that reads as safe needs the panel's own reasons unless two agencies share it: the view of
        one agency is not an agreement.
        """
        if self.differ:
            return Why.SETTLED if self.apart >= SETTLED_IN_WORDS_FROM else Why.EITHER
        is_shared = self.agencies >= _ENOUGH_FOR_SAFE or not reads_as_safe(domain, level)
        return Why.NONE if level is self.agreed and is_shared else Why.REASONS

    def is_departed_from_by(self, level: Level) -> bool:
        """Return whether this level is another than the one that all agencies share."""
        return self.agreed is not None and level is not self.agreed

    @property
    def in_words(self) -> str:
        """One sentence, without an agency or a level."""
        if self.differ:
            steps = f"{self.apart} level{'s' if self.apart != 1 else ''}"
            return f"Agencies differ by {steps}." if self.apart else "Agencies differ."
        if self.agreed is None:
            return "No agency gave a view."
        if self.agreed is Level.UNABLE_TO_SAY:
            return "The agencies that gave a view are unable to say."
        return "Agencies do not differ." if self.agencies > 1 else "One agency gave a level."


def compared(levels: Sequence[Level]) -> Compared:
    """Return how the levels on one domain compare, one of each agency that has a view on it."""
    given = [level for level in levels if level is not Level.UNABLE_TO_SAY]
    differ = len(set(given)) > 1
    agreed = None if differ or not levels else given[0] if given else Level.UNABLE_TO_SAY
    return Compared(
        agreed=agreed,
        agencies=len(given) if given else len(levels),
        apart=furthest_apart(given),
        differ=differ,
    )


def furthest_apart(levels: Sequence[Level]) -> int:
    """Return how many levels are between the furthest two; 0 where no two can be compared."""
    return max((levels_apart(one, other) or 0 for one, other in combinations(levels, 2)), default=0)


def can_be_compared(levels: Sequence[Level]) -> bool:
    """Return whether two of them are levels at all."""
    return any(levels_apart(one, other) is not None for one, other in combinations(levels, 2))


def gave(judgement: Judgement, owed: Why) -> bool:
    """Return whether a judgement has the text that it owes."""
    match owed:
        case Why.NONE:
            return True
        case Why.REASONS:
            return judgement.reasons is not None
        case Why.EITHER:
            return judgement.reasons is not None or judgement.settled is not None
        case Why.SETTLED:
            return judgement.settled is not None
