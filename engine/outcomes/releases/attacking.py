"""The attack of a reader of this release and earlier ones on a count that is in none of them. Pure.

The reader knows every published count, that people are counted from 0, and, between two releases, that
cases are only added. Combinations that every published count has together are one unknown number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix

from engine.outcomes.suppression.attacking import OutOfTimeError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_NEAR = 1e-6
_IDLE_ROUNDS, _FEW = 3, 4


@dataclass(frozen=True)
class Known:
    """A published count of some combinations and parts in one release (0 is the first)."""

    release: int
    members: Bools
    parts: tuple[int, ...]
    count: int
    block: int | None
    """The block that it is of, by its place; None cannot be withheld any more."""


@dataclass(frozen=True)
class Target:
    """A count that must not be worked out. Without ``count`` it is one of an earlier release."""

    release: int
    members: Bools
    part: int
    count: int | None


@dataclass(frozen=True)
class Exposed:
    """A target with too narrow a range, and the places of the published counts that narrow it."""

    target: int
    low: float
    high: float
    because: tuple[int, ...]


class Attack:
    """All that is published of one table, over all releases, as one linear program."""

    def __init__(
        self,
        known: Sequence[Known],
        targets: Sequence[Target],
        *,
        parts: int,
        releases: int,
        combinations: int,
        grows: Sequence[tuple[int, ...]],
        seconds_left: Callable[[], float],
    ) -> None:
        """Set it up. ``grows`` are the parts whose sums can only grow from one release to the next."""
        self._known, self._targets, self._seconds_left = known, targets, seconds_left
        told_apart = np.array([each.members for each in known], dtype=np.bool_).reshape(
            len(known), combinations
        )
        patterns, class_of = np.unique(told_apart, axis=1, return_inverse=True)
        self._classes, self._releases = patterns.shape[1], releases
        self._part_of = _together([*(each.parts for each in known), *grows], parts)
        self._parts = max(self._part_of, default=-1) + 1
        self._is_single = np.bincount(self._part_of, minlength=self._parts) == 1
        self._class_of = np.asarray(class_of).ravel()
        self._size = np.bincount(self._class_of, minlength=self._classes)
        self._sums = self._rows([(each.release, patterns[row], each.parts) for row, each in enumerate(known)])
        self._counts = np.array([each.count for each in known], dtype=float)
        self._falls = self._growth(grows)
        self._least, self._most = self._target_rows()
        self.lows = np.array([np.inf if each.count is None else each.count for each in targets], dtype=float)
        self.highs = np.array(
            [-np.inf if each.count is None else each.count for each in targets], dtype=float
        )

    def exposed(self, width: float) -> list[Exposed]:
        """Return the targets whose range is narrower than the width. Raises OutOfTimeError."""
        self._look_around(width)
        found = []
        for place, target in enumerate(self._targets):
            if self.highs[place] - self.lows[place] >= width:
                continue
            low, because_low = self._extreme(self._least, place, 1.0)
            if self.highs[place] - low >= width:
                continue
            high, because_high = self._extreme(self._most, place, -1.0)
            if high - low >= width - _NEAR or (target.count is None and high < _NEAR):
                continue
            found.append(Exposed(place, low, high, tuple(sorted(because_low | because_high))))
        return found

    def bounds(self, place: int) -> tuple[float, float]:
        """Return the range of one target."""
        return self._extreme(self._least, place, 1.0)[0], self._extreme(self._most, place, -1.0)[0]

    def _look_around(self, width: float) -> None:
        """Find possible tables with many large and small targets: these show that most are safe."""
        chance = np.random.default_rng(20261127)
        idle = 0
        while idle < _IDLE_ROUNDS:
            unsafe = np.flatnonzero(self.highs - self.lows < width)
            if len(unsafe) < _FEW:
                return
            up = chance.random(len(unsafe)) < 0.5
            aim = self._least[unsafe[~up]].sum(axis=0) - self._most[unsafe[up]].sum(axis=0)
            self._solve(np.asarray(aim).ravel())
            left = int(np.sum(self.highs - self.lows < width))
            idle = 0 if left < 0.97 * len(unsafe) else idle + 1

    def _extreme(self, rows: csr_matrix, place: int, sign: float) -> tuple[float, set[int]]:
        value, because = self._solve(sign * rows[place].toarray().ravel())
        return sign * value, because

    def _solve(self, aim: Floats) -> tuple[float, set[int]]:
        left = self._seconds_left()
        if left < 0.05:
            raise OutOfTimeError
        most = float(self._counts.max(initial=0.0)) * 4 + 1_000
        solved = linprog(
            aim,
            A_ub=self._falls,
            b_ub=None if self._falls is None else np.zeros(self._falls.shape[0]),
            A_eq=self._sums,
            b_eq=self._counts,
            bounds=(0, most),
            method="highs",
            options={"time_limit": left},
        )
        if solved.status == 2 and self._falls is not None:
            self._falls = None  # cases were erased or restricted: a reader who believes in growth is wrong
            return self._solve(aim)
        if solved.status != 0:
            raise OutOfTimeError
        np.minimum(self.lows, self._least @ solved.x, out=self.lows)
        np.maximum(self.highs, self._most @ solved.x, out=self.highs)
        duals = np.abs(np.asarray(solved.eqlin.marginals))
        return float(solved.fun), set(np.flatnonzero(duals > _NEAR).tolist())

    def _rows(self, wanted: Sequence[tuple[int, Bools, Sequence[int]]]) -> csr_matrix:
        width = self._releases * self._classes * self._parts
        rows, columns = [], []
        for row, (release, classes, parts) in enumerate(wanted):
            at = np.flatnonzero(classes)
            for part in sorted({self._part_of[part] for part in parts}):
                columns.append((release * self._classes + at) * self._parts + part)
                rows.append(np.full(len(at), row))
        if not rows:
            return csr_matrix((len(wanted), width))
        places = (np.concatenate(rows), np.concatenate(columns))
        return coo_matrix((np.ones(len(places[0])), places), shape=(len(wanted), width)).tocsr()

    def _target_rows(self) -> tuple[csr_matrix, csr_matrix]:
        """Return what is surely in each target, and what may be."""
        least, most = [], []
        for target in self._targets:
            inside = np.bincount(self._class_of[target.members], minlength=self._classes)
            is_single = self._is_single[self._part_of[target.part]]
            least.append((target.release, (inside == self._size) & (inside > 0) & is_single, (target.part,)))
            most.append((target.release, inside > 0, (target.part,)))
        return self._rows(least), self._rows(most)

    def _growth(self, grows: Sequence[tuple[int, ...]]) -> csr_matrix | None:
        if self._releases < 2 or not grows:
            return None
        rows: list[tuple[int, Bools, Sequence[int]]] = []
        for release in range(self._releases - 1):
            for parts in grows:
                for one in range(self._classes):
                    only: Bools = np.zeros(self._classes, dtype=np.bool_)
                    only[one] = True
                    rows.append((release, only, parts))
        earlier = self._rows(rows)
        later = self._rows([(release + 1, only, parts) for release, only, parts in rows])
        return (earlier - later).tocsr()


def _together(sums: Sequence[Sequence[int]], parts: int) -> list[int]:
    """Return a number for each part; those that every sum has together, or not at all, share one."""
    numbers: dict[tuple[bool, ...], int] = {}
    sets = [frozenset(each) for each in set(map(tuple, sums))]
    return [numbers.setdefault(tuple(part in each for each in sets), len(numbers)) for part in range(parts)]
