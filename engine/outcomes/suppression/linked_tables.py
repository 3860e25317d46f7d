"""Published tables that count the same people, as sums of one set of smallest combinations. Pure.

Each figure is a sum over combinations of all dimensions of all tables: what a reader who has every table can
reckon with. Two cells that are the same sum are one figure, and are published or hidden together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from engine.domain.errors import InvalidInputError

TOTAL = "total"
MOST_COMBINATIONS = 100_000
Key: TypeAlias = tuple[str, ...]
Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CountedTable:
    """One table: for each cell a level of each dimension, or ``TOTAL``, its count and its row in the file."""

    name: str
    dimensions: tuple[str, ...]
    cells: Mapping[Key, int]
    rows: Mapping[Key, int]

    def inner(self) -> dict[Key, int]:
        """Return the cells that are not totals of others."""
        return {key: count for key, count in self.cells.items() if TOTAL not in key}

    def levels(self) -> Iterator[tuple[str, set[str]]]:
        """Yield each dimension with the levels that it has here."""
        for place, dimension in enumerate(self.dimensions):
            yield dimension, {key[place] for key in self.cells} - {TOTAL}


@dataclass(frozen=True)
class LinkedFigures:
    """Different figures of all tables.

    ``sums`` (figures, combinations) has the combinations that a figure adds up, ``counts`` its number,
    ``cells`` how many cells show it, and ``of_cell`` the figure of each cell, by table.
    """

    sums: csr_matrix
    counts: Ints
    cells: Ints
    of_cell: tuple[Mapping[Key, int], ...]


def linked(tables: Sequence[CountedTable]) -> LinkedFigures:
    """Return the figures of these tables. Raises InvalidInputError where they contradict one another."""
    for table in tables:
        _check_totals(table)
    for one, other in combinations(tables, 2):
        _check_both(one, other)
    levels: dict[str, list[str]] = {}
    for table in tables:
        for dimension, found in table.levels():
            levels[dimension] = sorted({*levels.get(dimension, []), *found})
    shape = [len(each) for each in levels.values()]
    if prod(shape) > MOST_COMBINATIONS:
        raise InvalidInputError(
            "tables",
            f"their dimensions have {prod(shape):,} combinations together; at most "
            f"{MOST_COMBINATIONS:,} can be protected: join levels or leave a table out",
        )
    places = np.indices(shape).reshape(len(shape), -1)
    codes = dict(zip(levels, places, strict=True))
    index = {name: {level: code for code, level in enumerate(found)} for name, found in levels.items()}
    possible = np.ones(places.shape[1], dtype=np.bool_)
    for table in tables:
        possible &= _possible(table, codes, index)
    return _figures(tables, {name: code[possible] for name, code in codes.items()}, index)


def _check_totals(table: CountedTable) -> None:
    """Refuse a total that is not the sum of its parts; a part that is not in the file counts nothing."""
    for place in range(len(table.dimensions)):
        sums: dict[Key, int] = {}
        for key, count in table.cells.items():
            if key[place] != TOTAL:
                total = (*key[:place], TOTAL, *key[place + 1 :])
                sums[total] = sums.get(total, 0) + count
        for key, added in sums.items():
            if key in table.cells and table.cells[key] != added:
                raise InvalidInputError(
                    f"{table.name}, row {table.rows[key]}",
                    f"the total is {table.cells[key]:,}, but its parts by "
                    f"'{table.dimensions[place][:60]}' add up "
                    f"to {added:,}; correct it, or leave the total out",
                )


def _check_both(one: CountedTable, other: CountedTable) -> None:
    """Refuse two tables that give different figures for the same people."""
    shared = [name for name in one.dimensions if name in other.dimensions]
    here, there = _margin(one, shared), _margin(other, shared)
    for key in {**here, **there}:
        a, b = here.get(key, 0), there.get(key, 0)
        if here and there and a != b:
            by = f" by {' and '.join(name[:60] for name in shared)}" if shared else ""
            raise InvalidInputError(
                f"{one.name} and {other.name}",
                f"their totals{by} differ (for instance {a:,} and {b:,}), so they do not count the "
                f"same people; "
                "correct one of them, or rename a dimension that is not the same",
            )


def _margin(table: CountedTable, dimensions: Sequence[str]) -> dict[Key, int]:
    """Return a table's totals by these dimensions, given or added up; empty where neither is known."""
    places = [table.dimensions.index(name) for name in dimensions]
    others = [place for place in range(len(table.dimensions)) if place not in places]
    given = {
        tuple(key[place] for place in places): count
        for key, count in table.cells.items()
        if all(key[place] == TOTAL for place in others) and all(key[place] != TOTAL for place in places)
    }
    if given:
        return given
    added: dict[Key, int] = {}
    for key, count in table.inner().items():
        short = tuple(key[place] for place in places)
        added[short] = added.get(short, 0) + count
    return added


def _possible(
    table: CountedTable, codes: Mapping[str, Ints], index: Mapping[str, Mapping[str, int]]
) -> Bools:
    """Return which combinations can have people by this table: one that is not in it has none.

    A combination under a total without any parts is not left out: the total says that people are in it.
    """
    shape = [len(index[name]) for name in table.dimensions]
    at = tuple(codes[name] for name in table.dimensions)
    inner = table.inner()
    if not inner:
        return np.ones(len(at[0]), dtype=np.bool_)
    open_ = np.zeros(shape, dtype=np.bool_)
    counted = np.zeros(shape, dtype=np.int64)
    for key, count in inner.items():
        place = tuple(index[name][level] for name, level in zip(table.dimensions, key, strict=True))
        open_[place], counted[place] = True, count
    for key, count in table.cells.items():
        if TOTAL in key:
            part = tuple(
                slice(None) if level == TOTAL else index[name][level]
                for name, level in zip(table.dimensions, key, strict=True)
            )
            if counted[part].sum() != count:
                open_[part] = True
    return np.asarray(open_[at])


def _figures(
    tables: Sequence[CountedTable], codes: Mapping[str, Ints], index: Mapping[str, Mapping[str, int]]
) -> LinkedFigures:
    width = len(next(iter(codes.values())))
    figure_of: dict[bytes, int] = {}
    sums: list[Ints] = []
    counts: list[int] = []
    cells: list[int] = []
    of_cell: list[dict[Key, int]] = []
    for table in tables:
        here: dict[Key, int] = {}
        members = _members(table, codes, index, width)
        for key, count in table.cells.items():
            inside = members.get(key, np.empty(0, dtype=np.int64))
            if count and not len(inside):
                raise InvalidInputError(
                    f"{table.name}, row {table.rows[key]}",
                    f"it counts {count:,}, but another table has no row for these people; add it there",
                )
            name = inside.tobytes()
            if name not in figure_of:
                figure_of[name] = len(sums)
                sums.append(inside)
                counts.append(count)
                cells.append(0)
            figure = figure_of[name]
            if counts[figure] != count:
                raise InvalidInputError(
                    f"{table.name}, row {table.rows[key]}",
                    f"it counts {count:,}, and another cell for the same people {counts[figure]:,}",
                )
            cells[figure] += 1
            here[key] = figure
        of_cell.append(here)
    ends = np.cumsum([0, *(len(each) for each in sums)])
    matrix = csr_matrix((np.ones(ends[-1]), np.concatenate(sums), ends), shape=(len(sums), width))
    return LinkedFigures(matrix, np.array(counts), np.array(cells), tuple(of_cell))


def _members(
    table: CountedTable, codes: Mapping[str, Ints], index: Mapping[str, Mapping[str, int]], width: int
) -> dict[Key, Ints]:
    """Return the combinations of each cell, found once for all cells that total the same dimensions."""
    members: dict[Key, Ints] = {}
    for totalled in product((False, True), repeat=len(table.dimensions)):
        wanted = [key for key in table.cells if tuple(level == TOTAL for level in key) == totalled]
        if not wanted:
            continue
        fixed = [name for name, is_total in zip(table.dimensions, totalled, strict=True) if not is_total]
        code = np.zeros(width, dtype=np.int64)
        for name in fixed:
            code = code * len(index[name]) + codes[name]
        order = np.argsort(code, kind="stable")
        ordered = code[order]
        for key in wanted:
            own = 0
            for name, level in zip(table.dimensions, key, strict=True):
                if level != TOTAL:
                    own = own * len(index[name]) + index[name][level]
            low, high = np.searchsorted(ordered, [own, own + 1])
            members[key] = np.sort(order[low:high])
    return members
