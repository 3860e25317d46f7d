"""Pictures of orders as Vega-Lite specifications: 28 days by kind, and spans over incidents on one axis."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import streamlit as st

from dashboard.charts import Point, chart_of, finished, incident_layers, lanes_of
from engine.domain.orders.dates import DateKind

Days = tuple[str, str]
"""The first date, and the date after the last."""
Mark = tuple[str, str, str, str]
"""A date, its row, its text, and its style: the row's own, or "gap"."""
Bar = tuple[str, str, str, str, str]
"""First and last date, the row, the style (served, not served, not checked), and its text."""
BreachMark = tuple[str, str, str, str]
"""A date, the lane of its incident, the sign (confirmed or to confirm), and its text."""
ROWS = {
    DateKind.GAP: "No order applies",
    DateKind.STARTS: "Starts",
    DateKind.AWAITING: "Awaiting service",
    DateKind.DUE: "Due",
    DateKind.HEARING: "Hearing",
    DateKind.EXPIRES: "Expires",
}
_SHAPES = ["triangle-down", "triangle-right", "circle", "square", "diamond", "cross"]
_LIGHT = ["#b10e1e", "#1d70b8", "#505a5f", "#b8440b", "#0b0c0c", "#b10e1e"]
_DARK = ["#ff8f85", "#6cb2eb", "#b1b4b6", "#ff9a5c", "#ffffff", "#ff8f85"]
MOST_MARKS = 25
_LABEL = alt.ExprRef(expr="width<500?'':datum.what")
"""A narrow window has no room for the texts, which would be cut: the table below has them."""
_LETTERS_ACROSS = 170  # of the text in the picture, at the width of an ordinary screen


@st.cache_data(show_spinner=False, max_entries=200, ttl=3600)
def calendar(marks: tuple[Mark, ...], *, first: str, last: str, dark: bool) -> dict[str, object]:
    """Return the dates of the coming days in six rows; weekends are grey, since they count."""
    ink, grid = ("#f3f2f1", "#3a4348") if dark else ("#0b0c0c", "#dde0e2")
    ground = "#14181b" if dark else "#ffffff"
    begins = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
    rows = list(ROWS.values())
    x = alt.X(
        "day:T",
        scale=alt.Scale(domain=[begins, last]),
        axis=alt.Axis(
            format="%-d %b", tickCount=5, title=None, gridColor=grid, labelFontSize=13, domain=False
        ),
    )
    y = alt.Y(
        "row:N",
        sort=rows,
        scale=alt.Scale(domain=rows),
        title=None,
        axis=alt.Axis(
            labelFontSize=13.5, labelLimit=160, ticks=False, domain=False, grid=True, gridColor=grid
        ),
    )
    looks = alt.Scale(domain=rows, range=_DARK if dark else _LIGHT)
    base = chart_of([dict(zip(("day", "row", "what", "look"), each, strict=True)) for each in marks])
    labels = chart_of(_labels(marks, days=(date.fromisoformat(last) - date.fromisoformat(first)).days))
    weekends = chart_of(_weekends(date.fromisoformat(first), date.fromisoformat(last)))
    layers = [
        weekends.mark_rect(color=grid, opacity=0.45).encode(x=alt.X("from:T", title=None), x2="to:T"),
        base.mark_point(filled=True, size=150, opacity=1).encode(
            x=x,
            y=y,
            color=alt.Color("row:N", scale=looks, legend=None),
            shape=alt.Shape("row:N", scale=alt.Scale(domain=rows, range=_SHAPES), legend=None),
            tooltip=[alt.Tooltip("what:N", title="Order"), alt.Tooltip("day:T", title="Date")],
        ),
    ]
    for look, colour in (("", ink), ("gap", "#ff8f85" if dark else "#b10e1e")):
        if any(mark[3] == look for mark in marks):
            at = labels.transform_filter(f"datum.look=='{look}'").encode(x=x, y=y)
            for paint, width in ((ground, 5), (colour, 0)):  # a line of the grid would strike the text out
                layers.append(
                    at.mark_text(
                        align="left",
                        dx=11,
                        fontSize=13,
                        fontWeight="bold" if look else "normal",
                        text=_LABEL,
                        color=paint,
                        stroke=paint,
                        strokeWidth=width,
                    )
                )
    return finished(alt.layer(*layers).properties(height=246, width="container"), ink)


def _labels(marks: tuple[Mark, ...], *, days: int) -> list[dict[str, str]]:
    """Return the texts of the marks; one that would overlap joins the text before it."""
    letter = max(1, days) / _LETTERS_ACROSS
    found: list[dict[str, str]] = []
    reach: dict[str, float] = {}
    for day, row, what, look in sorted(marks):
        at = float(date.fromisoformat(day).toordinal())
        last = next((each for each in reversed(found) if each["row"] == row), None)
        if last is not None and at < reach[row] and (last["look"], look) == ("", ""):
            last["what"] += f", {what}"
            reach[row] += (len(what) + 2) * letter
        else:
            found.append({"day": day, "row": row, "what": what, "look": look})
            reach[row] = at + (len(what) + 3) * letter
    return found


def _weekends(first: date, last: date) -> list[dict[str, str]]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        {"from": day.isoformat(), "to": (day + timedelta(days=2)).isoformat()}
        for day in days
        if day.weekday() == 5
    ] or [{"from": first.isoformat(), "to": first.isoformat()}]


@st.cache_data(show_spinner=False, max_entries=200, ttl=3600)
def spans(
    bars: tuple[Bar, ...],
    points: tuple[Point, ...],
    uncovered: tuple[tuple[str, str], ...],
    gap: Days | None = None,
    breaches: tuple[BreachMark, ...] = (),
    *,
    first: str,
    last: str,
    today: str,
    dark: bool,
) -> dict[str, object]:
    """Return orders as bars over the incidents, on one axis of time.

    Grey is without a recorded order, red a gap that goes on.
    """
    ink, grid = ("#f3f2f1", "#3a4348") if dark else ("#0b0c0c", "#dde0e2")
    rows = list(dict.fromkeys(bar[2] for bar in bars))
    lanes = [*rows, *lanes_of(points)]
    axis = alt.Axis(format="%b %Y", tickCount=8, title=None, gridColor=grid, labelFontSize=13, domain=False)
    x = alt.X("from:T", scale=alt.Scale(domain=[first, last], clamp=True), axis=axis)
    y_axis = alt.Axis(labelFontSize=13, labelLimit=240, ticks=False, domain=False, grid=True, gridColor=grid)

    def on(row: str) -> alt.Y:
        return alt.Y(row, sort=lanes, scale=alt.Scale(domain=lanes), title=None, axis=y_axis)

    drawn = chart_of([dict(zip(("from", "to", "row", "look", "what"), bar, strict=True)) for bar in bars])
    edge, ground = ("#6cb2eb", "#14181b") if dark else ("#1d4f7c", "#ffffff")
    looks: tuple[tuple[str, str, list[int]], ...] = (
        ("served", edge, []),
        ("made, not served", ground, [3, 2]),
        ("dates not checked", ground, [6, 3]),
    )
    layers = []
    if uncovered:
        gaps = chart_of([{"from": begin, "to": end} for begin, end in uncovered])
        layers.append(gaps.mark_rect(color=grid, opacity=0.8).encode(x=x, x2="to:T"))
    if gap is not None:
        now = chart_of([{"from": gap[0], "to": gap[1], "what": "No order applies"}])
        tip = [alt.Tooltip("what:N", title="Order"), alt.Tooltip("from:T", title="Date")]
        red_ground = now.mark_rect(color="#ff8f85" if dark else "#b10e1e", opacity=0.3)
        layers.append(red_ground.encode(x=x, x2="to:T", tooltip=tip))
    for look, fill, dash in looks:
        if any(bar[3] == look for bar in bars):
            layers.append(
                drawn.transform_filter(f"datum.look=='{look}'")
                .mark_bar(height=18, color=fill, stroke=edge, strokeWidth=1.5, strokeDash=dash)
                .encode(x=x, x2="to:T", y=on("row:N"), tooltip=[alt.Tooltip("what:N", title="Order")])
            )
    layers.append(
        chart_of([{"from": today, "what": "today"}])
        .mark_rule(color=ink, strokeDash=[5, 3], strokeWidth=1.6)
        .encode(x=x)
    )
    layers += incident_layers(points, x=x, y=on("lane:N"), dark=dark)
    if breaches:
        red = "#ff8f85" if dark else "#b10e1e"
        marks = chart_of(
            [dict(zip(("from", "lane", "sign", "what"), mark, strict=True)) for mark in breaches]
        )
        layers.append(
            marks.mark_text(dy=-15, fontSize=15, fontWeight="bold", color=red).encode(
                x=x,
                y=on("lane:N"),
                text="sign:N",
                tooltip=[alt.Tooltip("what:N", title="Order"), alt.Tooltip("from:T", title="Date")],
            )
        )
    height = 32 * len(rows) + 44 * (len(lanes) - len(rows)) + 60
    return finished(alt.layer(*layers).properties(height=height, width="container"), ink)
