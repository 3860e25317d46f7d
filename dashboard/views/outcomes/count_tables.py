"""Named tables of counts on a page: every hidden count says so, and each has its definition beside it."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import markup, words
from engine.domain.outcomes.tables import FigureTable, Spread

LIVE_NOTE = (
    "Restricted cases are not counted. Figures under 10, and figures that would reveal one, are hidden."
)


def drawn(table: FigureTable, *, what: str, in_rows: bool = True) -> markup.Markup:
    """Return a table with its heading, the whole that its counts are of, and what the figure is.

    Of two dimensions the first is in the rows and the second in the columns; without ``in_rows`` each row
    lists its own levels, because they differ from row to row.
    """
    heading = markup.heading(table.title, at=table.name.replace("_", "-"))
    return markup.join([heading, _body(table, in_rows=in_rows), markup.details("What is this figure?", what)])


def _body(table: FigureTable, *, in_rows: bool) -> markup.Markup:
    if table.is_hidden:
        if table.whole == 0:
            return markup.element("p", markup.none_recorded(f"No {table.counts} yet."))
        why = f"Hidden: fewer than 10, or figures that would show them. {_whole(table)}"
        return markup.element("p", markup.none_recorded(why))
    if len(table.dimensions) == 1:
        return markup.table(
            (words.sentence(table.dimensions[0]), "Number", "Share"),
            [
                (words.sentence(row.levels[0]), count(row.count), _share(row.count, table.whole))
                for row in table.rows
            ],
            caption=_whole(table),
        )
    groups: dict[str, dict[str, int | None]] = {}
    for row in table.rows:
        groups.setdefault(row.levels[0], {})[row.levels[1]] = row.count
    if not in_rows:
        return markup.table(
            tuple(words.sentence(each) for each in table.dimensions),
            [(words.sentence(first), _listed(levels)) for first, levels in groups.items()],
            caption=_whole(table),
        )
    columns = list(next(iter(groups.values())))
    return markup.table(
        (words.sentence(table.dimensions[0]), *(words.sentence(each) for each in columns)),
        [
            (words.sentence(first), *(count(levels[each]) for each in columns))
            for first, levels in groups.items()
        ],
        caption=_whole(table),
    )


def _whole(table: FigureTable) -> str:
    if table.whole is None:
        return f"The number of {table.counts} is hidden."
    return f"Of {table.whole:,} {table.counts}."


def _listed(levels: Mapping[str, int | None]) -> markup.Content:
    if all(number is None for number in levels.values()):
        return count(None)
    return ", ".join(f"{level} {number}" for level, number in levels.items())


def count(number: int | None) -> markup.Content:
    """Return a count, or that it is hidden."""
    return markup.none_recorded("hidden") if number is None else f"{number:,}"


def _share(number: int | None, whole: int | None) -> markup.Content:
    return count(None) if number is None or not whole else f"{number / whole:.0%}"


def spreads(days: tuple[Spread, ...]) -> markup.Markup:
    """Return medians and quartiles of days; where they are hidden they say so."""
    return markup.table(
        ("Time", "Cases that came so far", "Median days", "Half are between"),
        [
            (
                each.title,
                count(each.cases),
                count(each.median),
                count(None)
                if each.lower_quartile is None
                else f"{each.lower_quartile} and {each.upper_quartile} days",
            )
            for each in days
        ],
        caption="Days, by date. A median needs 20 cases and quartiles need 40.",
    )
