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
from scipy.sparse import csr_matrix, hstack

from engine.outcomes.suppression.linked_tables import Bools, Floats, Ints, LinkedFigures
from engine.outcomes.suppression.still_open import StillOpen

_NEAR = 1e-6
_SHORTEST = 0.05
_MOST_REMEMBERED = 4_000


class OutOfTimeError(Exception):
    """The time for working out what can be published is over."""


@dataclass(frozen=True)
class Exposed:
    """A hidden figure with too narrow a range, and published figures: one of these must be hidden."""

    figure: int
    because: frozenset[int]


class _PossibleTables:
    """Tables that agree with some published figures, and the range of each figure over those that agree now.

    A table that was found for one choice of hidden figures serves every choice that hides what it changes.
    """

    def __init__(self, figures: LinkedFigures) -> None:
        self._figures = figures
        self._values = np.empty((256, len(figures.counts)), dtype=np.int64)
        self._differs = np.empty(self._values.shape, dtype=np.bool_)
        self._size = 0
        self._found: set[bytes] = set()
        self._hidden = np.zeros(len(figures.counts), dtype=np.bool_)
        self.lows = self.highs = figures.counts.astype(np.int64)
        self.has_no_limit = np.zeros(len(figures.counts), dtype=np.bool_)
        """By figure, whether part of it is in no published figure, so that it may be any number."""

    def add(self, combinations: Floats) -> None:
        """Note a table of whole numbers."""
        values = np.rint(self._figures.sums @ np.rint(combinations)).astype(np.int64)
        if values.tobytes() in self._found or self._size >= _MOST_REMEMBERED:
            return
        if self._size == len(self._values):
            self._values = np.vstack([self._values, np.empty_like(self._values)])
            self._differs = np.vstack([self._differs, np.empty_like(self._differs)])
        self._found.add(values.tobytes())
        differs = values != self._figures.counts
        self._values[self._size], self._differs[self._size] = values, differs
        self._size += 1
        if not (differs & ~self._hidden).any():
            self.lows, self.highs = np.minimum(self.lows, values), np.maximum(self.highs, values)

    def turn_to(self, hidden: Bools) -> None:
        """Read the ranges for this choice from now on."""
        if (hidden == self._hidden).all():
            return
        self._hidden = hidden.copy()
        agree = ~(self._differs[: self._size] & ~hidden).any(axis=1)
        values = np.vstack([self._figures.counts, self._values[: self._size][agree]])
        self.lows, self.highs = values.min(axis=0), values.max(axis=0)
        shown = self._figures.sums.T @ (~hidden).astype(float)
        self.has_no_limit = self._figures.sums @ (shown == 0) > 0


class Attack:
    """The attacks on one set of linked figures; it remembers the possible tables that it finds."""

    def __init__(self, figures: LinkedFigures, *, width: int, seconds_left: Callable[[], float]) -> None:
        self.figures, self.width = figures, width
        self._seconds_left = seconds_left
        self._tables = _PossibleTables(figures)
        self._open: tuple[Bools, StillOpen] | None = None
        self._some_table: Floats | None = None

    def is_consistent(self) -> bool:
        """Return whether there are people, in whole numbers, that give all published figures."""
        everything = self._open_in(np.zeros(len(self.figures.counts), dtype=np.bool_))
        if everything.is_contradicted:
            return False
        columns, sums, left = everything.everything()
        best = self._best(np.zeros(len(columns)), sums, left)
        if best is None:
            return False
        self._some_table = everything.fixed.copy()
        self._some_table[columns] = best
        return True

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
            if not self._is_safe_by_memory(figure, hidden) and self._is_narrow(figure, hidden):
                return int(figure)
        return None

    def bounds(self, figure: int, hidden: Bools) -> tuple[int, int | None]:
        """Return the smallest and largest whole number that a hidden figure can be."""
        self._tables.turn_to(hidden)
        low = self._extreme(figure, hidden, sign=1)
        return low, None if self._tables.has_no_limit[figure] else self._extreme(figure, hidden, sign=-1)

    def remember(self, combinations: Floats) -> None:
        """Note a possible table, in whole numbers."""
        self._tables.add(combinations)

    def _is_safe_by_memory(self, figure: int, hidden: Bools) -> bool:
        tables = self._tables
        tables.turn_to(hidden)
        return bool(tables.has_no_limit[figure] or tables.highs[figure] - tables.lows[figure] >= self.width)

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
        return frozenset(published.tolist()) if self._is_narrow(figure, hidden) else None

    def _is_narrow(self, figure: int, hidden: Bools) -> bool:
        low = self._extreme(figure, hidden, sign=1)
        if self._is_safe_by_memory(figure, hidden):
            return False
        return self._extreme(figure, hidden, sign=-1) - low < self.width

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

    def _extreme(self, figure: int, hidden: Bools, *, sign: int) -> int:
        """Return the smallest number that a figure can be, or with a sign of -1 the largest."""
        if self._some_table is None:
            raise OutOfTimeError
        members = self.figures.sums[figure].indices
        columns, sums, left = self._open_in(hidden).of_figure(figure)
        table = self._some_table.copy()
        best = self._best(sign * np.isin(columns, members).astype(float), sums, left)
        if best is None:
            raise OutOfTimeError
        table[columns] = best
        self.remember(table)
        return round(float(table[members].sum()))

    def _open_in(self, hidden: Bools) -> StillOpen:
        if self._open is None or (self._open[0] != hidden).any():
            self._open = (hidden.copy(), StillOpen(self.figures, hidden))
        return self._open[1]

    def _best(self, aim: Floats, sums: csr_matrix, left: Floats) -> Floats | None:
        """Return the whole numbers that give these sums and are smallest by ``aim``; None: there are none."""
        if not len(left):
            return np.zeros(len(aim))
        solved = milp(
            aim,
            constraints=LinearConstraint(sums, left, left),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(len(aim)),
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
