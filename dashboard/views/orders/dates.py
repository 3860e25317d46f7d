"""Dates of orders as table rows: how each is counted, what would change it, and its status in a tag."""

from __future__ import annotations

from datetime import date, datetime

from dashboard import markup, words
from engine.domain.orders.dates import NOT_CHECKED_DATES, DateKind, OrderDate

SOON_DAYS = 1


def when(dated: OrderDate, *, today: date, now: datetime) -> markup.Markup:
    """Return the date with how far ahead it is, and its tags."""
    if dated.day is None:
        said: markup.Content = dated.what if dated.kind is DateKind.AWAITING else "No date"
        return markup.join([markup.element("b", said), _tags(dated, today, now)], " ")
    at = f", {dated.at:%H:%M}" if dated.at else ""
    end = "end of " if not at and _ends_a_day(dated) else ""
    day = f"{end}{dated.day:%a} {words.day(dated.day)}"
    ahead = f" ({_ahead(dated.day, today)})" if dated.is_open else ""
    return markup.join(
        [markup.element("b", f"{dated.what}: {day}{at}"), ahead, _tags(dated, today, now)], " "
    )


def counted(dated: OrderDate) -> markup.Markup:
    """Return how it is counted: the rule, each day, and the act and section."""
    counts = f"{dated.counts[:1].upper()}{dated.counts[1:]}"
    parts: list[markup.Content] = [counts if counts.endswith(".") else f"{counts}."]
    if dated.counted:
        parts.append(markup.element("b", f"{'; '.join(dated.counted)}."))
    if dated.lawyers_differ:
        parts.append(f"Readings: {'; or '.join(dated.alternatives)}.")
    if dated.missed and dated.is_open:
        parts.append(dated.missed)
    small = markup.element("small", dated.rests_on) if dated.rests_on else ""
    return markup.join([*parts, small], " ")


def row_class(dated: OrderDate, *, today: date, now: datetime) -> str | None:
    """Return the edge of its row: red for a gap, no service or what is late; amber for due by tomorrow."""
    if dated.gap_days or dated.kind is DateKind.AWAITING or _is_late(dated, today, now):
        return "late"
    if dated.kind is DateKind.DUE and dated.is_near(on=today, within=SOON_DAYS):
        return "wait"
    return None


def _is_late(dated: OrderDate, today: date, now: datetime) -> bool:
    return dated.is_late(on=today, now=now.astimezone(words.LONDON).replace(tzinfo=None))


def _tags(dated: OrderDate, today: date, now: datetime) -> markup.Markup:
    tags = []
    if not dated.is_open:
        tags.append(markup.tag("Done", "t-done"))
    elif dated.gap_days:
        tags.append(markup.tag(f"{words.counted(dated.gap_days, 'day')} without an order", "t-gap"))
    elif dated.kind is DateKind.AWAITING or dated.day is None:
        tags.append(markup.tag("No clock yet" if dated.kind is DateKind.AWAITING else "No clock", "t-dash"))
    elif not dated.is_checked:
        tags.append(markup.tag(NOT_CHECKED_DATES, "t-dash"))
    elif dated.kind is DateKind.DUE:
        late = _is_late(dated, today, now)
        tags.append(markup.tag("Overdue" if late else "Due", "t-late" if late else "t-due"))
    else:
        look = "t-info" if dated.kind is DateKind.STARTS else "t-none"
        tags.append(markup.tag(words.sentence(dated.kind.value), look))
    if dated.lawyers_differ:
        tags.append(markup.tag("Lawyers differ", "t-differ"))
    return markup.join(tags, " ")


def _ends_a_day(dated: OrderDate) -> bool:
    """Return whether it is a duty of law that ends with its day."""
    return dated.kind is DateKind.DUE and dated.answer is not None


def _ahead(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return "today"
    count = words.counted(abs(days), "day")
    return f"in {count}" if days > 0 else f"{count} ago"
