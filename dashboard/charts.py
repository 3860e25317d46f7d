"""Charts as Vega-Lite specifications, built once and reused. Draws what it is given and computes no rate.

Cached by content: all who see the same points get the same picture, and none gets another's.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import altair as alt
import streamlit as st

from dashboard.theme import FONT
from engine.domain.cases.incidents import Channel, IncidentKind, kinds_in_words
from engine.domain.cases.views import IncidentView
from engine.domain.shown import shown

_YEARS_SHOWN = 2
_LONG_SPAN_DAYS = 150
_LETTERS_ACROSS = 90  # of the text above the timeline, at the width of an ordinary screen
_EVENT_ROWS = (-18, -34, -50)
_SIDES: tuple[tuple[str, Literal["left", "right"], int], ...] = (("right", "left", 4), ("left", "right", -4))
NO_CHANNEL = "method not recorded"
# Kinds that a panel reads as one; every kind is in exactly one family.
FAMILIES: dict[str, tuple[IncidentKind, ...]] = {
    "Message or contact": (
        IncidentKind.CONTACTING,
        IncidentKind.GIFT,
        IncidentKind.PUBLISHING,
        IncidentKind.VEXATIOUS,
    ),
    "Approach or watching": (
        IncidentKind.FOLLOWING,
        IncidentKind.LOITERING,
        IncidentKind.WATCHING,
        IncidentKind.MONITORING,
    ),
    "Damage": (IncidentKind.INTERFERING,),
    "Threat": (IncidentKind.THREAT, IncidentKind.SUICIDAL_STATEMENT),
    "Violence or entry": (IncidentKind.ASSAULT, IncidentKind.SEXUAL_ASSAULT, IncidentKind.ENTRY),
    "Breach of order": (IncidentKind.BREACH,),
    "Other": (IncidentKind.OTHER,),
}
FAMILY_OF = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}
_SHAPES = ["circle", "triangle-up", "square", "diamond", "triangle-down", "cross", "stroke"]
_LIGHT = ["#1d70b8", "#b8440b", "#7a5c00", "#b10e1e", "#6b0010", "#0b0c0c", "#505a5f"]
_DARK = ["#6cb2eb", "#ff9a5c", "#e0c060", "#ff8f85", "#ffb3c0", "#ffffff", "#b1b4b6"]


def families_shown(incidents: Sequence[IncidentView]) -> list[str]:
    """Return the families that occur, in the order of the key."""
    there = {FAMILY_OF[incident.kind] for incident in incidents}
    return [family for family in FAMILIES if family in there]


Point = tuple[str, str, str, str, str, bool]
"""First and last day that a date may mean, lane, family, words, and whether the day is known."""


def drawn(incidents: Sequence[IncidentView], *, until: date) -> tuple[Point, ...]:
    """Return the incidents that the timeline shows: those with a date, from where it begins.

    One incident is one mark, in the family of its first report; its words name every kind.
    """
    begins = since(until)
    return tuple(
        (
            max(incident.happened.earliest, begins).isoformat(),
            min(incident.happened.latest, until).isoformat(),
            incident.channel.value if incident.channel else NO_CHANNEL,
            FAMILY_OF[incident.kind],
            f"{incident.happened.in_words()}: {kinds_in_words(incident.kinds)}",
            incident.happened.is_whole_day,
        )
        for incident in incidents
        if incident.happened is not None and incident.happened.latest >= begins
    )


def since(until: date) -> date:
    """Return where the timeline begins at the earliest: two years back.

    What is older is only in the table.
    """
    return date(until.year - _YEARS_SHOWN, until.month, 1)


@st.cache_data(show_spinner=False, max_entries=1_000, ttl=3600)
def timeline(
    points: tuple[Point, ...],
    events: tuple[tuple[str, str], ...],
    *,
    until: str,
    dark: bool,
) -> dict[str, object]:
    """Return incidents by day and by way of contact.

    A date known only to the month is a line over that month.
    """
    ink, grid = ("#f3f2f1", "#3a4348") if dark else ("#0b0c0c", "#dde0e2")
    rows = _point_rows(points)
    lanes = lanes_of(points)
    shown_events = [
        event for event in events if date.fromisoformat(event[0]) >= since(date.fromisoformat(until))
    ]
    days = [date.fromisoformat(str(row["from"])) for row in rows]
    start = min([*days, *(date.fromisoformat(at) for at, _ in shown_events)])
    end = max(date.fromisoformat(until), *(date.fromisoformat(str(row["to"])) for row in rows))
    margin = timedelta(days=max(2, (end - start).days // 40))
    span = [(start - margin).isoformat(), (end + margin).isoformat()]
    is_long = (end - start).days > _LONG_SPAN_DAYS
    x = alt.X(
        "from:T",
        scale=alt.Scale(domain=span),
        axis=alt.Axis(
            format="%b %Y" if is_long else "%-d %b",
            tickCount=8 if is_long else 6,
            title=None,
            gridColor=grid,
            labelFontSize=13,
            labelOverlap=True,
            domain=False,
        ),
    )
    y = alt.Y(
        "lane:N",
        sort=lanes,
        scale=alt.Scale(domain=lanes),
        title=None,
        axis=alt.Axis(
            labelFontSize=13.5, labelLimit=160, ticks=False, domain=False, grid=True, gridColor=grid
        ),
    )
    layers: list[alt.Chart] = _event_layers(shown_events, ink, begins=start, ends=end)
    layers += incident_layers(points, x=x, y=y, dark=dark)
    chart = alt.layer(*layers).properties(height=max(150, 44 * len(lanes) + 60), width="container")
    return finished(chart, ink)


def lanes_of(points: Sequence[Point]) -> list[str]:
    """Return the ways of contact that occur, in their order."""
    there = {lane for _, _, lane, *_ in points}
    return [lane for lane in (*(c.value for c in Channel), NO_CHANNEL) if lane in there]


def incident_layers(points: Sequence[Point], *, x: alt.X, y: alt.Y, dark: bool) -> list[alt.Chart]:
    """Return incidents on these axes: a mark for a date, and a line over a month or year."""
    ground = "#14181b" if dark else "#ffffff"
    rows = _point_rows(points)
    shown = [family for family in FAMILIES if family in {row["family"] for row in rows}]
    order = [list(FAMILIES).index(family) for family in shown]
    colours = [(_DARK if dark else _LIGHT)[n] for n in order]
    colour = alt.Color(
        "family:N",
        scale=alt.Scale(domain=shown, range=colours),
        legend=alt.Legend(
            title=None,
            orient="bottom",
            columns=alt.ExprRef("width < 360 ? 1 : width < 640 ? 2 : 4"),
            labelFontSize=13,
            symbolSize=110,
            labelLimit=190,
            columnPadding=14,
        ),
    )
    tips = [alt.Tooltip("what:N", title="Incident"), alt.Tooltip("lane:N", title="Contact method")]
    days_known = [row for row in rows if row["whole"]]
    days_unknown = [row for row in rows if not row["whole"]]
    shape = alt.Shape("family:N", scale=alt.Scale(domain=shown, range=[_SHAPES[n] for n in order]))
    layers: list[alt.Chart] = []
    # A layer without a mark would be a picture without words for a screen reader.
    if days_unknown:
        layers.append(
            chart_of(days_unknown)
            .mark_rule(strokeWidth=5, opacity=0.75, strokeCap="butt")
            .encode(x=x, x2="to:T", y=y, color=colour, tooltip=tips)
        )
    if days_known:
        layers.append(
            chart_of(days_known)
            .mark_point(filled=True, opacity=1, size=120, stroke=ground, strokeWidth=0.8)
            .encode(x=x, y=y, color=colour, shape=shape, tooltip=tips)
        )
    return layers


def _point_rows(points: Sequence[Point]) -> list[dict[str, str | bool]]:
    return [
        {"from": first, "to": last, "lane": lane, "family": family, "what": what, "whole": whole}
        for first, last, lane, family, what, whole in points
    ]


def _event_layers(
    events: Sequence[tuple[str, str]], ink: str, *, begins: date, ends: date
) -> list[alt.Chart]:
    """Return dashed lines with their text above, each in the lowest row where it touches no other text."""
    if not events:
        return []
    letter = max(1, (ends - begins).days) / _LETTERS_ACROSS
    taken: list[list[tuple[float, float]]] = [[] for _ in _EVENT_ROWS]
    rows: list[dict[str, str]] = []
    for at, what in sorted(events):
        day = float((date.fromisoformat(at) - begins).days)
        wide = (len(what) + 2) * letter
        fits = day + wide <= (ends - begins).days
        reach = (day, day + wide) if fits else (day - wide, day)
        row = next(
            (
                number
                for number, there in enumerate(taken)
                if all(reach[1] <= start or end <= reach[0] for start, end in there)
            ),
            len(_EVENT_ROWS) - 1,
        )
        taken[row].append(reach)
        rows.append({"at": at, "what": what, "row": str(row), "side": "right" if fits else "left"})
    base = chart_of(rows)
    return [
        base.mark_rule(color=ink, strokeDash=[4, 3], strokeWidth=1.2).encode(x="at:T"),
        *(
            base.transform_filter(f"datum.row=='{row}' && datum.side=='{side}'")
            .mark_text(align=align, dx=dx, fontSize=13, color=ink, baseline="top")
            .encode(x="at:T", y=alt.value(up), text="what:N")
            for row, up in enumerate(_EVENT_ROWS)
            for side, align, dx in _SIDES
            if any(each["row"] == str(row) and each["side"] == side for each in rows)
        ),
    ]


def sparkline(counts: Sequence[int]) -> str:
    """Return a small line of the last months, as the address of a picture.

    The text beside it says the same.
    """
    most = max(counts, default=0) or 1
    places = [(3 + 9 * n, 20 - 16 * count / most) for n, count in enumerate(counts)]
    path = " ".join(f"{x},{y:.1f}" for x, y in places)
    x, y = places[-1]
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{6 + 9 * len(places)}" height="24">'
        f'<polyline points="{path}" fill="none" stroke="#2b7bbd" stroke-width="2.5"/>'
        f'<circle cx="{x}" cy="{y:.1f}" r="3.5" fill="#2b7bbd"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"


def chart_of(rows: Sequence[Mapping[str, object]]) -> alt.Chart:
    """Return a chart of these rows, each text as a person may be shown it."""
    drawn = [
        {key: shown(each) if isinstance(each, str) else each for key, each in row.items()} for row in rows
    ]
    return alt.Chart(alt.InlineData(values=drawn))


def finished(chart: alt.LayerChart | alt.FacetChart, ink: str) -> dict[str, object]:
    """Return the specification of a chart in our font and ink, without a ground of its own."""
    done = (
        chart.configure(
            font=FONT, background="transparent", padding={"top": 4, "left": 0, "right": 8, "bottom": 0}
        )
        .configure_view(stroke=None)
        .configure_axis(labelColor=ink, titleColor=ink)
        .configure_legend(labelColor=ink)
    )
    spec: dict[str, object] = done.to_dict(validate=False)  # the tests do: it is most of the time of a chart
    return spec
