"""Series of a release as Vega-Lite specifications: one small curve for each group, and shares by year.

Draws what it is given and computes no rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import altair as alt
import streamlit as st

from dashboard.outcome_charts import finished
from engine.domain.outcomes.releases import Curve

_SMALL, _SERIES = 128, 180
_WINDOW_MONTHS = 12


class YearShare(NamedTuple):
    """The published share of the cases decided in one year, with its interval."""

    year: int
    share: float
    low: float
    high: float
    counted: int


@st.cache_data(show_spinner=False, max_entries=60, ttl=3600)
def small_curve(curve: Curve, *, last_month: int, dark: bool) -> dict[str, object]:
    """Return one curve in small. ``last_month`` is the same for all that are side by side.

    The axis has 12 months at least: a curve that ends at 2 would look like one of a year.
    """
    ink, grid, blue = _colours(dark=dark)
    rows = [{"month": 0.0, "share": 1.0, "low": 1.0, "high": 1.0}]
    rows += [
        {"month": float(each.until_month), "share": each.share, "low": each.low, "high": each.high}
        for each in curve.steps
    ]
    span = max(last_month, _WINDOW_MONTHS)
    x = alt.X(
        "month:Q",
        scale=alt.Scale(domain=[0, span * 1.3], nice=False),
        axis=alt.Axis(
            title="Months", values=list(range(0, span + 1, 6)), format="d", labelFontSize=12, grid=False
        ),
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format="%", title=None, labelFontSize=12, gridColor=grid, values=[0, 0.5, 1])
    y = alt.Y("share:Q", scale=scale, axis=axis)
    base = alt.Chart(alt.InlineData(values=rows))
    end = rows[-1]
    until = curve.steps[-1].until_month
    when = f" at {until} months" if until < _WINDOW_MONTHS else ""
    ends = ((f"{end['share']:.0%}{when}", 0), (f"{curve.still:,} followed", 15))
    layers: list[alt.Chart] = [
        base.mark_area(interpolate="step-after", opacity=0.16, color=blue).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
        ),
        base.mark_line(interpolate="step-after", color=blue, strokeWidth=2).encode(x=x, y=y),
        *(
            alt.Chart(alt.InlineData(values=[{**end, "label": label}]))
            .mark_text(
                align="left",
                dx=5,
                dy=down,
                fontSize=12,
                fontWeight="normal" if down else "bold",
                color=ink if down else blue,
            )
            .encode(x="month:Q", y="share:Q", text="label:N")
            for label, down in ends
        ),
    ]
    layers.append(
        alt.Chart(alt.InlineData(values=[{"month": _WINDOW_MONTHS}]))
        .mark_rule(color=ink, strokeDash=[4, 3])
        .encode(x="month:Q")
    )
    return finished(layers, _SMALL, ink)


@st.cache_data(show_spinner=False, max_entries=20, ttl=3600)
def shares_by_year(shares: Sequence[YearShare], *, changes: Sequence[date], dark: bool) -> dict[str, object]:
    """Return one point for each year with its interval, and a rule where the police changed their recording.

    A change before the series is named at its beginning.
    """
    ink, grid, blue = _colours(dark=dark)
    first, last = min(each.year for each in shares), max(each.year for each in shares)
    rows = [
        {
            "year": each.year + 0.5,
            "share": each.share,
            "low": each.low,
            "high": each.high,
            "label": f"{each.share:.0%} of {each.counted:,}",
        }
        for each in shares
    ]
    inside = [each for each in changes if first <= each.year <= last]
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[first, last + 1], nice=False),
        axis=alt.Axis(
            title="Year of the panel's first decision",
            values=[year + 0.5 for year in range(first, last + 1)],
            labelExpr="floor(datum.value)",
            labelFontSize=13,
            titleFontSize=13,
            grid=False,
        ),
    )
    most = 0.5 if max(each.high for each in shares) <= 0.5 else 1.0
    scale = alt.Scale(domain=[0, most], nice=False)
    axis = alt.Axis(format="%", title=None, labelFontSize=13, gridColor=grid, tickCount=5)
    y = alt.Y("share:Q", scale=scale, axis=axis)
    base = alt.Chart(alt.InlineData(values=rows))
    layers: list[alt.Chart] = [
        base.mark_rule(color=blue, strokeWidth=2).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
        ),
        base.mark_point(filled=True, size=80, color=blue, opacity=1).encode(x=x, y=y),
        base.mark_text(align="left", dx=9, fontSize=13, color=ink).encode(x=x, y=y, text="label:N"),
    ]
    marks = [
        {"year": each.year + (each.month - 1) / 12, "label": f"{each:%B %Y}: recording changed"}
        for each in inside
    ]
    if marks:
        there = alt.Chart(alt.InlineData(values=marks))
        layers.append(there.mark_rule(color=ink, strokeDash=[4, 3]).encode(x="year:Q"))
        layers.append(
            there.mark_text(align="left", baseline="top", dx=4, fontSize=12, color=ink).encode(
                x="year:Q", y=alt.value(2), text="label:N"
            )
        )
    before = [f"{each:%B %Y}" for each in changes if each.year < first]
    if before:
        text = f"◀ Recording changed in {' and '.join(before)}, before this series"
        layers.append(
            alt.Chart(alt.InlineData(values=[{"year": first, "label": text}]))
            .mark_text(align="left", baseline="top", dx=4, fontSize=12, color=ink)
            .encode(x="year:Q", y=alt.value(20 if marks else 2), text="label:N")
        )
    return finished(layers, _SERIES, ink)


def _colours(*, dark: bool) -> tuple[str, str, str]:
    return ("#f3f2f1", "#3a4348", "#6cb2eb") if dark else ("#0b0c0c", "#dde0e2", "#1d70b8")
