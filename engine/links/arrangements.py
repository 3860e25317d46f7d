"""Layouts whose places mean something: layers by distance, a circle by kind, columns by date.

Knows only names and numbers. The layout by forces is ``engine.links.layout``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from engine.links.layout import ROOM, Point

_WIDE, _HIGH = ROOM
_ROW = 2 * _HIGH
_LAYER_APART = 150.0
_LONGEST_ROW = 24
_MOST_ROWS = 24
"""Of one lane: of what is of one day, or has no date, the rest is beside it."""
_FIRST_RING, _RING_APART = 210.0, 120.0
_PART = 1.15
"""Room between two names on a ring, in widths of a name."""


def in_layers(nodes: Sequence[str], links: Sequence[tuple[str, str]], *, middle: str) -> dict[str, Point]:
    """Return places in rows by the number of links from the middle; what is not linked to it comes last.

    Within a row items are in the order of what they are linked to in the row above, so that few lines cross.

    Examples
    --------
    >>> places = in_layers(["A", "B", "C"], [("A", "B"), ("B", "C")], middle="A")
    >>> places["A"].y < places["B"].y < places["C"].y
    True
    """
    linked: dict[str, list[str]] = defaultdict(list)
    for one, other in links:
        linked[one].append(other)
        linked[other].append(one)
    far = {middle: 0}
    row = [middle]
    rows = [row]
    while row:
        row = [
            node for node in dict.fromkeys(other for each in row for other in linked[each]) if node not in far
        ]
        far.update(dict.fromkeys(row, len(rows)))
        if row:
            rows.append(row)
    alone = [node for node in nodes if node not in far]
    places: dict[str, Point] = {}
    low = 0.0
    for row in [*rows, *([alone] if alone else [])]:
        across = {node: _mean_across(node, linked, places) for node in row}
        ordered = sorted(row, key=lambda node: across[node])
        for start in range(0, len(ordered), _LONGEST_ROW):
            part = ordered[start : start + _LONGEST_ROW]
            left = -(len(part) - 1) / 2 * _WIDE
            places |= {node: Point(left + at * _WIDE, low) for at, node in enumerate(part)}
            low += _ROW
        low += _LAYER_APART - _ROW
    return {node: places[node] for node in nodes}


def _mean_across(node: str, linked: Mapping[str, Sequence[str]], places: Mapping[str, Point]) -> float:
    above = [places[other].x for other in linked[node] if other in places]
    return sum(above) / len(above) if above else 0.0


def in_circle(nodes: Sequence[str], *, middle: str, kinds: Mapping[str, str]) -> dict[str, Point]:
    """Return places on circles round the middle, items of one kind side by side.

    Examples
    --------
    >>> places = in_circle(["A", "B", "C"], middle="A", kinds={"A": "person", "B": "phone", "C": "phone"})
    >>> places["A"], round(math.hypot(*places["B"])) == round(math.hypot(*places["C"]))
    (Point(x=0.0, y=0.0), True)
    """
    around = sorted((node for node in nodes if node != middle), key=lambda node: kinds[node])
    places = {middle: Point(0.0, 0.0)}
    radius = _FIRST_RING
    while around:
        most = max(1, int(math.tau * radius / (_WIDE * _PART)))
        ring, around = around[:most], around[most:]
        for at, node in enumerate(ring):
            turn = math.tau * at / len(ring) - math.pi / 2
            places[node] = Point(round(radius * math.cos(turn), 1), round(radius * math.sin(turn), 1))
        radius += _RING_APART
    return {node: places[node] for node in nodes}


def by_time(nodes: Sequence[str], *, kinds: Mapping[str, str], days: Mapping[str, date]) -> dict[str, Point]:
    """Return places from left to right by date, each kind in a lane; what has no date is at the left.

    A lane has 24 rows at most: where more items are of one day, the others are to the right of it.

    Examples
    --------
    >>> days = {"A": date(2026, 1, 1), "B": date(2026, 2, 1)}
    >>> places = by_time(["A", "B"], kinds={"A": "incident", "B": "incident"}, days=days)
    >>> places["A"].x < places["B"].x
    True
    """
    first = min((days[node] for node in nodes if node in days), default=date.min)
    span = max(((days[node] - first).days for node in nodes if node in days), default=0)
    wide = max(8 * _WIDE, _WIDE * math.sqrt(2 * len(nodes)))
    lanes: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        lanes[kinds[node]].append(node)
    places: dict[str, Point] = {}
    low = 0.0
    for lane in lanes.values():
        ends: list[float] = []  # the last place in each row of the lane
        dated = sorted((node for node in lane if node in days), key=lambda node: days[node])
        undated = [node for node in lane if node not in days]
        for at, node in enumerate(undated):
            column, row = divmod(at, _MOST_ROWS)
            places[node] = Point(-(1.6 + column) * _WIDE, low + row * _HIGH * 1.4)
        for node in dated:
            x = (days[node] - first).days / max(1, span) * wide
            row = next((at for at, end in enumerate(ends) if end + _WIDE <= x), len(ends))
            if row == _MOST_ROWS:
                row = min(range(_MOST_ROWS), key=ends.__getitem__)
                x = ends[row] + _WIDE
            ends[row : row + 1] = [x]
            places[node] = Point(round(x, 1), low + row * _HIGH * 1.4)
        low += max(len(ends), min(len(undated), _MOST_ROWS)) * _HIGH * 1.4 + _HIGH
    return {node: places[node] for node in nodes}
