"""The attack of a reader of this release and earlier ones on a count that is in none of them. Pure.

The reader knows every published count, that people are counted from 0, and, between two releases, that
cases are only added. Combinations that every published count has together are one unknown number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix

from engine.outcomes.releases.linear_attack import Exposed, LinearAttack, Sums

Bools = npt.NDArray[np.bool_]


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
        self._targets = targets
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
        least, most = self._target_rows()
        self._attack = LinearAttack(
            Sums(
                self._rows([(each.release, patterns[row], each.parts) for row, each in enumerate(known)]),
                np.array([each.count for each in known], dtype=float),
                self._growth(grows),
            ),
            least=least,
            most=most,
            true=[each.count for each in targets],
            seconds_left=seconds_left,
        )

    def exposed(self, width: float) -> list[Exposed]:
        """Return the targets whose range is narrower than the width. Raises OutOfTimeError."""
        return list(self._attack.exposed(width))

    def bounds(self, place: int) -> tuple[float, float]:
        """Return the range of one target."""
        return self._attack.bounds(place)

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
