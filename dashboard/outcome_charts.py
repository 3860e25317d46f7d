"""Curves of a release as Vega-Lite specifications: steps, bands, labels at line ends, numbers followed below.

Draws what it is given and computes no rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import altair as alt
import streamlit as st

from dashboard.theme import FONT
from engine.domain.outcomes.releases import Curve

_HEIGHT = 300
_WINDOW_MONTHS = 12
_APART = 2
"""Months between two numbers below the axis, so that they can be read."""


class _Line(NamedTuple):
    name: str
    colour: str
    dash: list[int]


@st.cache_data(show_spinner=False, max_entries=40, ttl=3600)
def released_curve(curve: Curve, *, competing: bool, dark: bool) -> dict[str, object]:
    """Return the steps of a curve; with a competing ending two lines, otherwise one with its band.

    The axis has 12 months at least: a curve that ends at 2 would look like one of a year.
    """
    ink, grid = ("#f3f2f1", "#3a4348") if dark else ("#0b0c0c", "#dde0e2")
    blue, brown = ("#6cb2eb", "#e0a458") if dark else ("#1d70b8", "#b8440b")
    main = _Line("recorded" if competing else "", blue, [1, 0])
    other = _Line("custody or death", brown, [5, 3])
    last = curve.steps[-1].until_month
    span = max(last, _WINDOW_MONTHS)
    most = _most(curve) if competing else 1.0
    x = alt.X(
        "month:Q",
        scale=alt.Scale(domain=[0, span * (1.45 if competing else 1.17)], nice=False),
        axis=alt.Axis(
            title="Months since the panel's first decision",
            values=list(range(0, span + 1, 3)),
            format="d",
            labelFontSize=13,
            titleFontSize=13,
            grid=False,
        ),
    )
    scale = alt.Scale(domain=[0, most], nice=False)
    axis = alt.Axis(format="%", labelFontSize=13, title=None, gridColor=grid, tickCount=5)
    layers: list[alt.Chart] = []
    when = f"at {last} months" if last < _WINDOW_MONTHS else ""
    for line, rows in _lines(curve, main, other, competing=competing):
        base = alt.Chart(alt.InlineData(values=rows))
        if not competing:
            layers.append(
                base.mark_area(interpolate="step-after", opacity=0.16, color=line.colour).encode(
                    x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
                )
            )
        layers.append(
            base.mark_line(
                interpolate="step-after", color=line.colour, strokeWidth=2.5, strokeDash=line.dash
            ).encode(x=x, y=alt.Y("share:Q", scale=scale, axis=axis))
        )
        end = rows[-1]
        lines = (
            (" ".join(filter(None, (f"{end['share']:.0%}", line.name, when))), 0, "bold"),
            (f"{end['low']:.0%} to {end['high']:.0%}", 16, "normal"),
            *(() if competing else ((f"{curve.still:,} followed", 32, "normal"),)),
        )
        layers += [_end_label({**end, "says": text}, down, weight, line, ink) for text, down, weight in lines]
    layers.append(
        alt.Chart(alt.InlineData(values=[{"month": _WINDOW_MONTHS}]))
        .mark_rule(color=ink, strokeDash=[4, 3])
        .encode(x="month:Q")
    )
    if last > _WINDOW_MONTHS:
        layers += _at_window(curve, ink, main) if not competing else []
    layers += _followed(curve, ink, competing=competing)
    return finished(layers, _HEIGHT, ink, above=8)


def _at_window(curve: Curve, ink: str, line: _Line) -> list[alt.Chart]:
    """Return the share at the end of the window, beside its rule; nothing where no step ends there."""
    step = next((each for each in curve.steps if each.until_month == _WINDOW_MONTHS), None)
    if step is None:
        return []
    row: dict[str, object] = {"month": float(_WINDOW_MONTHS), "share": step.share}
    lines: tuple[tuple[str, int, Literal["bold", "normal"]], ...] = (
        (f"{step.share:.0%} without a further report", -34, "bold"),
        (f"95% interval {step.low:.0%} to {step.high:.0%}", -18, "normal"),
    )
    return [_end_label({**row, "says": text}, down, weight, line, ink) for text, down, weight in lines]


def _end_label(
    row: dict[str, object], down: int, weight: Literal["bold", "normal"], line: _Line, ink: str
) -> alt.Chart:
    label: alt.Chart = (
        alt.Chart(alt.InlineData(values=[row]))
        .mark_text(
            align="left",
            dx=6,
            dy=down,
            fontSize=13,
            fontWeight=weight,
            color=line.colour if weight == "bold" else ink,
        )
        .encode(x="month:Q", y="share:Q", text="says:N")
    )
    return label


def followed_after(curve: Curve) -> list[tuple[int, int]]:
    """Return the months at which the number followed is published, with that number."""
    found = [(0, curve.followed)]
    for place, step in enumerate(curve.steps):
        after = curve.steps[place + 1].followed if place + 1 < len(curve.steps) else curve.still
        found.append((step.until_month, after))
    return found


def _followed(curve: Curve, ink: str, *, competing: bool) -> list[alt.Chart]:
    rows: list[dict[str, object]] = []
    last = -_APART
    for month, number in followed_after(curve):
        if month - last >= _APART or month == curve.steps[-1].until_month:
            rows.append({"month": month, "number": f"{number:,}"})
            last = month
    numbers = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_text(fontSize=13, color=ink, baseline="top", clip=False)
        .encode(x="month:Q", y=alt.value(_HEIGHT + 66), text="number:N")
    )
    title_text = f"Cases still followed, {'none of these' if competing else 'no further report'} yet"
    title = (
        alt.Chart(alt.InlineData(values=[{"month": 0, "says": title_text}]))
        .mark_text(fontSize=13, fontWeight="bold", color=ink, baseline="top", align="left", clip=False)
        .encode(x="month:Q", y=alt.value(_HEIGHT + 48), text="says:N")
    )
    return [title, numbers]


def _lines(
    curve: Curve, main: _Line, other: _Line, *, competing: bool
) -> list[tuple[_Line, list[dict[str, float]]]]:
    begin = 0.0 if competing else 1.0
    first = {"month": 0.0, "share": begin, "low": begin, "high": begin}
    found = [
        (
            main,
            [
                first,
                *(
                    {"month": float(s.until_month), "share": s.share, "low": s.low, "high": s.high}
                    for s in curve.steps
                ),
            ],
        )
    ]
    if competing:
        found.append(
            (
                other,
                [
                    first,
                    *(
                        {
                            "month": float(s.until_month),
                            "share": s.competing_share,
                            "low": s.competing_low,
                            "high": s.competing_high,
                        }
                        for s in curve.steps
                        if s.competing_share is not None
                        and s.competing_low is not None
                        and s.competing_high is not None
                    ),
                ],
            )
        )
    return found


def _most(curve: Curve) -> float:
    """Return the top of the scale: half, or all where a line goes above it."""
    highest = max(max(step.share, step.competing_share or 0.0) for step in curve.steps)
    return 0.5 if highest <= 0.5 else 1.0


def finished(layers: Sequence[alt.Chart], height: int, ink: str, *, above: int = 6) -> dict[str, object]:
    """Return these layers as one picture, as wide as its place; ``above`` are the pixels left free."""
    done = (
        alt.layer(*layers)
        .properties(
            height=height,
            width="container",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        .configure(
            font=FONT,
            background="transparent",
            padding={"top": above, "left": 0, "right": above, "bottom": above},
        )
        .configure_view(stroke=None, clip=False)
        .configure_axis(labelColor=ink, titleColor=ink)
    )
    spec: dict[str, object] = done.to_dict(validate=False)
    return spec
