"""Patterns and trends in the whole record, within the viewer's access. In no order of concern."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, own_process, session, words
from dashboard.errors import draw_kept, keep_errors, show_errors
from dashboard.views.links import associates, found_lists, items, pattern_search
from dashboard.views.links import steps as link_steps
from engine.domain.accounts.acting import Role
from engine.services.links import register as link_register

_TRENDS = "links-whole-trends"
_SEE_PROBABILITIES = frozenset({Role.COORDINATOR, Role.ANALYST})


@st.fragment
def draw() -> None:
    """Draw one pattern or question at a time, asked for; and for analysts the trend of each two people."""
    markup.draw(
        markup.heading(
            "In the whole record",
            at="whole",
            note=(
                "Everything you can see, not only the map above. A person must judge each "
                "finding. Lists are never sorted by findings."
            ),
        )
    )
    with st.expander("Patterns", key="links-whole-patterns"), show_errors():
        pattern_search.draw()
    with st.expander("Questions by conditions", key="links-whole-items"), show_errors():
        items.draw()
    if session.acting().role in associates.MAY_ASK:
        with st.expander("Questions by associates", key="links-whole-associates"), show_errors():
            associates.draw()
    if session.acting().role in _SEE_PROBABILITIES:
        with st.expander("Trends, with their probabilities", key="links-whole-trend"), show_errors():
            _trends()


def _trends() -> None:
    draw_kept(_TRENDS)
    if st.button("Show trends", key="links-whole-trends-look"):
        session.keep("links-whole-trends-page", None)
        _look_at_trends(1)
    found = found_lists.recent(_TRENDS, link_register.Trends)
    if found is None:
        return
    number, value = found.found.number, found.found.trends
    markup.draw(
        markup.element(
            "p",
            (
                f"{words.counted(number, 'pair')} with enough incidents to be judged. Each is "
                f"tested on its own. Of this many, about {number / 100:.0f} in each search raise an "
                "alarm by chance."
            ),
            class_="sub",
        )
    )
    if not value:
        return
    names = link_steps.names_in(text for each in value for text in (each.perpetrator, each.victim))
    rows = [
        (
            found_lists.way((each.perpetrator, each.victim), names),
            each.trend.events,
            _figure(each.trend.statistic),
            _figure(each.trend.p_trend),
            _figure(each.trend.p_permutation),
            {True: "yes", False: "no", None: each.trend.reason or "not judged"}[each.trend.alarm],
            "" if each.trend.power is None else f"about {each.trend.power * 100:.0f} in 100",
            _stressed(each.trend.says),
        )
        for each in value
    ]
    columns = (
        "Named as perpetrator, as victim",
        "Incidents",
        "Statistic",
        "p",
        "p by order",
        "Alarm",
        "Rising series it would find",
        "Summary",
    )
    markup.draw(markup.table(columns, rows, caption="In record order. None of these is a level of risk"))
    pages = -(-number // link_register.MOST_TRENDS)
    if pages > 1:
        st.pagination(pages, key="links-whole-trends-page", on_change=_turn)
    found_lists.draw_age(found.snapshot_at, found.changed_since)


def _turn() -> None:
    with keep_errors(_TRENDS):
        _look_at_trends(session.number("links-whole-trends-page", 1))


def _look_at_trends(page: int) -> None:
    first = (page - 1) * link_register.MOST_TRENDS
    found_lists.store(_TRENDS, own_process.ask(link_register.trends, first=first))


def _stressed(sentence: str) -> markup.Markup:
    parts = sentence.split("*")
    return markup.join(markup.element("em", part) if place % 2 else part for place, part in enumerate(parts))


def _figure(number: float | None) -> str:
    return "" if number is None else f"{number:.3f}"
