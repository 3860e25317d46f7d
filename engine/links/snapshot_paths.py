"""Shortest paths through the record's snapshot, for one viewer. Nothing is followed that they may not see.

Records that are one person to this viewer are one stop. Both ends go out in turns, the nearer first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.around import HUB_CAP
from engine.links.snapshot import Numbers, Seen, Snapshot, steps

MOST_HOPS = 16
MOST_PATHS = 10


class WaysFound(NamedTuple):
    """The shortest paths between two: each a list of stops, a stop being the nodes that are one there."""

    hops: int | None
    paths: tuple[tuple[int, ...], ...]
    """Each stop by the least of its nodes."""
    number: int
    through_hubs: bool


class _Side:
    """How far one end has come. A stop is told by the least of its places."""

    def __init__(self, size: int) -> None:
        # zeros are not touched before they are written: asking costs what is reached, not the record
        self.distance: NDArray[np.int16] = np.zeros(
            size, dtype=np.int16
        )  # one more than it is; 0: not reached
        self.stop: NDArray[np.int32] = np.zeros(size, dtype=np.int32)
        self.ways: NDArray[np.float64] = np.zeros(size)
        self.frontier: Numbers = np.zeros(0, dtype=np.int64)
        self.hops = 0


def shortest_ways(
    snapshot: Snapshot,
    seen: Sequence[Seen],
    start: int,
    end: int,
    *,
    most: int = MOST_PATHS,
    most_hops: int = MOST_HOPS,
    hub_cap: int | None = HUB_CAP,
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
        How many of the paths are told; all are counted.
    most_hops : int
        The longest path looked for.
    hub_cap : int or None
        A thing with more users than that, as this viewer sees it, is not crossed. Where there is no other
        path, one through it is told, and that it is one. None crosses all.

    Returns
    -------
    WaysFound
        ``hops`` is None where there is none.

    Notes
    -----
    The cost grows with what the two ends reach before they meet.
    """
    places = (snapshot.place(start), snapshot.place(end))
    if places[0] is None or places[1] is None:
        return WaysFound(None, (), 0, False)
    found = _Search(snapshot, seen, hub_cap).between(places[0], places[1], most, most_hops)
    if found.hops is None and hub_cap is not None:
        crossed = _Search(snapshot, seen, None).between(places[0], places[1], most, most_hops)
        return crossed._replace(through_hubs=crossed.hops is not None)
    return found


class _Search:
    def __init__(self, snapshot: Snapshot, seen: Sequence[Seen], hub_cap: int | None) -> None:
        self._snapshot, self._seen, self._hub_cap = snapshot, seen, hub_cap

    def between(self, start: int, end: int, most: int, most_hops: int) -> WaysFound:
        sides = (self._begun(start), self._begun(end))
        if sides[0].stop[start] == sides[1].stop[end]:
            return WaysFound(0, ((self._node(int(sides[0].stop[start])),),), 1, False)
        while sum(side.hops for side in sides) < most_hops and all(len(side.frontier) for side in sides):
            near = 0 if len(sides[0].frontier) <= len(sides[1].frontier) else 1
            self._go_on(sides[near])
            met = np.unique(sides[near].stop[sides[near].frontier])
            met = met[sides[1 - near].distance[met] > 0]
            if self._hub_cap is not None and len(met):
                met = met[~self._closed(met.astype(np.int64))]
            if len(met):
                number = round(float((sides[0].ways[met] * sides[1].ways[met]).sum()))
                return WaysFound(
                    sum(side.hops for side in sides), self._told(sides, met.tolist(), most), number, False
                )
        return WaysFound(None, (), 0, False)

    def _begun(self, place: int) -> _Side:
        side = _Side(len(self._snapshot.nodes))
        members = self._take(side, np.array([place]), 1)
        side.ways[side.stop[place]] = 1
        side.frontier = members
        return side

    def _go_on(self, side: _Side) -> None:
        """One hop further on this side."""
        open_ones = side.frontier
        if self._hub_cap is not None and side.hops:
            open_ones = open_ones[~self._closed(open_ones)]
        parents, children = self._steps(open_ones)
        fresh = side.distance[children] == 0
        parents, children = parents[fresh], children[fresh]
        side.hops += 1
        side.frontier = self._take(side, np.unique(children), side.hops + 1)
        pairs = np.unique(side.stop[parents].astype(np.int64) * len(side.stop) + side.stop[children])
        before, after = pairs // len(side.stop), pairs % len(side.stop)
        reached, at = np.unique(after, return_inverse=True)
        side.ways[reached] = np.bincount(at, weights=side.ways[before], minlength=len(reached))

    def _take(self, side: _Side, fresh: Numbers, distance: int) -> Numbers:
        """Mark these places and all that are one with them; returns all of them."""
        side.distance[fresh] = distance
        side.stop[fresh] = fresh
        if not len(fresh):
            return fresh
        every, asked = [fresh], fresh
        joined: list[tuple[Numbers, Numbers]] = []
        while len(asked):
            ones, others = self._same(asked)
            joined.append((ones, others))
            new = np.unique(others[side.distance[others] == 0])
            side.distance[new] = distance
            side.stop[new] = new
            every.append(new)
            asked = new
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
        """Which of these are things with more users than the cap, as far as this viewer sees them."""
        closed = np.zeros(len(those), dtype=bool)
        shared = np.flatnonzero(self._snapshot.shared[those])
        if len(shared):
            parents, children = self._steps(those[shared])
            pairs = np.unique(parents * len(self._snapshot.nodes) + children)
            users, counts = np.unique(pairs // len(self._snapshot.nodes), return_counts=True)
            over = users[counts > (self._hub_cap or 0)]
            closed[shared] = np.isin(those[shared], over)
        return closed

    def _told(self, sides: tuple[_Side, _Side], met: list[int], most: int) -> tuple[tuple[int, ...], ...]:
        told: list[tuple[int, ...]] = []
        for meeting in met:
            for back in self._back(meeting, sides[0], most):
                for onward in self._back(meeting, sides[1], most):
                    stops = (*reversed(back), *onward[1:])
                    told.append(tuple(self._node(stop) for stop in stops))
                    if len(told) >= most:
                        return tuple(told)
        return tuple(told)

    def _back(self, meeting: int, side: _Side, most: int) -> list[tuple[int, ...]]:
        """Ways from a stop back to where this side began."""
        ways: list[tuple[int, ...]] = [(meeting,)]
        for distance in range(int(side.distance[meeting]) - 1, 0, -1):
            longer: list[tuple[int, ...]] = []
            for way in ways:
                _, near = self._steps(self._members(way[-1], side))
                before = np.unique(side.stop[near[side.distance[near] == distance]])
                if self._hub_cap is not None and distance > 1:
                    before = before[~self._closed(before.astype(np.int64))]
                longer += [(*way, stop) for stop in before.tolist()]
                if len(longer) >= most:
                    break
            ways = longer[:most]
        return ways

    def _members(self, stop: int, side: _Side) -> Numbers:
        found, asked = {stop}, np.array([stop])
        while len(asked):
            _, others = self._same(asked)
            asked = np.array(sorted(set(others.tolist()) - found), dtype=np.int64)
            found |= set(asked.tolist())
        return np.array(sorted(found), dtype=np.int64)

    def _node(self, place: int) -> int:
        return int(self._snapshot.nodes[place])
