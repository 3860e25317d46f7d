"""Readers who try to work out hidden figures, written apart from the engine: one tries every table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog

from engine.outcomes.suppression.linked_tables import TOTAL, CountedTable
from engine.tools.suppression.tables import TableCell

People = Mapping[Any, int]
"""How many there are of each combination of levels, or in each cell."""


def a_table(name: str, dimensions: Sequence[str], inner: People) -> CountedTable:
    """A table with every total that its inner cells have."""
    cells: dict[tuple[str, ...], int] = {}
    for key, count in inner.items():
        for totalled in product((False, True), repeat=len(key)):
            cell = tuple(TOTAL if hide else level for hide, level in zip(totalled, key, strict=True))
            cells[cell] = cells.get(cell, 0) + count
    return counted(name, dimensions, cells)


def counted(name: str, dimensions: Sequence[str], cells: People) -> CountedTable:
    """A table of just these cells."""
    return CountedTable(name, tuple(dimensions), dict(cells), {key: row + 2 for row, key in enumerate(cells)})


def margin(people: People, names: Sequence[str], wanted: Sequence[str], name: str) -> CountedTable:
    """The table of some dimensions of the same people."""
    places = [names.index(each) for each in wanted]
    inner: dict[tuple[str, ...], int] = {}
    for key, count in people.items():
        short = tuple(key[place] for place in places)
        inner[short] = inner.get(short, 0) + count
    return a_table(name, wanted, inner)


class Reader:
    """One who has every published cell of all tables, and knows all levels."""

    def __init__(self, cells: Sequence[TableCell]) -> None:
        self.cells = cells
        self.levels: dict[str, list[str]] = {}
        for cell in cells:
            for name, level in cell.dimensions.items():
                found = self.levels.setdefault(name, [])
                if level != TOTAL and level not in found:
                    found.append(level)
        self.people = list(product(*self.levels.values()))
        self.sums = np.array([[self._is_in(person, cell) for person in self.people] for cell in cells])

    def _is_in(self, person: Sequence[str], cell: TableCell) -> int:
        at = dict(zip(self.levels, person, strict=True))
        return int(all(level in (TOTAL, at[name]) for name, level in cell.dimensions.items()))

    def ranges_by_trying(self) -> list[tuple[int, int | None]]:
        """Return the range of each cell over every table of people that gives the published counts."""
        shown = [(place, cell.count) for place, cell in enumerate(self.cells) if cell.count is not None]
        covered = np.array(
            [any(self.sums[place, at] for place, _ in shown) for at in range(len(self.people))]
        )
        sums = self.sums[:, covered]
        left = [count for _, count in shown]
        rows = [sums[place] for place, _ in shown]
        tables = list(_tables(rows, left, sums.shape[1]))
        values = np.array(tables, dtype=np.int64).reshape(len(tables), sums.shape[1]) @ sums.T
        ranges: list[tuple[int, int | None]] = []
        for place in range(len(self.cells)):
            has_no_limit = bool(self.sums[place, ~covered].any())
            ranges.append(
                (int(values[:, place].min()), None if has_no_limit else int(values[:, place].max()))
            )
        return ranges

    def ranges_by_programming(self) -> list[tuple[float, float]]:
        """Return the range of each hidden cell by linear programming: not in whole numbers."""
        shown = [place for place, cell in enumerate(self.cells) if cell.count is not None]
        counts = [self.cells[place].count for place in shown]
        ranges = []
        for place, cell in enumerate(self.cells):
            if cell.count is not None:
                continue
            ends = []
            for sign in (1, -1):
                solved = linprog(
                    sign * self.sums[place], A_eq=self.sums[shown], b_eq=counts, bounds=(0, None)
                )
                ends.append(np.inf if solved.status == 3 else sign * solved.fun)
            ranges.append((ends[0], ends[1]))
        return ranges


def _tables(rows: Sequence[np.ndarray], left: Sequence[int], width: int, at: int = 0) -> Iterator[list[int]]:
    """Yield every way to fill the people from ``at`` on so that all counts come out."""
    if at == width:
        if not any(left):
            yield []
        return
    most = min(count for row, count in zip(rows, left, strict=True) if row[at])
    for here in range(most + 1):
        rest = [count - here * int(row[at]) for row, count in zip(rows, left, strict=True)]
        if all(count == 0 or row[at + 1 :].any() for row, count in zip(rows, rest, strict=True)):
            for others in _tables(rows, rest, width, at + 1):
                yield [here, *others]
