"""Shortest paths through the record's snapshot, for one viewer. Nothing is followed that they may not see.

Records that are one person to this viewer are one stop. Both ends go out in turns, the nearer first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.neighbourhood import HUB_CAP
from engine.links.snapshot import EVERYTHING, Notes, Numbers, Only, Seen, Small, Snapshot, steps

MOST_HOPS = 16
MOST_PATHS = 10


class WaysFound(NamedTuple):
    """The shortest paths between two: each a list of stops, a stop being the nodes that are one there."""

    hops: int | None
    paths: tuple[tuple[int, ...], ...]
    """Each stop by the least of its nodes."""
    number: int
    through_hubs: bool


class _Step(NamedTuple):
    """Steps from stop to stop, as they were made; some come twice."""

    before: Small
    after: Small


class _Side:
    """Progress of one end. A stop is identified by the least of its places."""

    def __init__(self, notes: Notes) -> None:
        self.distance, self.stop = notes.distance, notes.stop
        """One more than the distance of each place, nought where it was not reached; and its stop."""
        self.frontier: Numbers = np.zeros(0, dtype=np.int64)
        self.touched: list[Numbers] = []
        self.steps: list[_Step] = []

    @property
    def hops(self) -> int:
        """Number of hops that it has gone."""
        return len(self.steps)


class _WaysBack:
    """The ways from where a side began to some stops of its newest hop, and how many there are."""

    def __init__(self, side: _Side, stops: Small) -> None:
        self.hops: list[dict[int, list[int]]] = []
        """For each hop back, from where the stops of interest were reached."""
        wanted = np.unique(stops)
        for made in reversed(side.steps):
            there = np.minimum(np.searchsorted(wanted, made.after), len(wanted) - 1)
            on_the_way = wanted[there] == made.after
            before: dict[int, list[int]] = {}
            pairs = zip(made.after[on_the_way].tolist(), made.before[on_the_way].tolist(), strict=True)
            for after, from_where in sorted(set(pairs)):
                before.setdefault(after, []).append(from_where)
            self.hops.append(before)
            wanted = np.unique(made.before[on_the_way])
        self._ways: dict[int, int] = dict.fromkeys(wanted.tolist(), 1)
        for before in reversed(self.hops):
            self._ways = {stop: sum(self._ways[one] for one in those) for stop, those in before.items()}

    def number(self, stop: int) -> int:
        """Return the number of ways to this stop."""
        return self._ways[stop]

    def ways_from(self, stop: int, most: int) -> list[tuple[int, ...]]:
        """Return so many of the ways, each from the stop back to the beginning."""
        ways: list[tuple[int, ...]] = [(stop,)]
        for before in self.hops:
            ways = [(*way, one) for way in ways for one in before[way[-1]]][:most]
        return ways


def shortest_ways(
    snapshot: Snapshot,
    seen: Sequence[Seen],
    start: int,
    end: int,
    *,
    most: int = MOST_PATHS,
    most_hops: int = MOST_HOPS,
    hub_cap: int | None = HUB_CAP,
    only: Only = EVERYTHING,
) -> WaysFound:
    """Return the shortest paths from one node to another over what this viewer may see.

    Parameters
    ----------
    snapshot : Snapshot
        The arrays, with what changed since.
    seen : sequence of Seen
        The viewer's permission for each layer.
    start, end : int
        Two nodes.
    most : int
        How many of the paths are returned; all are counted.
    most_hops : int
        The longest path searched for.
    hub_cap : int or None
        A thing with more users than that, as this viewer sees it, is not crossed. Where there is no other
        path, one through it is returned, marked as such. None crosses all.
    only : Only
        Which links are followed at all.

    Returns
    -------
    WaysFound
        ``hops`` is None if there is no path.

    Notes
    -----
    The cost grows with what the two ends reach before they meet.
    """
    places = (snapshot.place(start), snapshot.place(end))
    if places[0] is None or places[1] is None:
        return WaysFound(None, (), 0, False)
    found = _Search(snapshot, seen, hub_cap, only).between(places[0], places[1], most, most_hops)
    if found.hops is None and hub_cap is not None:
        crossed = _Search(snapshot, seen, None, only).between(places[0], places[1], most, most_hops)
        return crossed._replace(through_hubs=crossed.hops is not None)
    return found


class _Search:
    def __init__(self, snapshot: Snapshot, seen: Sequence[Seen], hub_cap: int | None, only: Only) -> None:
        self._snapshot, self._seen, self._hub_cap, self._only = snapshot, seen, hub_cap, only

    def between(self, start: int, end: int, most: int, most_hops: int) -> WaysFound:
        with self._snapshot.notes() as ones, self._snapshot.notes() as others:
            sides = (_Side(ones), _Side(others))
            try:
                return self._between(sides, start, end, most, most_hops)
            finally:
                for side in sides:
                    for places in side.touched:
                        side.distance[places] = side.stop[places] = 0

    def _between(
        self, sides: tuple[_Side, _Side], start: int, end: int, most: int, most_hops: int
    ) -> WaysFound:
        self._begin(sides[0], start)
        self._begin(sides[1], end)
        if sides[0].stop[start] == sides[1].stop[end]:
            return WaysFound(0, ((self._node(int(sides[0].stop[start])),),), 1, False)
        while sum(side.hops for side in sides) < most_hops and all(len(side.frontier) for side in sides):
            near = 0 if len(sides[0].frontier) <= len(sides[1].frontier) else 1
            self._go_on(sides[near])
            stops = sides[near].stop[sides[near].frontier]
            met = np.unique(stops[sides[1 - near].distance[stops] > 0])
            if self._hub_cap is not None and len(met):
                met = met[~self._closed(met.astype(np.int64))]
            if len(met):
                return self._ways(sides, met, most)
        return WaysFound(None, (), 0, False)

    def _begin(self, side: _Side, place: int) -> None:
        side.frontier = self._take(side, np.array([place]), 1)

    def _go_on(self, side: _Side) -> None:
        """Go one hop further on this side."""
        open_ones = side.frontier
        if self._hub_cap is not None and side.hops:
            open_ones = open_ones[~self._closed(open_ones)]
        parents, children = self._steps(open_ones)
        fresh = side.distance[children] == 0
        parents, children = parents[fresh], children[fresh]
        side.frontier = self._take(side, children, side.hops + 2)
        side.steps.append(_Step(side.stop[parents], side.stop[children]))

    def _take(self, side: _Side, reached: Numbers, distance: int) -> Numbers:
        """Mark these places and all that are one with them; returns all of them, each once."""
        fresh = _mark(side, reached, distance)
        if not len(fresh):
            return fresh
        every, asked = [fresh], fresh
        joined: list[tuple[Numbers, Numbers]] = []
        while len(asked):
            ones, others = self._same(asked)
            joined.append((ones, others))
            asked = _mark(side, others[side.distance[others] == 0], distance)
            every.append(asked)
        ones = np.concatenate([one for one, _ in joined])
        others = np.concatenate([other for _, other in joined])
        while len(ones):
            least = np.minimum(side.stop[ones], side.stop[others])
            if np.array_equal(least, side.stop[ones]) and np.array_equal(least, side.stop[others]):
                break
            np.minimum.at(side.stop, ones, least)
            np.minimum.at(side.stop, others, least)
        return np.concatenate(every)

    def _steps(self, frontier: Numbers) -> tuple[Numbers, Numbers]:
        parts = []
        for laid, seen in zip(self._snapshot.laid, self._seen, strict=True):
            parents, children, rows = steps(laid.links, frontier)
            ok = seen.links(laid.layer, rows)
            if self._only is not EVERYTHING:
                ok &= self._only.links(laid.layer, rows)
            parts.append((parents[ok], children[ok].astype(np.int64)))
        return np.concatenate([p for p, _ in parts]), np.concatenate([c for _, c in parts])

    def _same(self, asked: Numbers) -> tuple[Numbers, Numbers]:
        parts = []
        for laid, seen in zip(self._snapshot.laid, self._seen, strict=True):
            ones, others, rows = steps(laid.same, asked)
            ok = seen.same(laid.layer, rows)
            parts.append((ones[ok], others[ok].astype(np.int64)))
        return np.concatenate([o for o, _ in parts]), np.concatenate([o for _, o in parts])

    def _closed(self, those: Numbers) -> NDArray[np.bool_]:
        """Return which of these are things with more users than the cap, as this viewer sees them."""
        closed = np.zeros(len(those), dtype=bool)
        shared = np.flatnonzero(self._snapshot.shared(those))
        shared = shared[self._snapshot.degrees(those[shared]) > (self._hub_cap or 0)]
        if len(shared):
            parents, children = self._steps(those[shared])
            pairs = np.unique(parents * len(self._snapshot.nodes) + children)
            users, counts = np.unique(pairs // len(self._snapshot.nodes), return_counts=True)
            over = users[counts > (self._hub_cap or 0)]
            closed[shared] = np.isin(those[shared], over)
        return closed

    def _ways(self, sides: tuple[_Side, _Side], met: Small, most: int) -> WaysFound:
        backs = (_WaysBack(sides[0], met), _WaysBack(sides[1], met))
        numbers: list[tuple[int, ...]] = []
        for meeting in met.tolist():
            for back in backs[0].ways_from(meeting, most):
                for onward in backs[1].ways_from(meeting, most):
                    if len(numbers) < most:
                        numbers.append(tuple(self._node(stop) for stop in (*reversed(back), *onward[1:])))
        number = sum(backs[0].number(meeting) * backs[1].number(meeting) for meeting in met.tolist())
        return WaysFound(sum(side.hops for side in sides), tuple(numbers), number, False)

    def _node(self, place: int) -> int:
        return int(self._snapshot.nodes[place])


def _mark(side: _Side, reached: Numbers, distance: int) -> Numbers:
    """Note how far these places are and that each is a stop of its own; returns each of them once."""
    turns = np.arange(len(reached), dtype=np.int32)
    side.stop[reached] = turns
    once: Numbers = reached[side.stop[reached] == turns]
    side.distance[once] = distance
    side.stop[once] = once
    side.touched.append(once)
    return once
