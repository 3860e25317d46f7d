"""Named tables of counts of a release: every hidden count says so, and each has its definition beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard import downloads, markup, record, session, words
from dashboard.views.outcomes import released_tables
from engine.domain.outcomes.releases import EVERYONE, Group, Release
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.work_figures import ReleasedSpread, ReleasedTable
from engine.services.outcomes.releases import newest_release, next_quarter_end


def start_part(title: str, note: str) -> Release | None:
    """Draw the title of a part, and return the release that it shows; without one, explain why."""
    runtime = record.runtime()
    release = newest_release(runtime.context(session.acting()))
    draw_title(title, note, release, today=runtime.clock.today())
    return release if release is not None and release.work is not None else None


def draw_title(title: str, note: str, release: Release | None, *, today: date) -> None:
    """Draw the title, and which release the figures are of."""
    markup.draw(markup.page_title(title, note=note))
    if release is None:
        due = released_tables.short(next_quarter_end(today))
        text = f"No release yet. The next quarter ends on {due}."
    elif release.work is None:
        text = f"The release of {released_tables.short(release.as_of)} does not have these figures yet."
    else:
        text = (
            f"Release of {released_tables.short(release.as_of)}, frozen. It counts referrals received by "
            f"then, as recorded on {words.day_of(release.made_at, year=True)}. Restricted cases are not "
            f"counted. Figures under {release.limit}, and figures that would reveal one, are hidden."
        )
    markup.draw(markup.notice("info", text))
    if release is not None:
        released_tables.draw_invented(release)


def drawn(released: ReleasedTable, release: Release, *, what: str, in_rows: bool = True) -> markup.Markup:
    """Return a table with its heading, the whole that its counts are of, and what the figure is.

    Of two dimensions the first is in the rows and the second in the columns; without ``in_rows`` each row
    lists its own levels, because they differ from row to row.
    """
    table = released.table
    return markup.join(
        [
            markup.heading(table.title, at=table.name.replace("_", "-")),
            _body(table, in_rows=in_rows),
            earlier(released.as_of, release),
            markup.details("What is this figure?", what),
            None if table.is_hidden else as_csv(EVERYONE, table.name),
        ]
    )


def earlier(as_of: date, release: Release) -> markup.Markup | None:
    """Return why a figure is of an earlier date, where it is."""
    if as_of == release.as_of:
        return None
    return markup.element(
        "p",
        f"Figures of {released_tables.short(as_of)}: fewer than {release.limit} cases changed since, or "
        "newer figures would reveal so few.",
        class_="sub",
    )


def as_csv(group: Group, table: str) -> markup.Markup:
    """Return the button that fetches a table of the release as a file."""
    return markup.fetch(
        "Table as CSV",
        downloads.ASK,
        kind=downloads.OUTCOMES_CSV,
        reference=released_tables.codes_of(group, table),
        look="quiet",
    )


def _body(table: FigureTable, *, in_rows: bool) -> markup.Markup:
    if table.is_hidden:
        if table.whole == 0:
            return markup.element("p", markup.none_recorded(f"No {table.counts} yet."))
        why = f"Hidden: too few, or figures that would reveal so few. {_whole(table)}"
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
    return ", ".join(
        f"{level} {'hidden' if number is None else f'{number:,}'}" for level, number in levels.items()
    )


def count(number: int | None) -> markup.Content:
    """Return a count, or that it is hidden."""
    return markup.none_recorded("hidden") if number is None else f"{number:,}"


def _share(number: int | None, whole: int | None) -> markup.Content:
    return count(None) if number is None or not whole else f"{number / whole:.0%}"


def spreads(days: tuple[ReleasedSpread, ...], release: Release) -> markup.Markup:
    """Return medians and quartiles of days; where they are hidden they say so."""
    return markup.table(
        ("Time", "Cases that came so far", "Median days", "Half are between", "Figures of"),
        [
            (
                each.days.title,
                count(each.days.cases),
                count(each.days.median),
                count(None)
                if each.days.lower_quartile is None
                else f"{each.days.lower_quartile} and {each.days.upper_quartile} days",
                released_tables.short(each.as_of),
            )
            for each in days
        ],
        caption=f"Days, by date. A median needs {2 * release.limit} cases and quartiles need "
        f"{4 * release.limit}.",
    )
