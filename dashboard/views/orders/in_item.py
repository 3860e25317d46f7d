"""Orders in a conference's item: current conditions, and what is open before the next review."""

from __future__ import annotations

from datetime import date, datetime

from dashboard import markup, record, words
from dashboard.pages import Place
from dashboard.views.orders import dates, gaps
from engine.domain.orders.views import OrdersForReview, OrderView, orders_in_words

_NO_DATE = "No open date."


def draw(case: str, there: OrdersForReview) -> None:
    """Draw them for a panel that decides; that no order is recorded does not mean that there is none."""
    clock = record.runtime().clock
    words_of = words.sentence(orders_in_words(len(there.current), there.recorded))
    note = f"{words_of}. {'' if there.recorded else 'One can exist: ask the police lead.'}"
    markup.draw(markup.heading("Orders", at="orders", note=note.strip()))
    gaps.draw(there.applies_today)
    for order in there.current:
        markup.draw(_conditions(order))
    if there.recorded:
        markup.draw(_dates(there, clock.today(), clock.now()))
    markup.draw(markup.element("p", markup.go("Orders of this case", Place.ORDERS, codes={"of": case})))


def _conditions(order: OrderView) -> markup.Markup:
    current = [each for each in order.conditions if each.is_current]
    unserved = "" if order.is_served else " Not served."
    head = f"{order.name}, {order.state.value}, end: {order.end_in_words}.{unserved}"
    lines = [
        f"{each.number}. {words.sentence(each.wording)}."
        f"{'' if each.is_checked else ' Not checked by software.'}"
        f"{f' {words.sentence(each.results)}.' if each.is_requirement else ''}"
        for each in current
    ]
    return markup.element(
        "section",
        markup.element("h3", head),
        markup.bullets(lines) if lines else markup.none_recorded("No current condition is recorded"),
    )


def _dates(there: OrdersForReview, today: date, now: datetime) -> markup.Markup:
    until = words.day(there.until, year=True)
    caption = f"To the next review, {until}" if there.is_review else f"No review is recorded: to {until}"
    if not there.dates:
        return markup.none_recorded(f"{caption}. {_NO_DATE}")
    rows = [
        (each.order, dates.when(each, today=today, now=now), dates.counted(each), each.next_in_words)
        for each in there.dates
    ]
    return markup.table(
        ("Order", "Date", "Rule and count", "Next"),
        rows,
        caption=caption,
        class_="plain orders",
        marked=[dates.row_class(each, today=today, now=now) for each in there.dates],
    )
