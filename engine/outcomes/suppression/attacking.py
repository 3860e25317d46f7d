"""The attack of a reader of everything published on a hidden figure, in whole numbers. Pure.

The attacker knows every published figure, that people are counted in whole numbers from 0, and which
combinations are in no file. The attacker does not know the limit or which cells are hidden first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

from engine.outcomes.suppression.linked_tables import Bools, Floats, Ints, LinkedFigures

_NEAR = 1e-6
_SHORTEST = 0.05


class OutOfTimeError(Exception):
    """The time for working out what can be published is over."""


@dataclass(frozen=True)
class Exposed:
    """A hidden figure with too narrow a range, and published figures: one of these must be hidden."""

    figure: int
    because: frozenset[int]


class Attack:
    """The attacks on one set of linked figures; it remembers each possible table that it has found."""

    def __init__(self, figures: LinkedFigures, *, width: int, seconds_left: Callable[[], float]) -> None:
        self.figures, self.width = figures, width
        self._seconds_left = seconds_left
        count, self._combinations = figures.sums.shape
        self._differs = np.zeros((1, count), dtype=np.bool_)
        self._values = figures.counts[None, :].astype(np.int64)
        self._covered = figures.sums.T.tocsr()

    def is_consistent(self) -> bool:
        """Return whether there are people, in whole numbers, that give all published figures."""
        everything = np.zeros(len(self.figures.counts), dtype=np.bool_)
        return self._best(np.zeros(self._combinations), everything, whole=True) is not None

    def exposed(self, hidden: Bools) -> list[Exposed]:
        """Return the hidden figures whose range is narrower than the width."""
        found = []
        for figure in np.flatnonzero(hidden).tolist():
            if self._is_safe_by_memory(figure, hidden):
                continue
            because = self._why_exposed(figure, hidden)
            if because is not None:
                found.append(Exposed(figure, because))
        return found

    def first_exposed(self, hidden: Bools) -> int | None:
        """Return one hidden figure whose range is narrower than the width, or None."""
        for figure in np.flatnonzero(hidden).tolist():
            if not self._is_safe_by_memory(figure, hidden) and self._why_exposed(figure, hidden) is not None:
                return int(figure)
        return None

    def bounds(self, figure: int, hidden: Bools) -> tuple[int, int | None]:
        """Return the smallest and largest whole number that a hidden figure can be."""
        low = self._extreme(figure, hidden, sign=1, whole=True)
        if self._has_no_limit(figure, hidden):
            return low, None
        return low, self._extreme(figure, hidden, sign=-1, whole=True)

    def remember(self, combinations: Floats) -> None:
        """Note a possible table, in whole numbers."""
        values = np.rint(self.figures.sums @ np.rint(combinations)).astype(np.int64)
        differs = values != self.figures.counts
        if not (self._differs == differs).all(axis=1).any() or len(self._values) < 4_000:
            self._values = np.vstack([self._values, values])
            self._differs = np.vstack([self._differs, differs])

    def _is_safe_by_memory(self, figure: int, hidden: Bools) -> bool:
        if self._has_no_limit(figure, hidden):
            return True
        possible = ~(self._differs & ~hidden).any(axis=1)
        values = self._values[possible, figure]
        return bool(values.max() - values.min() >= self.width)

    def _has_no_limit(self, figure: int, hidden: Bools) -> bool:
        """Return whether part of this figure is in no published one, so that it may be any number."""
        published = np.flatnonzero(~hidden)
        inside = self.figures.sums[figure].indices
        shown = np.asarray(self.figures.sums[published].sum(axis=0)).ravel()
        return bool((shown[inside] == 0).any())

    def _why_exposed(self, figure: int, hidden: Bools) -> frozenset[int] | None:
        """Return published figures that together give this one away, or None where it is safe."""
        published = np.flatnonzero(~hidden)
        needed: set[int] = set()
        ends = []
        for sign in (1, -1):
            solved = self._solved(figure, published, sign)
            duals = np.abs(np.asarray(solved.eqlin.marginals))
            needed |= set(published[duals > _NEAR].tolist())
            ends.append(sign * float(solved.fun))
            if np.abs(solved.x - np.rint(solved.x)).max(initial=0.0) < _NEAR:
                self.remember(solved.x)
        if floor(ends[1] + _near(ends[1])) - ceil(ends[0] - _near(ends[0])) < self.width:
            return frozenset(needed)
        if self._is_safe_by_memory(figure, hidden):
            return None
        low = self._extreme(figure, hidden, sign=1, whole=True)
        high = self._extreme(figure, hidden, sign=-1, whole=True)
        return frozenset(published.tolist()) if high - low < self.width else None

    def _solved(self, figure: int, published: Ints, sign: int):  # type: ignore[no-untyped-def]  # scipy has no types
        aim = sign * self.figures.sums[figure].toarray().ravel()
        solved = linprog(
            aim,
            A_eq=self.figures.sums[published],
            b_eq=self.figures.counts[published],
            bounds=(0, None),
            method="highs",
            options={"time_limit": self._time()},
        )
        if solved.status != 0:
            raise OutOfTimeError
        return solved

    def _extreme(self, figure: int, hidden: Bools, *, sign: int, whole: bool) -> int:
        best = self._best(sign * self.figures.sums[figure].toarray().ravel(), hidden, whole=whole)
        if best is None:
            raise OutOfTimeError
        self.remember(best)
        return round(float((self.figures.sums[figure] @ best).sum()))

    def _best(self, aim: Floats, hidden: Bools, *, whole: bool) -> Floats | None:
        """Return the possible table that is smallest by ``aim``; None: there is none."""
        published = np.flatnonzero(~hidden)
        if not len(published):
            return np.zeros(self._combinations)
        counts = self.figures.counts[published]
        solved = milp(
            aim,
            constraints=LinearConstraint(self.figures.sums[published], counts, counts),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(self._combinations) if whole else None,
            options={"time_limit": self._time(), "mip_rel_gap": 0.0},
        )
        if solved.status == 2:
            return None
        if solved.status != 0 or solved.x is None:
            raise OutOfTimeError
        return np.asarray(np.rint(solved.x))

    def nearest(self, figure: int, hidden: Bools, costs: Floats, *, aim: int, whole: bool) -> Floats | None:
        """Return a possible table with another number here, and other published figures as near as may be.

        ``aim`` is by how many. What it changes must be hidden for it to be possible.
        """
        count, width = self.figures.sums.shape
        if aim < 0 and self.figures.counts[figure] + aim < 0:
            return None
        published = np.flatnonzero(~hidden)
        change = csr_matrix(
            (np.ones(len(published)), (published, np.arange(len(published)))), shape=(count, len(published))
        )
        from scipy.sparse import hstack

        fixed = np.concatenate([published, [figure]])
        matrix = hstack([self.figures.sums, -change, change]).tocsr()[fixed]
        right = self.figures.counts[fixed].astype(float)
        right[-1] += aim
        low, high = right.copy(), right.copy()
        (high if aim > 0 else low)[-1] = np.inf if aim > 0 else 0
        solved = milp(
            np.concatenate([np.zeros(width), costs[published], costs[published]]),
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(0, np.inf),
            integrality=np.concatenate([np.full(width, int(whole)), np.zeros(2 * len(published))]),
            options={"time_limit": self._time()},
        )
        if solved.status == 2:
            return None
        if solved.x is None:
            raise OutOfTimeError
        return np.asarray(solved.x[:width])

    def _time(self) -> float:
        left = self._seconds_left()
        if left <= _SHORTEST:
            raise OutOfTimeError
        return left


def _near(value: float) -> float:
    return _NEAR * max(1.0, abs(value))


def is_whole(combinations: Sequence[float] | Floats) -> bool:
    """Return whether all numbers of a table are whole."""
    values = np.asarray(combinations)
    return bool(np.abs(values - np.rint(values)).max(initial=0.0) < _NEAR)
