"""Named tables of counts from rows, and what of them may be shown. Pure.

An exact table has every count; ``shown`` hides by the functions of ``small_numbers``. A release hides over
all its tables together instead, and takes the exact ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    behind: int | None = None,
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
        behind=behind,
    )


def shown(table: FigureTable) -> FigureTable:
    """Return the same table as anyone may see it, who may not open every case that is counted."""
    whole = table.whole
    if whole is None:
        raise ValueError("an exact table has its whole")
    may_whole = progress(whole, whole)
    gives_away = any(is_small(abs(rest)) for rest in table.rests)
    if gives_away or (table.behind is not None and is_small(table.behind)):
        may_whole = None
    counts = {row.levels: row.count or 0 for row in table.rows}
    if may_whole is None:
        hidden: dict[Levels, int | None] = dict.fromkeys(counts)
    else:
        hidden = _hidden(counts, whole, table.hiding)
    rows = tuple(FigureRow(levels=levels, count=count) for levels, count in hidden.items())
    return table.model_copy(update={"rows": rows, "whole": may_whole, "rests": (), "behind": None})


def _hidden(counts: Mapping[Levels, int], whole: int, hiding: Hiding) -> dict[Levels, int | None]:
    match hiding:
        case Hiding.EACH_GROUP:
            groups: dict[Levels, dict[Levels, int]] = {}
            for levels, count in counts.items():
                groups.setdefault(levels[:-1], {})[levels] = count
            return {
                levels: count for group in groups.values() for levels, count in cells(group, whole).items()
            }
        case Hiding.JOINED_IN_GROUP:
            return _joined_in_groups(counts)
        case Hiding.EACH_OF_WHOLE:
            return {levels: part(count, whole) for levels, count in counts.items()}
        case Hiding.JOINED:
            return _joined(counts)


def _joined_in_groups(counts: Mapping[Levels, int]) -> dict[Levels, int | None]:
    groups: dict[str, dict[Levels, int]] = {}
    for (first, *rest), count in counts.items():
        groups.setdefault(first, {})[tuple(rest)] = count
    return {
        (first, *levels): count for first, group in groups.items() for levels, count in _joined(group).items()
    }


def _joined(counts: Mapping[Levels, int]) -> dict[Levels, int | None]:
    """Join levels of the first dimension; those of a second one, if there is one, stay apart in each."""
    levels: dict[str, list[int]] = {}
    others: dict[Levels, None] = {}
    for (first, *rest), count in counts.items():
        levels.setdefault(first, []).append(count)
        others.setdefault(tuple(rest))
    found = joined(levels)
    if len(found) == 1 and len(levels) > 1:  # all together is the whole, and a table of one row
        return dict.fromkeys(counts)
    return {
        ("; ".join(together), *other): count
        for together, numbers in found
        for other, count in zip(others, numbers, strict=True)
    }


def spread(name: str, title: str, days: Sequence[int], *, within: Sequence[int] = ()) -> Spread:
    """Return the median and quartiles of days: each where ten cases or more are on either side of it.

    By linear interpolation between the ordered numbers (the inclusive method), rounded: a quartile of
    few cases is the time of one of them. ``within`` are larger wholes with these cases in them: where one is
    near, the number of cases is hidden.
    """
    cases = len(days)
    lower = median = upper = None
    if cases >= 4 * HIDDEN_UNDER:
        lower, median, upper = (round(cut) for cut in quantiles(days, n=4, method="inclusive"))
    elif cases >= 2 * HIDDEN_UNDER:
        median = round(quantiles(days, n=2, method="inclusive")[0])
    return Spread(
        name=name,
        title=title,
        cases=apart(progress(cases, cases), *within),
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
    )
