"""The orders of one case: spans over incidents, conditions, clocks, and the card for police."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import streamlit as st

from dashboard import charts, markup, order_charts, session, theme, words
from dashboard.pages import Place
from dashboard.views.cases import header
from dashboard.views.orders import (
    areas,
    breaches,
    cards,
    dates,
    gaps,
    law,
    recording,
    reported,
    victim_not_reached,
)
from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import CaseView
from engine.domain.orders.breaches import BreachesSeen
from engine.domain.orders.protection import Protection
from engine.domain.orders.views import OrdersOnCase, OrderView
from engine.domain.shown import shown
from engine.services.orders.areas import AreasSeen

CASE = gaps.CASE
"""The name of the case in the address of the Orders page; ``ref`` stays with the page of the case."""
NO_ORDER = "No order is recorded on this case. One can exist: ask the police lead."
_LONGEST_AXIS = timedelta(days=730)
_AFTER_TODAY = timedelta(days=60)


def draw(
    view: CaseView,
    there: OrdersOnCase,
    seen: BreachesSeen,
    near: AreasSeen | None,
    *,
    acting: Acting,
    today: date,
    now: datetime,
) -> None:
    """Draw everything about the orders of a case."""
    with st.container(key="casebar"):
        markup.draw(_bar(view))
    victim_not_reached.draw(there.not_reached)
    gaps.draw(there.applies_today)
    markup.draw(strip(there, seen, today=today))
    recording.draw_buttons(view, there, acting)
    reported.draw(view, there)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _draw_spans(view, there, seen, today)
    with right:
        markup.draw(cards.police(there.card))
        markup.draw(
            markup.element(
                "p",
                "Print the page: only this card is printed. Each time it is shown is in the access log.",
                class_="sub",
            )
        )
    if not there.orders:
        return
    breaches.draw(seen, of_case=view.reference, may_record=there.may_record)
    if near is not None:
        areas.draw(near)
    for order in there.orders:
        if order.conditions and order.applies:
            _draw_conditions(order, seen)
    _draw_contradictions(there)
    _draw_clocks(there, today, now)
    for order in there.orders:
        _draw_record(order)
    _draw_notices(there)
    _draw_criteria(there)


def _bar(view: CaseView) -> markup.Markup:
    room = session.room_view()
    return markup.element(
        "div",
        markup.element(
            "div",
            markup.element("h1", header.heading(view, room=room)),
            markup.tag(words.sentence(view.state.value), "t-info"),
            markup.element(
                "nav", markup.go("Back to the case", Place.CASE, view.reference), aria_label="On this case"
            ),
            class_="line",
        ),
        markup.element("p", f"Orders of {view.reference}", class_="ref"),
        class_="cb",
    )


def strip(there: OrdersOnCase, seen: BreachesSeen, *, today: date) -> markup.Markup:
    """Return five cells; what is not recorded is named."""
    following = there.next_date(today)
    victims = {person.says for order in there.current for person in order.protected if person.is_victim}
    others = sum(not p.is_victim for order in there.current for p in order.protected)
    waiting = [o for o in there.current if not o.is_served]
    cells = (
        ("Orders that apply", f"{len(there.current)}", _applying(there, today)),
        (
            "Next date",
            words.day(following.day) if following and following.day else "No date",
            following.what if following else "No open date is recorded.",
        ),
        (
            "Not served",
            f"{len(waiting)}",
            f"{words.listed([o.name for o in waiting])}. Find out before you act."
            if waiting
            else "None recorded.",
        ),
        (
            "Protected persons",
            f"{len(victims) + others}",
            f"{others} who {'is' if others == 1 else 'are'} not the victim"
            + (", counted in each order." if others and len(there.current) > 1 else "."),
        ),
        breaches.cell(seen),
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


def _applying(there: OrdersOnCase, today: date) -> str:
    """Return the orders that apply, or when the last one ended; that none is recorded is not that."""
    if there.current:
        return words.listed([order.name for order in there.current])
    ended = [order.last_day for order in there.orders if order.last_day and order.last_day < today]
    if not there.orders:
        return NO_ORDER
    last = f" The last one ended on {words.day(max(ended), year=True)}." if ended else ""
    return f"No recorded order applies today.{last}"


def _draw_spans(view: CaseView, there: OrdersOnCase, seen: BreachesSeen, today: date) -> None:
    points = charts.drawn(view.incidents, until=today)
    note = f"{words.counted(len(view.incidents), 'incident')}, under the orders that applied then. "
    note += "Grey: days without a recorded order. Red: none applies since then. "
    note += "A line over a month: the date is unknown."
    markup.draw(markup.heading("Orders and incidents", at="spans", note=note))
    bars = _bars(there.orders, today)
    if not bars:
        markup.draw(markup.none_recorded(NO_ORDER if not there.orders else "No order was made yet."))
        return
    first = min([bar[0] for bar in bars] + [point[0] for point in points])
    last = today + _AFTER_TODAY
    uncovered = tuple((a.isoformat(), b.isoformat()) for a, b in there.uncovered)
    spec = order_charts.spans(
        bars,
        points,
        uncovered,
        _gap_now(there.applies_today, today),
        breaches.marks(seen, view.incidents, since=date.fromisoformat(first)),
        first=first,
        last=last.isoformat(),
        today=today.isoformat(),
        dark=theme.is_dark(),
    )
    st.vega_lite_chart(spec, theme=None, key="order-spans", alt=shown(_alt(view, there, seen)))
    markup.draw(
        markup.element(
            "p",
            "Filled: served, or no service of its own. Short dashes: made, not served. Long dashes: dates "
            "not checked by software. ✚ above an incident: a confirmed breach. ? above it: a likely breach "
            "that a person must answer.",
            class_="sub",
        )
    )
    rows = [
        (span.name, span.maker, words.day(span.starts, year=True), span.said)
        for order in there.orders
        if (span := order.span) is not None
    ]
    markup.draw(
        markup.details(
            "Show as a table",
            markup.table(("Order", "Court", "From", "In words"), rows, caption="Orders and when they apply"),
            markup.bullets((*_gaps(there), *breaches.in_words(seen))),
        )
    )


def _gap_now(now: Protection, today: date) -> order_charts.Days | None:
    """Return the gap that began and goes on, as it is drawn: to the next hearing or order, or to today."""
    if now.first is None:
        return None
    return now.first.isoformat(), ((now.last or today) + timedelta(days=1)).isoformat()


def _gaps(there: OrdersOnCase) -> list[str]:
    now = [there.applies_today.sentence] if there.applies_today.is_gap else []
    return now + [
        f"{words.counted((last - first).days + 1, 'day')} without a recorded order: "
        f"{words.day(first, year=True)} to {words.day(last, year=True)}."
        for first, last in there.uncovered
    ]


def _bars(orders: Sequence[OrderView], today: date) -> tuple[order_charts.Bar, ...]:
    horizon, begins = today + _AFTER_TODAY, today - _LONGEST_AXIS
    bars: list[order_charts.Bar] = []
    for order in orders:
        span = order.span
        if span is None or (span.ends is not None and span.ends < begins):
            continue
        end = min(span.ends or horizon, horizon)
        row = f"{span.name} {order.reference[-4:]}"
        start = max(span.starts, begins)
        if span.needs_service and (span.served is None or span.served > start):
            until = min(span.served or end, end)
            bars.append((start.isoformat(), until.isoformat(), row, "made, not served", span.said))
            start = until
        if not (span.needs_service and span.served is None):
            look = "served" if span.is_checked else "dates not checked"
            bars.append((start.isoformat(), end.isoformat(), row, look, span.said))
    return tuple(bars)


def _alt(view: CaseView, there: OrdersOnCase, seen: BreachesSeen) -> str:
    said = [f"{span.name} {span.said}" for order in there.orders if (span := order.span) is not None]
    incidents = words.counted(len(view.incidents), "incident")
    more = " ".join((*_gaps(there), *breaches.in_words(seen)))
    return f"Orders and incidents. {'; '.join(said)}. {incidents}. {more}".strip()


def _draw_conditions(order: OrderView, seen: BreachesSeen) -> None:
    library = f", library version {order.library}" if order.library else ""
    note = (
        f"{order.reference}: {words.counted(len(order.conditions), 'condition')}{library}. "
        "The wording is the recorded one. The cards show how the software reads it."
    )
    markup.draw(markup.heading(f"Conditions of the {order.name.lower()}", at=order.reference, note=note))
    markup.draw(cards.conditions(order, breaches.held_against(seen, order.reference)))


def _draw_contradictions(there: OrdersOnCase) -> None:
    if there.contradictions:
        markup.draw(markup.heading("Orders that differ", at="contradictions"))
        markup.draw(cards.contradictions(there.contradictions))


def _draw_clocks(there: OrdersOnCase, today: date, now: datetime) -> None:
    markup.draw(markup.heading("Clocks", at="clocks", note="Counted by software. Not verified by a lawyer."))
    dated = [each for order in there.orders for each in order.dates]
    dated.sort(key=lambda each: (not each.is_open, each.day or date.min))
    if not dated:
        markup.draw(markup.none_recorded("No date is recorded."))
        return
    rows = [
        (
            markup.element("span", each.order, class_="unbroken"),
            dates.when(each, today=today, now=now),
            dates.counted(each),
            each.changed_by or "",
            each.next_in_words,
        )
        for each in dated
    ]
    markup.draw(
        markup.table(
            ("Order", "Date", "Rule and count", "Can be changed by", "Next"),
            rows,
            caption="Open dates first",
            class_="plain orders",
            stacks=True,
            marked=[dates.row_class(each, today=today, now=now) for each in dated],
        )
    )


def _draw_record(order: OrderView) -> None:
    facts = (
        ("State", words.sentence(order.state.value)),
        ("Court", order.court),
        ("Case number", order.case_number),
        ("Police force", order.force),
        ("Made", words.day(order.made, year=True) if order.made else "Not recorded"),
        ("Served", _served(order)),
        ("End", order.end_in_words),
        ("Respondent", words.sentence(order.respondent)),
        ("Standard of proof", words.sentence(order.standard_of_proof)),
        ("A breach", words.sentence(order.consequence)),
        ("Protected", "; ".join(f"{p.number}. {p.says}" for p in order.protected) or "Not recorded"),
    )
    steps = [
        (words.day(step.on, year=True), words.sentence(step.said), step.why or "", session.named(step.by))
        for step in order.steps
    ]
    markup.draw(
        markup.details(
            f"Record and history of {order.reference}: {order.name.lower()}, {order.state.value}",
            markup.definitions(facts),
            markup.element("p", f"Public text: {order.public_text}", class_="sub"),
            law.table(order),
            markup.table(("Date", "Step", "Reason", "By"), steps, caption="Each change is a row"),
        )
    )


def _served(order: OrderView) -> str:
    if order.served is not None:
        how = f", {order.served_how}" if order.served_how else ""
        return f"{words.day(order.served, year=True)}{how}"
    if not order.needs_service:
        return "No service of its own"
    return f"Not recorded. {words.counted(order.service_attempts, 'attempt')}."


def _draw_notices(there: OrdersOnCase) -> None:
    note = "Through the safe contact only. Times are targets, a local rule: the Victims' Code limit is off."
    markup.draw(markup.heading("Informing the victim", at="notices", note=note))
    if not there.notices:
        markup.draw(markup.none_recorded("No notice to the victim is recorded."))
        return
    rows = [
        (
            f"{each.number}. {words.sentence(each.event.value)}, {words.day(each.on, year=True)}",
            f"{'Before ' if each.is_before else 'By '}{words.moment(each.due_at)}",
            markup.tag("Informed", "t-done")
            if each.is_done
            else markup.tag(
                "Overdue" if each.is_overdue else "To do", "t-late" if each.is_overdue else "t-todo"
            ),
            markup.bullets(each.attempts) if each.attempts else "No attempt recorded",
        )
        for each in there.notices
    ]
    markup.draw(
        markup.table(("Event", "Target", "Status", "Attempts"), rows, caption="Those that wait come first")
    )


def _draw_criteria(there: OrdersOnCase) -> None:
    from engine.services.orders.criteria import NOT_ADVICE, WHO_MAY_APPLY

    parts = [
        markup.element(
            "section",
            markup.element("h3", criterion.asks),
            *(
                markup.join(
                    [
                        markup.element("h4", words.sentence(name)),
                        markup.bullets(lines) if lines else markup.none_recorded("Nothing recorded"),
                    ]
                )
                for name, lines in criterion.parts
            ),
        )
        for criterion in there.criteria
    ]
    markup.draw(
        markup.heading(
            "Criteria of section 1, from the record", at="criteria", note=f"{NOT_ADVICE} {WHO_MAY_APPLY}"
        )
    )
    markup.draw(markup.element("div", *parts, class_="cards"))
