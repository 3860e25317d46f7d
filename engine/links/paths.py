"""Shortest paths through links in arrays, for one viewer. Links that they may not see are not followed.

Records that are one person to this viewer are one stop. Both ends go out in turns, the smaller frontier
first, so that the cost grows with the two halves.
"""

from __future__ import annotations

from typing import NamedTuple, TypedDict

import numpy as np

from engine.links.arrays import Flags, Notes, Numbers, Small, View
from engine.links.hubs import HUB_CAP
from engine.links.neighbourhood import not_there
from engine.links.register import Register

MOST_HOPS = 16
MOST_PATHS = 10
_ANY_HOPS = 1_000_000
MOST_LISTED = 1_000


class PathsFound(NamedTuple):
    """The shortest paths between two: each a list of stops, a stop being the nodes that are one there."""

    hops: int | None
    """None if no path is within the bound."""
    paths: tuple[tuple[int, ...], ...]
    """Each stop by the least of its nodes."""
    number: int
    """All of them, by the stops on them, however many links join two neighbours; some are listed."""
    through_hubs: bool
    """True if every path goes through a thing with very many links."""
    hops_through_hubs: int | None = None
    """Length of the shortest path through such a thing, where that is shorter."""


class PathFigures(TypedDict):
    """The shortest paths between two entities, as plain values."""

    hops: int | None
    paths: list[list[str]]
    count: int
    through_hubs: bool
    hops_through_hubs: int | None
    in_words: list[list[str]]
    longer_paths: list[list[str]]
    longer_in_words: list[list[str]]
    longer_cut: bool
    """True if longer paths were searched for only among the nearest entities."""
    longer_stopped: bool


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


def shortest_paths(
    register: Register, start: str, end: str, *, most: int = MOST_LISTED, hub_cap: int | None = HUB_CAP
) -> PathsFound:
    """Return the shortest paths from one entity of a register to another, over links in either direction.

    Raises
    ------
    NotFoundError
        The register has no entity of one of these ids.

    Examples
    --------
    >>> from engine.links.building import RegisterBuilder
    >>> building = RegisterBuilder()
    >>> for entity_id, kind in (("P1", "person"), ("C1", "crime"), ("P2", "person")):
    ...     building.add_entity(entity_id, kind)
    >>> _ = building.add_link("P1", "C1", "involved"), building.add_link("P2", "C1", "involved")
    >>> shortest_paths(building.register(), "P1", "P2").hops
    2
    """
    numbers = []
    for entity_id in (start, end):
        number = register.find(entity_id)
        if number is None:
            raise not_there(entity_id)
        numbers.append(number)
    return paths_between(register.view, *numbers, most=most, most_hops=_ANY_HOPS, hub_cap=hub_cap)


def paths_between(
    view: View,
    start: int,
    end: int,
    *,
    most: int = MOST_PATHS,
    most_hops: int = MOST_HOPS,
    hub_cap: int | None = HUB_CAP,
) -> PathsFound:
    """Return the shortest paths from one node to another over what this viewer may see.

    Things with more users or links than ``hub_cap`` are not crossed: two people who once slept in the same
    hostel are not joined by it. Where there is no other path, one through such a thing is returned, marked as
    such; where one through such a thing is shorter, its length is returned.

    Parameters
    ----------
    view : View
        The arrays, the viewer's permission, and which links are followed at all.
    start, end : int
        Two nodes.
    most : int
        How many of the paths are returned; all are counted.
    most_hops : int
        The longest path searched for.
    hub_cap : int or None
        The most users of a thing that is still crossed, as this viewer sees them; None crosses all.

    Notes
    -----
    The cost grows with what the two ends reach before they meet.
    """
    places = (view.nodes.place(start), view.nodes.place(end))
    if places[0] is None or places[1] is None:
        return PathsFound(None, (), 0, False)
    ends = (places[0], places[1])
    search = _Search(view, ends, hub_cap)
    found = search.shortest(most, most_hops)
    if not search.has_closed:
        return found
    crossing = _Search(view, ends, None)
    if found.hops is None:
        crossed = crossing.shortest(most, most_hops)
        return crossed._replace(through_hubs=crossed.hops is not None)
    return found._replace(hops_through_hubs=crossing.shortest(0, found.hops - 1).hops)


class _Search:
    def __init__(self, view: View, ends: tuple[int, int], hub_cap: int | None) -> None:
        self._view, self._ends, self._hub_cap = view, ends, hub_cap
        self.has_closed = False
        """True if something was not crossed."""

    def shortest(self, most: int, most_hops: int) -> PathsFound:
        with self._view.nodes.notes() as ones, self._view.nodes.notes() as others:
            sides = (_Side(ones), _Side(others))
            try:
                return self._shortest(sides, most, most_hops)
            finally:
                for side in sides:
                    for places in side.touched:
                        side.distance[places] = side.stop[places] = 0

    def _shortest(self, sides: tuple[_Side, _Side], most: int, most_hops: int) -> PathsFound:
        start, end = self._ends
        self._begin(sides[0], start)
        self._begin(sides[1], end)
        if sides[0].stop[start] == sides[1].stop[end]:
            return PathsFound(0, ((self._node(int(sides[0].stop[start])),),), 1, False)
        while sum(side.hops for side in sides) < most_hops and all(len(side.frontier) for side in sides):
            near = 0 if len(sides[0].frontier) <= len(sides[1].frontier) else 1
            self._go_on(sides[near])
            stops = sides[near].stop[sides[near].frontier]
            met = np.unique(stops[sides[1 - near].distance[stops] > 0])
            if self._hub_cap is not None and len(met):
                met = met[~self._closed(met.astype(np.int64))]
            if len(met):
                return self._ways(sides, met, most)
        return PathsFound(None, (), 0, False)

    def _begin(self, side: _Side, place: int) -> None:
        side.frontier = self._take(side, np.array([place]), 1)

    def _go_on(self, side: _Side) -> None:
        """Go one hop further on this side."""
        open_ones = side.frontier
        if self._hub_cap is not None and side.hops:
            open_ones = open_ones[~self._closed(open_ones)]
        parents, children = self._view.steps(open_ones)
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
            ones, others = self._view.same(asked)
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

    def _closed(self, those: Numbers) -> Flags:
        """Return which of these are things with more users than the cap, as this viewer sees them.

        The two that were asked about are not among them.
        """
        closed = np.zeros(len(those), dtype=bool)
        nodes, cap = self._view.nodes, self._hub_cap or 0
        large = np.flatnonzero((nodes.degrees(those) > cap) & ~np.isin(those, self._ends))
        large = large[self._view.may_be_hubs(those[large])]
        if len(large):
            users, to = self._view.steps(those[large])
            if nodes.counts_users:
                users = np.unique(users * len(nodes.nodes) + self._view.stops(to)) // len(nodes.nodes)
            users, counts = np.unique(users, return_counts=True)
            closed[large] = np.isin(those[large], users[counts > cap])
        self.has_closed |= bool(closed.any())
        return closed

    def _ways(self, sides: tuple[_Side, _Side], met: Small, most: int) -> PathsFound:
        backs = (_WaysBack(sides[0], met), _WaysBack(sides[1], met))
        numbers: list[tuple[int, ...]] = []
        for meeting in met.tolist():
            for back in backs[0].ways_from(meeting, most):
                for onward in backs[1].ways_from(meeting, most):
                    if len(numbers) < most:
                        numbers.append(tuple(self._node(stop) for stop in (*reversed(back), *onward[1:])))
        number = sum(backs[0].number(meeting) * backs[1].number(meeting) for meeting in met.tolist())
        return PathsFound(sum(side.hops for side in sides), tuple(numbers), number, False)

    def _node(self, place: int) -> int:
        return int(self._view.nodes.nodes[place])


def _mark(side: _Side, reached: Numbers, distance: int) -> Numbers:
    """Note how far these places are and that each is a stop of its own; returns each of them once."""
    turns = np.arange(len(reached), dtype=np.int32)
    side.stop[reached] = turns
    once: Numbers = reached[side.stop[reached] == turns]
    side.distance[once] = distance
    side.stop[once] = once
    side.touched.append(once)
    return once
