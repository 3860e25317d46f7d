"""Hiding the small figures of linked tables, and the others that would give them away. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.domain.errors import InvalidInputError
from engine.outcomes.suppression.attacking import Attack, OutOfTimeError
from engine.outcomes.suppression.linked_tables import Bools, CountedTable, LinkedFigures, linked
from engine.tools.suppression.choosing import enough, fewest
from engine.tools.suppression.tables import CellState, SuppressedTables, TableCell

MOST_OPTIMAL = 200
"""The most cells that the smallest choice is searched for."""


def suppress(
    tables: Sequence[CountedTable],
    *,
    limit: int,
    hide_zeros: bool,
    width: int,
    seconds_left: Callable[[], float],
) -> SuppressedTables:
    """Return what may be published of each cell, and what a reader could work out of it.

    Hidden are figures from 1 to ``limit`` - 1, with ``hide_zeros`` also 0, and others, so that none of them
    has a range narrower than ``width``. When the time is over, only the overall total is published.

    Raises
    ------
    InvalidInputError
        A total is not the sum of its parts, two tables do not count the same people, or there is too much.
    """
    figures = linked(tables)
    attack = Attack(figures, width=width, seconds_left=seconds_left)
    primary = (figures.counts < limit) & (figures.counts >= (0 if hide_zeros else 1))
    _check_possible(figures, attack, primary, hide_zeros)
    hidden, bounds, is_optimal = _chosen(tables, attack, primary, seconds_left)
    return SuppressedTables(_cells(tables, figures, primary, hidden, bounds), is_optimal)


def _check_possible(figures: LinkedFigures, attack: Attack, primary: Bools, hide_zeros: bool) -> None:
    known = np.asarray(figures.sums.sum(axis=1)).ravel() == 0
    if hide_zeros and (known & primary).any():
        raise InvalidInputError(
            "tables",
            "a cell of 0 is to be hidden, but another table has no row for it; add rows with a count of 0",
        )
    try:
        consistent = attack.is_consistent()
    except OutOfTimeError:
        return
    if not consistent:
        raise InvalidInputError(
            "tables", "they contradict one another: no people could give all of these figures; check them"
        )


def _chosen(
    tables: Sequence[CountedTable], attack: Attack, primary: Bools, seconds_left: Callable[[], float]
) -> tuple[Bools, dict[int, tuple[int, int | None]], bool]:
    cells = sum(len(table.cells) for table in tables)
    try:
        if attack.first_exposed(primary) is None:
            hidden, is_optimal = primary, True
        else:
            hidden, is_optimal = _searched(attack, primary, cells, seconds_left)
        bounds = {figure: attack.bounds(figure, hidden) for figure in np.flatnonzero(hidden).tolist()}
    except OutOfTimeError:
        hidden, is_optimal = _all_but_overall(attack, primary), False
        bounds = _bounds_beside_overall(attack.figures, hidden)
    return hidden, bounds, is_optimal


def _searched(
    attack: Attack, primary: Bools, cells: int, seconds_left: Callable[[], float]
) -> tuple[Bools, bool]:
    if cells <= MOST_OPTIMAL:
        try:
            return fewest(attack, primary, seconds=seconds_left() / 2), True
        except OutOfTimeError:
            pass
    return enough(attack, primary), False


def _all_but_overall(attack: Attack, primary: Bools) -> Bools:
    """Return the choice that needs no search: everything is hidden but the overall total.

    Each hidden figure can then be anything from 0 to that total, if the total is large enough to be shown.
    """
    figures = attack.figures
    whole = np.asarray(figures.sums.sum(axis=1)).ravel() == figures.sums.shape[1]
    nobody = np.asarray(figures.sums.sum(axis=1)).ravel() == 0
    may = whole & ~primary & (figures.counts >= attack.width)
    return np.asarray(~(may | nobody))


def _bounds_beside_overall(figures: LinkedFigures, hidden: Bools) -> dict[int, tuple[int, int | None]]:
    whole = np.asarray(figures.sums.sum(axis=1)).ravel() == figures.sums.shape[1]
    shown = figures.counts[whole & ~hidden]
    most = int(shown[0]) if len(shown) else None
    return dict.fromkeys(np.flatnonzero(hidden).tolist(), (0, most))


def _cells(
    tables: Sequence[CountedTable],
    figures: LinkedFigures,
    primary: Bools,
    hidden: Bools,
    bounds: dict[int, tuple[int, int | None]],
) -> tuple[TableCell, ...]:
    cells = []
    for table, of_cell in zip(tables, figures.of_cell, strict=True):
        for key, count in table.cells.items():
            figure = of_cell[key]
            state = (
                CellState.PRIMARY
                if primary[figure]
                else CellState.SECONDARY
                if hidden[figure]
                else CellState.PUBLISHED
            )
            low, high = bounds[figure] if hidden[figure] else (count, count)
            cells.append(
                TableCell(
                    table=table.name,
                    dimensions=dict(zip(table.dimensions, key, strict=True)),
                    count=None if hidden[figure] else count,
                    state=state,
                    low=low,
                    high=high,
                )
            )
    return tuple(cells)
