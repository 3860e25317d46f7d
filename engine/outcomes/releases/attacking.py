"""The attack of a reader of this release and earlier ones on a count or change that is in none. Pure.

The reader knows every published count, that people are counted from 0, and what is true of any releases.
Combinations that every published count has together are one unknown number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix

from engine.outcomes.releases.linear_attack import Exposed, LinearAttack, Sums, shows_small_change

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
class Fact:
    """A fact that a reader supposes of each combination: ``less`` is at most ``more``, or equals it.

    Both are sums of parts, each in one release; an empty one is 0.
    """

    members: Bools
    less: tuple[tuple[int, tuple[int, ...]], ...]
    more: tuple[tuple[int, tuple[int, ...]], ...] = ()
    is_equal: bool = False


@dataclass(frozen=True)
class Target:
    """A count that must not be worked out, or with ``since`` how much it changed since that release.

    Without ``count`` it is one of an earlier release. Of a change it is what today's cases show: those that
    are gone are in neither count.
    """

    release: int
    members: Bools
    parts: tuple[int, ...]
    count: int | None
    since: int | None = None

    def is_given_away(self, low: float, high: float, limit: int) -> bool:
        """Return whether a narrow range gives it away."""
        return self.since is None or shows_small_change(low, high, self.count, limit)


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
        facts: Sequence[Fact],
        seconds_left: Callable[[], float],
    ) -> None:
        """Set it up: ``combinations`` of codes, each with ``parts`` in each of the ``releases``."""
        self._targets = targets
        others = [each.members for each in facts]
        others += [each.members for each in targets if each.since is not None]
        told_apart = np.array([*(each.members for each in known), *others], dtype=np.bool_).reshape(
            len(known) + len(others), combinations
        )
        patterns, class_of = np.unique(told_apart, axis=1, return_inverse=True)
        self._classes, self._releases = patterns.shape[1], releases
        sums = [parts_of for fact in facts for _, parts_of in (*fact.less, *fact.more)]
        self._part_of = _together([*(each.parts for each in known), *sums], parts)
        self._parts = max(self._part_of, default=-1) + 1
        self._joined = np.bincount(self._part_of, minlength=self._parts)
        self._class_of = np.asarray(class_of).ravel()
        self._size = np.bincount(self._class_of, minlength=self._classes)
        least, most = self._target_rows()
        self._attack = LinearAttack(
            Sums(
                self._rows([(each.release, patterns[row], each.parts) for row, each in enumerate(known)]),
                np.array([each.count for each in known], dtype=float),
                self._facts(facts),
            ),
            least=least,
            most=most,
            true=[each.count if each.since is None else None for each in targets],
            seconds_left=seconds_left,
        )

    def exposed(self, width: float, limit: int) -> list[Exposed]:
        """Return the targets whose range is narrower than the width. Raises OutOfTimeError."""
        return [
            each
            for each in self._attack.exposed(width)
            if self._targets[each.target].is_given_away(each.low, each.high, limit)
        ]

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
        now = self._least_and_most([(each.release, each) for each in self._targets])
        if all(each.since is None for each in self._targets):
            return now
        then = self._least_and_most([(each.since, each) for each in self._targets])
        return (now[0] - then[1]).tocsr(), (now[1] - then[0]).tocsr()

    def _least_and_most(self, wanted: Sequence[tuple[int | None, Target]]) -> tuple[csr_matrix, csr_matrix]:
        least: list[tuple[int, Bools, Sequence[int]]] = []
        most: list[tuple[int, Bools, Sequence[int]]] = []
        for release, target in wanted:
            if release is None:
                nobody: Bools = np.zeros(self._classes, dtype=np.bool_)
                least.append((0, nobody, ()))
                most.append((0, nobody, ()))
                continue
            inside = np.bincount(self._class_of[target.members], minlength=self._classes)
            of = np.bincount([self._part_of[part] for part in target.parts], minlength=self._parts)
            whole = [
                part for part in target.parts if of[self._part_of[part]] == self._joined[self._part_of[part]]
            ]
            least.append((release, (inside == self._size) & (inside > 0), whole))
            most.append((release, inside > 0, target.parts))
        return self._rows(least), self._rows(most)

    def _facts(self, facts: Sequence[Fact]) -> csr_matrix | None:
        """Return a row for each class that a fact is true of: it is not above 0."""
        if not facts:
            return None
        less: list[Sequence[tuple[int, Bools, Sequence[int]]]] = []
        more: list[Sequence[tuple[int, Bools, Sequence[int]]]] = []
        for fact in facts:
            for one in np.unique(self._class_of[fact.members]).tolist():
                only: Bools = np.zeros(self._classes, dtype=np.bool_)
                only[one] = True
                sides = [
                    [(release, only, parts) for release, parts in each] for each in (fact.less, fact.more)
                ]
                less.append(sides[0])
                more.append(sides[1])
                if fact.is_equal:
                    less.append(sides[1])
                    more.append(sides[0])
        return (self._added(less) - self._added(more)).tocsr()

    def _added(self, wanted: Sequence[Sequence[tuple[int, Bools, Sequence[int]]]]) -> csr_matrix:
        """Return a row for each list of sums: all of them together."""
        every = self._rows([each for sums in wanted for each in sums])
        row_of = [row for row, sums in enumerate(wanted) for _ in sums]
        places = (np.ones(len(row_of)), (row_of, np.arange(len(row_of))))
        return csr_matrix(places, shape=(len(wanted), len(row_of))) @ every


def _together(sums: Sequence[Sequence[int]], parts: int) -> list[int]:
    """Return a number for each part; those that every sum has together, or not at all, share one."""
    numbers: dict[tuple[bool, ...], int] = {}
    sets = [frozenset(each) for each in set(map(tuple, sums))]
    return [numbers.setdefault(tuple(part in each for each in sets), len(numbers)) for part in range(parts)]
