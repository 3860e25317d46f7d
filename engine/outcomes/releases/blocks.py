"""The publishable counts of one group in one table, without the others: no part is small. Pure.

A part that is too small is joined with another, where the table has a way of joining. Where a figure has
changed by fewer cases than the limit since an earlier release, the difference of both would show them: the
earlier one stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.domain.outcomes.follow_up import AgainstWhom
from engine.domain.outcomes.observed import Standing
from engine.domain.outcomes.releases import Group
from engine.outcomes.releases.micro_tables import (
    AGAINST,
    CASES,
    COMPETING,
    EVENT,
    GRID_MONTHS,
    LEFT,
    MOST_SEVERE,
    NO_SCORE,
    RECORDED_CURVE,
    REPORTED_CURVE,
    SEVERITY,
    SEVERITY_BANDS,
    SHARED_MONTHS,
    STANDING,
    STILL,
    MicroTable,
    curve_parts,
)

NOT_COUNTED = "ended early or not checked"
REST = "ended early, not checked or not yet known"
BOTH = "new victim or by proxy, shown together"
SEVERE = "100 or more"
_ENDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    REPORTED_CURVE: {EVENT: (EVENT,), LEFT: (COMPETING, LEFT)},
    RECORDED_CURVE: {EVENT: (EVENT,), COMPETING: (COMPETING,), LEFT: (LEFT,)},
}
"""Endings of a step on each curve: a death is censored on the curve of reports."""


@dataclass(frozen=True)
class Cell:
    """A published count of cases in some parts of a table, together."""

    label: str
    parts: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Block:
    """The published cells of one group in one table. They go out together, or not at all."""

    group: Group
    table: str
    cells: tuple[Cell, ...]

    def cell(self, label: str) -> Cell | None:
        """Return a cell by its label."""
        return next((cell for cell in self.cells if cell.label == label), None)

    @property
    def cases(self) -> int:
        """All cases in it."""
        return sum(cell.count for cell in self.cells)


def block_of(
    table: MicroTable,
    group: Group,
    counts: Mapping[str, int],
    *,
    limit: int,
    before: Block | None,
    older: Sequence[Block] = (),
) -> Block | str:
    """Return what can be published of a group, without regard to others, or why nothing can be.

    ``before`` is the newest that was published of it, and ``older`` are all before that.
    """
    reason = f"a part of it counts fewer than {limit} cases"
    for cells in _ways(table.name, counts, limit, before):
        if not cells or not _is_large_enough(table.name, cells, limit):
            continue
        block = Block(group, table.name, cells)
        if before is not None and changes_are_small(before, block, limit):
            reason = f"fewer than {limit} cases changed since the last release that shows it"
        elif any(_shows_few(each, block, limit) for each in older):
            reason = f"fewer than {limit} cases changed since an earlier release that shows it"
        else:
            return block
    return reason


def changes_are_small(before: Block, after: Block, limit: int) -> bool:
    """Return whether a difference of both shows fewer than the limit, or nothing has changed at all."""
    differences = [number for _, number in _differences(before, after)]
    return not any(differences) or any(0 < abs(each) < limit for each in differences)


def is_near(block: Block, wider: Block, limit: int) -> bool:
    """Return whether the cases that are only in the wider group are too few, in any part."""
    return any(0 < abs(number) < limit for _, number in _differences(block, wider))


def _shows_few(older: Block, after: Block, limit: int) -> bool:
    """Return whether a difference of both shows fewer than the limit, of parts where a case stays."""
    return any(
        0 < abs(number) < limit and not any(map(_is_passing, parts))
        for parts, number in _differences(older, after)
    )


def _is_passing(part: str) -> bool:
    """Return whether a case comes and goes in a part: the change of such a number counts no one."""
    return part == Standing.NOT_YET_KNOWN or part.startswith(f"{LEFT} until")


def _differences(one: Block, other: Block) -> Iterator[tuple[set[str], int]]:
    """Yield the differences of the smallest sums that both blocks show, with their parts."""
    left = [(set(cell.parts), -cell.count) for cell in one.cells]
    left += [(set(cell.parts), cell.count) for cell in other.cells]
    while left:
        parts, difference = left.pop()
        while touching := [each for each in left if each[0] & parts]:
            for each in touching:
                left.remove(each)
                parts |= each[0]
                difference += each[1]
        yield parts, difference


def _ways(
    name: str, counts: Mapping[str, int], limit: int, before: Block | None
) -> Iterator[tuple[Cell, ...]]:
    """Yield the ways to publish a table, the one that shows most first."""
    if name == CASES:
        yield (_cell(CASES, (CASES,), counts),)
    elif name.startswith(STANDING):
        further = _cell(Standing.FURTHER.value, (Standing.FURTHER,), counts)
        none = _cell(Standing.NONE_FOUND.value, (Standing.NONE_FOUND,), counts)
        not_counted = (Standing.ENDED_EARLY, Standing.NOT_LOOKED)
        yield (
            further,
            none,
            _cell(NOT_COUNTED, not_counted, counts),
            _cell(Standing.NOT_YET_KNOWN.value, (Standing.NOT_YET_KNOWN,), counts),
        )
        yield further, none, _cell(REST, (*not_counted, Standing.NOT_YET_KNOWN), counts)
    elif name.startswith(AGAINST):
        same, new, proxy = (AgainstWhom.SAME_VICTIM, AgainstWhom.NEW_VICTIM, AgainstWhom.BY_PROXY)
        yield tuple(_cell(whom.value, (whom,), counts) for whom in (same, new, proxy))
        yield _cell(same.value, (same,), counts), _cell(BOTH, (new, proxy), counts)
    elif name.startswith(SEVERITY):
        bands = [label for _, label in SEVERITY_BANDS]
        yield tuple(_cell(label, (label,), counts) for label in (NO_SCORE, *bands, MOST_SEVERE))
        yield (
            *(_cell(label, (label,), counts) for label in (NO_SCORE, *bands[:-1])),
            _cell(SEVERE, (bands[-1], MOST_SEVERE), counts),
        )
    else:
        yield _steps(name, counts, limit, before)


def _cell(label: str, parts: Sequence[str], counts: Mapping[str, int]) -> Cell:
    return Cell(label, tuple(str(part) for part in parts), sum(counts[part] for part in parts))


def _is_large_enough(name: str, cells: Sequence[Cell], limit: int) -> bool:
    """Return whether no cell is small. Only parts that show no outcome may be 0."""
    if name == CASES or name.startswith((AGAINST, SEVERITY)):
        return all(cell.count >= limit for cell in cells)
    if name.startswith(STANDING):
        shown, others = cells[:2], cells[2:]
        return all(cell.count >= limit for cell in shown) and all(
            cell.count == 0 or cell.count >= limit for cell in others
        )
    return all(cell.count == 0 or cell.count >= limit for cell in cells)


def _steps(name: str, counts: Mapping[str, int], limit: int, before: Block | None) -> tuple[Cell, ...]:
    """Merge steps until the limit has left between their ends. Empty where there is not one such step."""
    months = [month for month in GRID_MONTHS if before is None or _ends_a_step(before, month)]

    def is_large_enough(begin: int, end: int) -> bool:
        step = _step(name, counts, begin, end)
        left = sum(counts.values()) - sum(cell.count for cell in _step(name, counts, 0, end))
        return (
            left >= limit
            and sum(cell.count for cell in step[:-1]) >= limit
            and not any(0 < cell.count < limit for cell in step)
            and not (before is not None and _has_small_change(step, before, limit))
        )

    ends = _ends_of_steps(months, is_large_enough)
    cells = [cell for begin, end in pairwise((0, *ends)) for cell in _step(name, counts, begin, end)]
    if not cells:
        return ()
    shown = {part for cell in cells for part in cell.parts}
    rest = [part for part in curve_parts() if part not in shown]
    return (*cells, _cell(STILL, rest, counts))


def _ends_of_steps(months: Sequence[int], is_large_enough: Callable[[int, int], bool]) -> list[int]:
    """Return the ends of the shortest steps; one is at each month that other figures begin or end at.

    There the step before it is made longer, if that helps: a step over such a month and what is known at it
    would show how few are on one side.
    """
    ends: list[int] = []
    last = 0
    for month in months:
        if is_large_enough(ends[-1] if ends else 0, month):
            ends.append(month)
        elif month in SHARED_MONTHS:
            longer = list(ends)
            while longer and longer[-1] > last:
                longer.pop()
                if is_large_enough(longer[-1] if longer else 0, month):
                    ends = [*longer, month]
                    break
        last = month if month in SHARED_MONTHS else last
    return ends


def _step(name: str, counts: Mapping[str, int], begin: int, end: int) -> list[Cell]:
    grid = [each for each in GRID_MONTHS if begin < each <= end]
    return [
        _cell(
            f"{label} until month {end}",
            [f"{ending} until month {each}" for each in grid for ending in endings],
            counts,
        )
        for label, endings in _ENDS[name].items()
    ]


def steps_as_cells(
    name: str, steps: Sequence[tuple[int, Mapping[str, int]]], *, still: int
) -> tuple[Cell, ...]:
    """Return published steps (the month of each end, and counts by ending) as the cells behind them."""
    cells: list[Cell] = []
    closed = 0
    for month, by_end in steps:
        grid = [each for each in GRID_MONTHS if closed < each <= month]
        for label, ends in _ENDS[name].items():
            parts = tuple(f"{end} until month {each}" for each in grid for end in ends)
            cells.append(Cell(f"{label} until month {month}", parts, by_end[label]))
        closed = month
    shown = {part for cell in cells for part in cell.parts}
    return (*cells, Cell(STILL, tuple(part for part in curve_parts() if part not in shown), still))


def _ends_a_step(before: Block, month: int) -> bool:
    return before.cell(f"{EVENT} until month {month}") is not None


def _has_small_change(step: Sequence[Cell], before: Block, limit: int) -> bool:
    for cell in step:
        earlier = sum(each.count for each in before.cells if set(each.parts) <= set(cell.parts))
        if 0 < abs(cell.count - earlier) < limit:
            return True
    return False
