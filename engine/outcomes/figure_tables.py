"""Named tables of counts from rows, and what of them may be shown. Pure.

An exact table has every count; ``shown`` hides by the functions of ``small_numbers``. A release begins with
that, and attacks all its tables together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import quantiles

from engine.domain.outcomes.tables import FigureRow, FigureTable, Hiding, Spread
from engine.outcomes.small_numbers import HIDDEN_UNDER, apart, cells, is_small, joined, part, progress

Levels = tuple[str, ...]


def exact_table(
    name: str,
    title: str,
    *,
    counts: str,
    dimensions: Sequence[str],
    rows: Mapping[Levels, int],
    whole: int,
    hiding: Hiding,
    within: Sequence[int] = (),
    rests: Sequence[int] = (),
    behind: Sequence[int] = (),
) -> FigureTable:
    """Return a table with every count; a combination that did not occur is there with nought.

    ``within`` are larger wholes that have this one in them: what is left of each is a rest.
    """
    return FigureTable(
        name=name,
        title=title,
        counts=counts,
        dimensions=tuple(dimensions),
        rows=tuple(FigureRow(levels=levels, count=count) for levels, count in rows.items()),
        whole=whole,
        hiding=hiding,
        rests=(*(larger - whole for larger in within), *rests),
        behind=tuple(behind),
    )


def shown(table: FigureTable, limit: int = HIDDEN_UNDER) -> FigureTable:
    """Return the same table as anyone may see it, who may not open every case that is counted."""
    whole = table.whole
    if whole is None:
        raise ValueError("an exact table has its whole")
    gives_away = any(is_small(abs(rest), limit) for rest in table.rests)
    may_whole = None if gives_away else progress(whole, whole, limit)
    if may_whole is None:
        rows = tuple(FigureRow(levels=row.levels, count=None) for row in table.rows)
    else:
        rows = tuple(_shown_rows(table, whole, limit))
    if table.behind and all(row.count is None for row in rows):
        may_whole = None if whole else 0
    return table.model_copy(update={"rows": rows, "whole": may_whole, "rests": (), "behind": ()})


def _shown_rows(table: FigureTable, whole: int, limit: int) -> Iterator[FigureRow]:
    counts = {row.levels: row.count or 0 for row in table.rows}
    match table.hiding:
        case Hiding.EACH_GROUP:
            for group in _groups(counts).values():
                for levels, number in cells(group, whole, limit).items():
                    yield FigureRow(levels=levels, count=number)
        case Hiding.JOINED_IN_GROUP:
            behind = dict(zip(counts, table.behind, strict=True)) if table.behind else {}
            for group in _groups(counts).values():
                yield from _joined(group, limit, place=1, behind=[behind[each] for each in group if behind])
        case Hiding.EACH_OF_WHOLE:
            for levels, exact in counts.items():
                yield FigureRow(levels=levels, count=part(exact, whole, limit))
        case Hiding.JOINED:
            yield from _joined(counts, limit, place=0, behind=table.behind)


def _groups(counts: Mapping[Levels, int]) -> dict[str, dict[Levels, int]]:
    groups: dict[str, dict[Levels, int]] = {}
    for levels, count in counts.items():
        groups.setdefault(levels[0], {})[levels] = count
    return groups


def _joined(
    counts: Mapping[Levels, int], limit: int, *, place: int, behind: Sequence[int] = ()
) -> Iterator[FigureRow]:
    """Join levels of the dimension at a place; those of another one stay apart in each."""
    levels: dict[str, list[int]] = {}
    others: dict[Levels, None] = {}
    for each, count in counts.items():
        levels.setdefault(each[place], []).append(count)
        others.setdefault((*each[:place], *each[place + 1 :]))
    found = joined(levels, limit, behind=dict(zip(levels, behind, strict=True)) if behind else None)
    if len(found) == 1 and len(levels) > 1:  # all together is the whole, and a table of one row
        yield from (FigureRow(levels=each, count=None) for each in counts)
        return
    for together, numbers in found:
        for other, number in zip(others, numbers, strict=True):
            yield FigureRow(
                levels=(*other[:place], "; ".join(together), *other[place:]),
                count=number,
                joins=together if len(together) > 1 else (),
            )


def spread(
    name: str, title: str, days: Sequence[int], *, within: Sequence[int] = (), limit: int = HIDDEN_UNDER
) -> Spread:
    """Return the median and quartiles of days: each where the limit or more are on either side of it.

    By linear interpolation between the ordered numbers (the inclusive method), rounded: a quartile of
    few cases is the time of one of them. ``within`` are larger wholes with these cases in them: where one is
    near, the number of cases is hidden.
    """
    cases = len(days)
    lower = median = upper = None
    if cases >= max(4 * limit, 2):
        lower, median, upper = (round(cut) for cut in quantiles(days, n=4, method="inclusive"))
    elif cases >= max(2 * limit, 2):
        median = round(quantiles(days, n=2, method="inclusive")[0])
    return Spread(
        name=name,
        title=title,
        cases=apart(progress(cases, cases, limit), *within, limit=limit),
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
    )
