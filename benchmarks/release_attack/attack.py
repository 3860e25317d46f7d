"""The attack: every small count, and every small change since an earlier release, as narrow as it gets.

Everything published is one system. Two simple subtractions are tried besides, as anyone with a pencil would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.release_attack.published import (
    ALL,
    CASES,
    CURVES,
    ENDINGS,
    Figure,
    Group,
    Published,
    What,
    all_figures,
)
from benchmarks.release_attack.ranges import NEAR, Range, Ranges, matrix_of
from benchmarks.release_attack.truth import codes_in, true_numbers
from benchmarks.release_attack.unknowns import Sum, Unknowns
from engine.domain.outcomes.observed import ObservedCase

_SHOWN = 12
"""The most figures of one equation that are printed."""


@dataclass(frozen=True)
class Target:
    """A count of a group that no one may work out, or how much it changed since an earlier release."""

    day: date
    group: Group
    what: What
    since: date | None
    numbers: dict[int, int]
    true: int

    def __str__(self) -> str:
        """Return what it is, without its value."""
        of = ", ".join(code for code in self.group if code != ALL) or "all cases"
        change = f", change since {self.since}" if self.since else ""
        return f"{self.what}, {of}, {self.day}{change}"


@dataclass(frozen=True)
class Leak:
    """A small count that is worked out too closely, and the sums that give it away."""

    target: Target
    low: float
    high: float
    is_exact: bool
    equation: tuple[str, ...]


@dataclass(frozen=True)
class Attacked:
    """The leaks of some releases, and how much there was to find and to read."""

    leaks: tuple[Leak, ...]
    targets: int
    figures: int
    unknowns: int


def attack(
    releases: Sequence[Published],
    cases: Mapping[date, Sequence[ObservedCase]],
    *,
    limit: int,
    width: int,
    most: int | None = None,
) -> Attacked:
    """Return what follows from all releases together; with ``most`` it stops after so many leaks.

    A leak is a true count, or change, of 1 to ``limit`` - 1 in a range narrower than ``width``.
    """
    figures = all_figures(releases)
    if not figures:
        return Attacked((), 0, 0, 0)
    last = max(cases)
    unknowns = Unknowns(figures, codes_in(cases[last]))
    sums = list(unknowns.sums())
    true = true_numbers(unknowns, cases)
    nothing = list(unknowns.nothing())
    _require_true(sums, true, nothing)
    targets = list(_targets(unknowns, true, limit))
    if not targets:
        return Attacked((), 0, len(figures), len(true))
    rows = matrix_of([each.numbers for each in targets], len(true))
    ranges = Ranges(sums, len(true), nothing)
    leaks: list[Leak] = []
    for place in ranges.narrow(rows, width):
        found = ranges.range_of(rows[place])
        assert found.low - NEAR <= targets[place].true <= found.high + NEAR, targets[place]
        if found.high - found.low < width - NEAR:
            leaks.append(Leak(targets[place], found.low, found.high, found.is_exact, _equation(found, sums)))
        if most is not None and len(leaks) >= most:
            break
    return Attacked(tuple(leaks), len(targets), len(figures), len(true))


def _require_true(sums: Sequence[Sum], true: np.ndarray, nothing: Sequence[int]) -> None:
    """Check that the reader supposes nothing that is false: a wrong supposition would find false leaks."""
    matrix: csr_matrix = matrix_of([each.numbers for each in sums], len(true))
    for each, value in zip(sums, matrix @ true, strict=True):
        assert value == each.count or (each.or_more and value >= each.count), (each.sentence, value)
    assert not true[list(nothing)].any()


def _targets(unknowns: Unknowns, true: np.ndarray, limit: int) -> Iterator[Target]:
    """Yield every small count of every group, published or not, and every small change of one."""
    options = [(ALL, *sorted(set(column))) for column in zip(*unknowns.codes, strict=True)]
    groups = list(product(*(each if len(each) > 2 else (ALL,) for each in options)))
    for group, what in product(groups, unknowns.targets()):
        of = {day: unknowns.of(day, group, what) for day in unknowns.days}
        counts = {day: int(true[numbers].sum()) for day, numbers in of.items()}
        for day in unknowns.days:
            if 0 < counts[day] < limit:
                yield Target(day, group, what, None, dict.fromkeys(of[day], 1), counts[day])
        for earlier, later in combinations(unknowns.days, 2) if what.only_come else ():
            if 0 < abs(change := counts[later] - counts[earlier]) < limit:
                numbers = {**dict.fromkeys(of[later], 1), **dict.fromkeys(of[earlier], -1)}
                yield Target(later, group, what, earlier, numbers, change)


def _equation(found: Range, sums: Sequence[Sum]) -> tuple[str, ...]:
    """Return the figures that give the ends of a range, each with the number that it is multiplied by."""
    both = {(round(sign, 3), row): None for sign, row in (*found.gives_low, *found.gives_high)}
    lines = dict.fromkeys(f"{sign:+g} x ({sums[row].sentence})" for sign, row in both if sums[row].is_figure)
    known = dict.fromkeys(sums[row].sentence for _, row in both if not sums[row].is_figure)
    more = [f"and {len(lines) - _SHOWN} more figures"] if len(lines) > _SHOWN else []
    return (*list(lines)[:_SHOWN], *more, *known)


def decided_less_followed(figures: Sequence[Figure], limit: int) -> Iterator[tuple[int, str]]:
    """Yield the small differences of decided and followed cases of a group and date: who was not followed."""
    decided = {(each.day, each.group): each for each in figures if each.what == CASES}
    for each in figures:
        if any(each.what == What("curve", measure, ENDINGS) for measure in CURVES.values()):
            whole = decided.get((each.day, each.group))
            if whole is not None and 0 < whole.count - each.count < limit:
                yield whole.count - each.count, f"{whole} less {each}"


def changes_of_repeated(figures: Sequence[Figure], limit: int) -> Iterator[tuple[int, str]]:
    """Yield the small changes of a group that is repeated with its old date beside a new total.

    The total less the other groups of one kind, all of the new date, less what the group had.
    """
    by = {(each.day, each.group, each.what): each.count for each in figures}
    days = sorted({each.day for each in figures})
    kinds = [sorted({each.group[place] for each in figures} - {ALL}) for place in range(3)]
    for (day, wider, what), whole in by.items():
        places = [place for place in range(3) if wider[place] == ALL and len(kinds[place]) > 1]
        for place in places if what.only_come else ():
            groups: list[Group] = [_with(wider, place, code) for code in kinds[place]]
            lacking = [group for group in groups if (day, group, what) not in by]
            if len(lacking) != 1:
                continue
            now = whole - sum(by[day, group, what] for group in groups if group not in lacking)
            then = next(
                (by[d, lacking[0], what] for d in reversed(days) if d < day and (d, lacking[0], what) in by),
                None,
            )
            if then is not None and 0 < abs(now - then) < limit:
                yield now - then, f"{what}, {lacking[0]}, {day}: {now}, and {then} before"


def _with(group: Group, place: int, code: str) -> Group:
    return (
        code if place == 0 else group[0],
        code if place == 1 else group[1],
        code if place == 2 else group[2],
    )
