"""Tables of orders in a release: a reader of both works out no small count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from engine.domain.orders.stages import (
    AFTER_SERVICE,
    ORDERS,
    REACHED,
    AfterService,
    OrderGroup,
    OrderStage,
)
from engine.domain.outcomes.tables import FigureTable
from engine.outcomes.releases.work_releasing import WorkRead
from tests.engine.outcomes.releases.test_work_releasing import QUARTERS, made, work_of
from tests.engine.outcomes.releases.worked import a_centre

LIMIT = 10
NOT_SERVED = ("", "")
_Unknown = tuple[str, tuple[str, str]]
"""An order's stage, and its group and what followed: what the reader takes to be possible."""
UNKNOWN: tuple[_Unknown, ...] = (
    *((stage, NOT_SERVED) for stage in OrderStage if stage is not OrderStage.SERVED),
    *(
        (stage, (group, result))
        for stage in REACHED["Served"]
        for group, result in product(OrderGroup, AfterService)
        if result is not AfterService.BREACH or stage is OrderStage.BREACH
    ),
)


def inside(table: FigureTable, levels: Sequence[str], joins: Sequence[str]) -> list[bool]:
    """True for the unknown numbers that a row counts; without levels it is the whole."""
    last = set(joins) or {*levels[-1:]}
    if table.name == ORDERS:
        return [not levels or stage in last for stage, _ in UNKNOWN]
    served = [of for _, of in UNKNOWN]
    if not levels:
        return [of != NOT_SERVED for of in served]
    return [of[0] == levels[0] and of[1] in last for of in served]


def sums(tables: Sequence[FigureTable]) -> Iterator[tuple[list[bool], int]]:
    for table in tables:
        if table.whole is not None:
            yield inside(table, (), ()), table.whole
        for row in table.rows:
            if row.count is not None:
                yield inside(table, row.levels, row.joins), row.count


def worked_out(tables: Sequence[FigureTable], read: WorkRead) -> list[tuple[str, ...]]:
    """The small counts of both tables that the reader narrows to under the limit."""
    known = list(sums(tables))
    matrix, counts = np.array([row for row, _ in known], dtype=float), np.array([n for _, n in known])
    found = []
    for table in of_orders(read.exact_tables()):
        for row in table.rows:
            if not 0 < (row.count or 0) < LIMIT:
                continue
            target = np.array(inside(table, row.levels, ()), dtype=float)
            ends = [linprog(sign * target, A_eq=matrix, b_eq=counts).fun for sign in (1, -1)]
            if -ends[1] - ends[0] < LIMIT - 1e-6:
                found.append((table.name, *row.levels))
    return found


def of_orders(tables: Sequence[FigureTable]) -> list[FigureTable]:
    return [each for each in tables if each.name in (ORDERS, AFTER_SERVICE)]


@pytest.mark.parametrize("size", [300, 400, 700])
def test_a_reader_of_both_tables_works_out_no_small_count(size: int) -> None:
    read = a_centre(size)
    tables = of_orders([each.table for each in work_of(made(read, QUARTERS[0])).tables])
    assert not any(0 < (row.count or 0) < LIMIT for table in tables for row in table.rows)
    assert worked_out(tables, read) == []


def test_the_same_reader_works_some_out_where_only_small_counts_are_hidden() -> None:
    read = a_centre(400)
    assert worked_out([without_small(table) for table in of_orders(read.exact_tables())], read) != []


def without_small(table: FigureTable) -> FigureTable:
    rows = [row.model_copy(update={"count": None}) if (row.count or 0) < LIMIT else row for row in table.rows]
    return table.model_copy(update={"rows": tuple(rows)})


def test_what_followed_goes_out_by_type_with_small_results_as_one() -> None:
    read = a_centre(1_500)
    tables = {each.table.name: each.table for each in work_of(made(read, QUARTERS[0])).tables}
    table = tables[AFTER_SERVICE]
    assert not table.is_hidden
    assert table.whole == sum(each.followed is not None for each in read.orders)
    assert {row.levels[0] for row in table.rows if row.count is not None} <= {*OrderGroup}
