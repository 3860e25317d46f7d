"""All orders within the viewer's access: five counts, the coming days as a picture and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard import downloads, markup, order_charts, record, session, theme, words
from dashboard.pages import Place
from dashboard.views.orders import breaches, dates, gaps
from dashboard.views.orders.in_case import CASE
from engine.domain.orders.breaches import BreachesSeen
from engine.domain.orders.dates import DateKind
from engine.domain.orders.views import OrderLine, OrdersPage
from engine.domain.shown import shown

ALL = "all"
PERIODS = {28: "Next 28 days", 7: "Next 7 days", 90: "Next 90 days", 365: "Next 365 days"}
_AT_ONCE = 25
_PAGE = "orders-dates-page"
_NONE = "None recorded."
_NOT_SAID = (
    "The police and the court decide whether an order is sought.",
    "A person decides whether an incident is a breach.",
    "Only recorded orders are shown. Others can exist.",
    "An order does not replace a prosecution.",
)


def period() -> int:
    """Return the number of days that the field asks for."""
    chosen = session.stored_value("orders-period", int)
    return chosen if chosen in PERIODS else 28


def draw(page: OrdersPage, seen: BreachesSeen) -> None:
    """Draw the page: gaps in protection first, whatever is chosen; then likely breaches, and dates."""
    lead = (
        f"Orders that start, await service, are due or end. {words.counted(page.current, 'current order')} "
        f"within your access, on {words.counted(page.current_cases, 'case')}."
    )
    markup.draw(markup.page_title("Orders", note=lead))
    if not page.recorded:
        markup.draw(
            markup.notice("info", "No order is recorded. One can exist: ask the police lead of the case.")
        )
        return
    gaps.draw_of_all(page.gaps)
    lines = _filtered(page)
    markup.draw(_strip(page, lines, seen))
    breaches.draw(seen)
    days = (page.until - page.today).days
    note = f"{_numbers(lines)}, by kind. Weekends are grey, and they count. The same dates are in the table."
    markup.draw(markup.heading(f"Next {days} days", at="calendar", note=note))
    if not lines:
        said = f"No dates in the next {days} days, within your access."
        markup.draw(markup.none_recorded(f"{said} {words.counted(page.current, 'current order')}."))
    else:
        _draw_calendar(page, lines)
        _draw_table(page, lines)
        _draw_files(page)
    _draw_foot(page, seen)


def _filtered(page: OrdersPage) -> list[OrderLine]:
    cells = st.columns([1, 1, 1.2, 1, 2], vertical_alignment="bottom", gap="small")
    with cells[0]:
        force = _choose("Police force", "orders-force", [(each, each) for each in page.forces], "All forces")
    with cells[1]:
        court = _choose("Court", "orders-court", [(each, each) for each in page.courts], "All courts")
    with cells[2]:
        kind = _choose("Type of order", "orders-type", page.types, "All types")
    with cells[3]:
        st.selectbox("Period", list(PERIODS), format_func=PERIODS.__getitem__, key="orders-period")
    with cells[4]:
        markup.draw(
            markup.element(
                "p",
                "Dates are in London time. Each clock shows its rule and how it is counted. A clock without "
                'its start date reads "awaiting". A duty may apply already.',
                class_="sub",
            )
        )
    names = dict(page.types)
    return [
        line
        for line in (*page.gaps, *page.lines)
        if force in (ALL, line.force)
        and court in (ALL, line.court)
        and (kind == ALL or names[kind] == line.name)
    ]


def _choose(label: str, key: str, choices: Sequence[tuple[str, str]], everything: str) -> str:
    worded = {ALL: everything, **dict(choices)}
    return st.selectbox(label, list(worded), format_func=lambda code: shown(worded[code]), key=key)


def _strip(page: OrdersPage, lines: Sequence[OrderLine], seen: BreachesSeen) -> markup.Markup:
    days = (page.until - page.today).days
    by_kind = Counter(line.date.kind for line in lines)
    soon = [
        line
        for line in lines
        if line.date.kind in (DateKind.DUE, DateKind.HEARING) and line.date.is_near(on=page.today, within=1)
    ]
    gaps = sum(bool(line.date.gap_days) for line in lines if line.date.kind is DateKind.EXPIRES)
    unchecked = sum(not line.date.is_checked for line in lines if line.date.kind is DateKind.EXPIRES)
    cells = (
        breaches.cell(seen),
        ("Due by tomorrow", f"{len(soon):,}", _what(soon)),
        (
            "Awaiting service",
            f"{by_kind[DateKind.AWAITING]:,}",
            "A duty may apply before service." if by_kind[DateKind.AWAITING] else _NONE,
        ),
        (
            f"Start in {days} days",
            f"{by_kind[DateKind.STARTS]:,}",
            "Inform the victim before each starts." if by_kind[DateKind.STARTS] else _NONE,
        ),
        (
            f"End in {days} days",
            f"{by_kind[DateKind.EXPIRES]:,}",
            _ending(gaps, unchecked) if by_kind[DateKind.EXPIRES] else _NONE,
        ),
    )
    return markup.element(
        "dl",
        *(
            markup.element(
                "div",
                markup.element("dt", name),
                markup.element("dd", said),
                markup.element("dd", note, class_="s"),
            )
            for name, said, note in cells
        ),
        class_="strip five",
    )


def _ending(gaps: int, unchecked: int) -> str:
    ends, its = ("ends", "its") if gaps == 1 else ("end", "their")
    parts = [
        f"{words.counted(gaps, 'order')} {ends} before {its} hearing." if gaps else "",
        f"{words.counted(unchecked, 'date')} not checked by software." if unchecked else "",
    ]
    return " ".join(part for part in parts if part) or "Dates are counted by software."


def _numbers(lines: Sequence[OrderLine]) -> str:
    """Return how many dates there are, and apart how many lines have none yet."""
    of_dates = [line for line in lines if line.date.kind is not DateKind.GAP]
    undated = sum(line.date.day is None for line in of_dates)
    dated = words.counted(len(of_dates) - undated, "date")
    return f"{dated} and {undated:,} without a date yet" if undated else dated


def _what(lines: Sequence[OrderLine]) -> str:
    counts = Counter(line.date.what for line in lines)
    return "; ".join(f"{what}: {count:,}" for what, count in counts.most_common(3)) or _NONE


def _draw_calendar(page: OrdersPage, lines: Sequence[OrderLine]) -> None:
    drawn = lines[: order_charts.MOST_MARKS]
    marks = tuple(
        (
            max(line.date.day or page.today, page.today).isoformat(),
            order_charts.ROWS[line.date.kind],
            f"{line.order} {_on_picture(line)}",
            "gap" if line.date.gap_days else "",
        )
        for line in drawn
    )
    spec = order_charts.calendar(
        marks,
        first=page.today.isoformat(),
        last=page.until.isoformat(),
        dark=theme.is_dark(),
    )
    st.vega_lite_chart(spec, theme=None, key="orders-calendar", alt=shown(_alt(page, lines)))
    if len(lines) > len(drawn):
        rest = words.counted(len(lines) - len(drawn), "more date")
        markup.draw(markup.element("p", f"{rest} only in the table.", class_="sub"))


def _on_picture(line: OrderLine) -> str:
    """Return a date as the picture has it: the short name, and a gap in protection in words."""
    if line.date.kind is DateKind.AWAITING:
        return "no clock until it is served"
    if line.date.kind is DateKind.GAP:
        return f"no order applies, {words.counted(line.date.gap_days or 0, 'day')}"
    gap = f", then {words.counted(line.date.gap_days, 'day')} without an order" if line.date.gap_days else ""
    return f"{line.date.what.lower()}{gap}"


def _alt(page: OrdersPage, lines: Sequence[OrderLine]) -> str:
    counts = Counter(line.date.kind for line in lines)
    gaps = [line for line in lines if line.date.gap_days]
    said = ", ".join(f"{kind.value} {counts[kind]:,}" for kind in DateKind)
    days = (page.until - page.today).days
    gap = (
        f" {gaps[0].date.counts}"
        if gaps and gaps[0].date.kind is DateKind.GAP
        else f" {gaps[0].order} leaves {words.counted(gaps[0].date.gap_days or 0, 'day')} without an order."
        if gaps
        else ""
    )
    return f"Next {days} days of orders: {said}.{gap}"


def _draw_files(page: OrdersPage) -> None:
    """Draw the buttons of files: the period and the type of order that are chosen, every force and court."""
    kind = session.stored_value("orders-type", str)
    codes = {"days": str((page.until - page.today).days)} | (
        {"type": kind} if kind in dict(page.types) else {}
    )
    with st.container(horizontal=True, key="orders-files"):
        for label, form in (
            ("Table as CSV", downloads.ORDERS_CSV),
            ("Table as XLSX", downloads.ORDERS_XLSX),
            ("Calendar file (references only)", downloads.ORDERS_CALENDAR),
        ):
            markup.draw(
                markup.fetch(label, downloads.ASK, kind=form, reference=urlencode(codes), look="second")
            )
    markup.draw(
        markup.element(
            "p",
            "Files have every force and court. The calendar has no name, place, case or type of order.",
            class_="sub",
        )
    )


def _draw_table(page: OrdersPage, lines: Sequence[OrderLine]) -> None:
    note = "A red edge: no order applies, not served, or overdue. An amber edge: due by tomorrow."
    markup.draw(
        markup.heading(
            "All dates: cases without an order that applies first, then by date", at="dates", note=note
        )
    )
    pages = -(-len(lines) // _AT_ONCE)
    number = min(session.number(_PAGE, 1), pages)
    markup.draw(table(page, lines[(number - 1) * _AT_ONCE : number * _AT_ONCE]))
    if pages > 1:
        st.pagination(pages, key=_PAGE)


def table(page: OrdersPage, lines: Sequence[OrderLine]) -> markup.Markup:
    """Return the dates with how each is counted and what would change it."""
    now = record.runtime().clock.now()
    rows = [
        (
            markup.join(
                [
                    markup.join(
                        (markup.go(case, Place.ORDERS, codes={CASE: case}) for case in line.cases),
                        " ",
                    ),
                    markup.element("small", line.name),
                    markup.element("small", f"{line.order}, {line.court}"),
                ]
            ),
            dates.when(line.date, today=page.today, now=now),
            dates.counted(line.date),
            line.date.changed_by or "Not recorded",
            line.date.next_in_words,
        )
        for line in lines
    ]
    return markup.table(
        ("Order", "Date", "Rule and count", "Can be changed by", "Next"),
        rows,
        caption=f"{_numbers(lines)} to {words.day(page.until, year=True)}",
        class_="plain orders",
        stacks=True,
        marked=[dates.row_class(line.date, today=page.today, now=now) for line in lines],
    )


def _draw_foot(page: OrdersPage, seen: BreachesSeen) -> None:
    left, right = st.columns([6, 5], gap="large")
    with left:
        note = (
            "Orders within your access, and no variation or renewal. Each stage includes the orders that "
            "went further."
        )
        markup.draw(markup.heading("From considered to breached", at="stages", note=note))
        markup.draw(
            markup.table(
                ("Stage", "Orders", "Not in the next stage"),
                _stage_rows(page, seen),
                caption="Live counts, not a published figure",
            )
        )
    with right:
        markup.draw(markup.heading("For people to decide", at="not-said"))
        markup.draw(markup.bullets(_NOT_SAID))
        if page.unchecked:
            types = words.listed([*page.unchecked])
            said = f"{types}: the rule is not verified or does not apply, or a date is missing. "
            markup.draw(
                markup.notice(
                    "info",
                    said + "They can be recorded, and show that their dates are not checked by software.",
                    heading=f"{words.counted(len(page.unchecked), 'type')} without a checked end",
                )
            )


def _stage_rows(page: OrdersPage, seen: BreachesSeen) -> list[tuple[markup.Content, ...]]:
    """Return the stages to service, and of those orders how many have a breach proposed and confirmed."""
    stages = (*page.stages, *breaches.stages(seen))
    rows: list[tuple[markup.Content, ...]] = []
    for number, (stage, count) in enumerate(stages):
        following = stages[number + 1][1] if number + 1 < len(stages) else None
        rest = "" if following is None else f"{count - following:,}"
        rows.append((stage, f"{count:,}", rest))
    return rows
