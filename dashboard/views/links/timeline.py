"""The timeline under the map: links by month. A period that is chosen limits the picture and the table.

The bars are chosen with the mouse. The slider below them is the same by keyboard.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import streamlit as st

from dashboard import charts, markup, session, theme, words
from dashboard.views.links import steps as link_steps
from engine.domain.dates import PartialDate
from engine.domain.links.maps import LinkMap, MonthOfLinks, Steps

_HEIGHT = 96
_PERIOD = "period"


def draw(steps: Steps, drawn: LinkMap) -> None:
    """Draw the bars, the slider, and how many links the period has; each choice is a step."""
    months = [each.month for each in drawn.months]
    if len(months) < 2:
        markup.draw(markup.none_recorded("No timeline: fewer than 2 months have links."))
        return
    turn = f"{len(steps.before)}-{len(steps.after)}"
    low, high = _chosen(drawn, months)
    markup.draw(_title(drawn, low, high))
    key = f"links-timeline-{turn}"
    spec = bars(
        tuple((each.month, each.links, low <= each.month <= high) for each in drawn.months),
        dark=theme.is_dark(),
    )
    st.vega_lite_chart(
        spec,
        theme=None,
        key=key,
        on_select=lambda: _brushed(drawn, key),
        selection_mode=_PERIOD,
        alt=_alt(drawn.months),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="links-period"):
        st.select_slider(
            "Period",
            options=months,
            value=(low, high),
            format_func=_in_words,
            key=f"links-time-{turn}",
            on_change=_slid,
            args=(drawn, f"links-time-{turn}"),
        )
        st.button(
            "All dates",
            key="links-all-dates",
            disabled=(low, high) == (months[0], months[-1]),
            on_click=_limit,
            args=(drawn, months[0], months[-1]),
        )
    rows = [(_in_words(each.month), str(each.links)) for each in drawn.months if each.links]
    markup.draw(
        markup.details(
            "Timeline as a table", markup.table(("Month", "Links"), rows, caption="Links by month")
        )
    )


@st.cache_data(show_spinner=False, max_entries=500, ttl=3600)
def bars(months: tuple[tuple[str, int, bool], ...], *, dark: bool) -> dict[str, object]:
    """Return bars by month, those outside the period in grey, with a period to be chosen by the mouse."""
    ink, blue, grey = ("#f3f2f1", "#6cb2eb", "#6f777b") if dark else ("#0b0c0c", "#1d70b8", "#b1b4b6")
    rows = [{"month": month, "links": links, "in": chosen} for month, links, chosen in months]
    step = -(-len(months) // 12)
    chart = (
        charts.chart_of(rows)
        .mark_bar()
        .encode(
            x=alt.X(
                "month:O",
                axis=alt.Axis(
                    title=None,
                    labelAngle=0,
                    labelFontSize=12,
                    labelOverlap="greedy",
                    values=[month for month, _, _ in months[::step]],
                ),
            ),
            y=alt.Y("links:Q", axis=alt.Axis(title="Links", tickMinStep=1, tickCount=3, labelFontSize=12)),
            color=alt.condition("datum.in", alt.value(blue), alt.value(grey)),
        )
        .add_params(alt.selection_interval(name=_PERIOD, encodings=["x"]))
        .properties(height=_HEIGHT, width="container")
    )
    # As SVG the mark of a chosen period has the role of an image without a text; the chart has its own.
    return {**charts.finished(alt.layer(chart), ink), "usermeta": {"embedOptions": {"renderer": "canvas"}}}


def _title(drawn: LinkMap, low: str, high: str) -> markup.Markup:
    inside = sum(each.links for each in drawn.months if low <= each.month <= high)
    every = sum(each.links for each in drawn.months)
    note = f"{inside:,} of {every:,} dated links."
    if drawn.without_month:
        note += f" {words.counted(drawn.without_month, 'link')} without a month, shown in every period."
    title = f"Period on the map: {_in_words(low)} to {_in_words(high)}"
    return markup.heading(title, at="timeline", level=3, note=note)


def _alt(months: Sequence[MonthOfLinks]) -> str:
    most = max(months, key=lambda each: each.links)
    return (
        f"Links by month from {_in_words(months[0].month)} to {_in_words(months[-1].month)}. Most are in "
        f"{_in_words(most.month)}: {most.links}."
    )


def _chosen(drawn: LinkMap, months: Sequence[str]) -> tuple[str, str]:
    """Return the first and the last month of the period, within those that have links."""
    since, until = drawn.asked.since, drawn.asked.until
    low = max(f"{since:%Y-%m}", months[0]) if since else months[0]
    high = min(f"{until:%Y-%m}", months[-1]) if until else months[-1]
    return min(low, months[-1]), max(high, months[0], min(low, months[-1]))


def _brushed(drawn: LinkMap, key: str) -> None:
    """Take the period that was drawn over the bars; one that was cleared is every date."""
    chosen = session.selected_in_chart(key, _PERIOD, "month")
    if chosen:
        _limit(drawn, min(chosen), max(chosen))


def _slid(drawn: LinkMap, key: str) -> None:
    low, high = session.stored_value(key, tuple) or (None, None)
    if low is not None and high is not None:
        _limit(drawn, low, high)


def _limit(drawn: LinkMap, low: str, high: str) -> None:
    months = [each.month for each in drawn.months]
    if not {low, high} <= set(months):
        return  # forged, or of a map that was drawn before
    link_steps.go_on(
        drawn.asked.changed(
            since=None if low == months[0] else PartialDate(low).earliest,
            until=None if high == months[-1] else PartialDate(high).latest,
        )
    )


def _in_words(month: str) -> str:
    return f"{PartialDate(month).earliest:%b %Y}"
