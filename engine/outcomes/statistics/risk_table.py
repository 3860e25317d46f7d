"""Numbers at risk and numbers of endings at each time. Every estimate begins here. Pure.

An ending at a time comes before a row that leaves at the same time: who leaves at a time was at risk then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

LEFT, EVENT, COMPETING = 0, 1, 2
"""The endings of a row. Who left without an event is censored."""


@dataclass(frozen=True)
class RiskTable:
    """Numbers at each distinct time, in order of time; ``at_risk`` are those followed until it or longer."""

    times: Floats
    at_risk: Ints
    events: Ints
    competing: Ints

    @property
    def endings(self) -> Ints:
        """Events of either kind."""
        return self.events + self.competing

    def with_causes_exchanged(self) -> RiskTable:
        """Return the same table, read for the competing ending."""
        return RiskTable(self.times, self.at_risk, self.competing, self.events)

    def followed_at(self, at: float) -> int:
        """Return how many were followed until this time or longer."""
        place = int(np.searchsorted(self.times, at, side="left"))
        return int(self.at_risk[place]) if place < len(self.times) else 0


@dataclass(frozen=True)
class GroupedTable:
    """The same numbers with one column for each group."""

    times: Floats
    at_risk: Ints
    events: Ints
    competing: Ints

    def with_causes_exchanged(self) -> GroupedTable:
        """Return the same table, read for the competing ending."""
        return GroupedTable(self.times, self.at_risk, self.competing, self.events)


def risk_table(durations: Floats, endings: Ints) -> RiskTable:
    """Return the numbers of one group."""
    grouped = grouped_table(durations, endings, np.zeros(len(durations), dtype=np.int64), groups=1)
    return RiskTable(grouped.times, grouped.at_risk[:, 0], grouped.events[:, 0], grouped.competing[:, 0])


def grouped_table(durations: Floats, endings: Ints, group_of: Ints, *, groups: int) -> GroupedTable:
    """Return the numbers of all groups at all times. ``group_of`` is each row's group, from 0 on."""
    times, place = np.unique(durations, return_inverse=True)
    cell = place * groups + group_of

    def counted(chosen: npt.NDArray[np.bool_]) -> Ints:
        counts = np.bincount(cell[chosen], minlength=len(times) * groups)
        return counts.reshape(len(times), groups).astype(np.int64)

    leaving = counted(np.ones(len(durations), dtype=np.bool_))
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    return GroupedTable(times, at_risk, counted(endings == EVENT), counted(endings == COMPETING))
