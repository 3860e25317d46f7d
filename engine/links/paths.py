"""Shortest paths through a register's arrays. Knows the compact form; knows no pattern and no viewer."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.links.kinds import SHAPES
from engine.links.neighbourhood import EXPANDED_ALWAYS, HUB_CAP, not_there
from engine.links.register import Register

MOST_HOPS = 1_000_000
MOST_PATHS = 1_000
_Ints = NDArray[np.int64]


class PathsFound(NamedTuple):
    """The shortest paths between two entities: all are counted, some are listed."""

    hops: int | None
    """None if no path is within the bound."""
    paths: tuple[tuple[int, ...], ...]
    number: int
    through_hubs: bool
    """True if every path goes through an object with very many links."""
    hops_through_hubs: int | None = None
    """Length of the shortest path through such an object, where that is shorter."""


class PathFigures(TypedDict):
    """The shortest paths between two entities, as plain values."""

    hops: int | None
    paths: list[list[str]]
    count: int
    through_hubs: bool
    hops_through_hubs: int | None
    in_words: list[list[str]]


class _Side(NamedTuple):
    """Progress of one end: each entity's distance (-1: not reached), and the number of ways to it."""

    distance: NDArray[np.int32]
    ways: NDArray[np.float64]


def shortest_paths(
    register: Register,
    start: str,
    end: str,
    *,
    most: int = MOST_PATHS,
    most_hops: int = MOST_HOPS,
    hub_cap: int | None = HUB_CAP,
) -> PathsFound:
    """Return the shortest paths from one entity to another, over links in either direction.

    Objects with more links than ``hub_cap`` are not crossed: two people who once slept in the same hostel are
    not joined by it. Where there is no other path, one through such an object is returned, marked as such;
    where one through such an object is shorter, its length is returned.

    Parameters
    ----------
    register : Register
        The compact form.
    start, end : str
        The ids of the two.
    most : int
        How many of the paths are returned; all are counted.
    most_hops : int
        The longest path searched for.
    hub_cap : int or None
        The most links of an object that is still crossed; None crosses all.

    Returns
    -------
    PathsFound
        ``number`` counts paths by the entities on them, however many links join two neighbours.

    Examples
    --------
    >>> from engine.links.building import RegisterBuilder
    >>> building = RegisterBuilder()
    >>> for entity_id, kind in (("P1", "person"), ("C1", "crime"), ("P2", "person")):
    ...     building.add_entity(entity_id, kind)
    >>> _ = building.add_link("P1", "C1", "involved"), building.add_link("P2", "C1", "involved")
    >>> shortest_paths(building.register(), "P1", "P2").hops
    2

    Notes
    -----
    Both ends go out in turns, the smaller frontier first, so that the cost grows with the two halves.
    """
    ends = []
    for entity_id in (start, end):
        number = register.find(entity_id)
        if number is None:
            raise not_there(entity_id)
        ends.append(number)
    closed = _hubs(register, hub_cap)
    if closed is None:
        return _search(register, ends[0], ends[1], most, most_hops, None)
    found = _search(register, ends[0], ends[1], most, most_hops, closed)
    crossed = _search(register, ends[0], ends[1], most, most_hops, None)
    if found.hops is None:
        return crossed._replace(through_hubs=crossed.hops is not None)
    shorter = crossed.hops is not None and crossed.hops < found.hops
    return found._replace(hops_through_hubs=crossed.hops if shorter else None)


def _hubs(register: Register, hub_cap: int | None) -> NDArray[np.bool_] | None:
    if hub_cap is None:
        return None
    over = np.flatnonzero(register.degrees > hub_cap)
    always = [SHAPES.index(shape) for shape in EXPANDED_ALWAYS]
    over = over[~np.isin(register.entities.shapes[over], always)]
    if not len(over):
        return None
    hubs = np.zeros(len(register), dtype=bool)
    hubs[over] = True
    return hubs


def _search(
    register: Register, start: int, end: int, most: int, most_hops: int, closed: NDArray[np.bool_] | None
) -> PathsFound:
    if start == end:
        return PathsFound(0, ((start,),), 1, False)
    sides = [_side(register, start), _side(register, end)]
    frontiers = [np.array([start]), np.array([end])]
    hops = 0
    while hops < most_hops and len(frontiers[0]) and len(frontiers[1]):
        near = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        open_ones = frontiers[near]
        if closed is not None and hops:
            # the two asked about are always expanded, each from its own side
            open_ones = open_ones[~closed[open_ones] | (sides[near].distance[open_ones] == 0)]
        frontiers[near] = _one_further(register, open_ones, sides[near])
        hops += 1
        met = frontiers[near][sides[1 - near].distance[frontiers[near]] >= 0]
        if closed is not None:
            met = met[~closed[met] | (met == start) | (met == end)]
        if len(met):
            count = round(float((sides[0].ways[met] * sides[1].ways[met]).sum()))
            return PathsFound(hops, _first_paths(register, sides, met, most, closed), count, False)
    return PathsFound(None, (), 0, False)


def _side(register: Register, at: int) -> _Side:
    distance = np.full(len(register), -1, dtype=np.int32)
    ways = np.zeros(len(register))
    distance[at], ways[at] = 0, 1
    return _Side(distance, ways)


def _one_further(register: Register, frontier: _Ints, side: _Side) -> _Ints:
    if not len(frontier):
        return frontier
    parents, children = _steps(register, frontier)
    fresh = side.distance[children] < 0
    pairs = np.unique(parents[fresh].astype(np.int64) * len(register) + children[fresh])
    parents, children = pairs // len(register), pairs % len(register)
    reached, places = np.unique(children, return_inverse=True)
    side.ways[reached] = np.bincount(places, weights=side.ways[parents], minlength=len(reached))
    side.distance[reached] = side.distance[frontier[0]] + 1
    return reached


def _steps(register: Register, frontier: _Ints) -> tuple[_Ints, _Ints]:
    """Return every link out of the frontier: from where, to where."""
    first = register.first[frontier]
    counts = register.first[frontier + 1] - first
    begins = np.cumsum(counts) - counts
    at = np.repeat(first - begins, counts) + np.arange(int(counts.sum()))
    return np.repeat(frontier, counts), register.to[at].astype(np.int64)


def _first_paths(
    register: Register, sides: list[_Side], met: _Ints, most: int, closed: NDArray[np.bool_] | None
) -> tuple[tuple[int, ...], ...]:
    """Return the first paths, in the order of the file's entities where they meet."""
    numbers: list[tuple[int, ...]] = []
    for meeting in met.tolist():
        for back in _back(register, meeting, sides[0], most, closed):
            for onward in _back(register, meeting, sides[1], most, closed):
                numbers.append((*reversed(back), *onward[1:]))
                if len(numbers) >= most:
                    return tuple(numbers)
    return tuple(numbers)


def _back(
    register: Register, at: int, side: _Side, most: int, closed: NDArray[np.bool_] | None
) -> list[tuple[int, ...]]:
    """Return ways from here back to where this side began."""
    ways: list[tuple[int, ...]] = [(at,)]
    for distance in range(int(side.distance[at]) - 1, -1, -1):
        longer: list[tuple[int, ...]] = []
        for way in ways:
            row = slice(register.first[way[-1]], register.first[way[-1] + 1])
            near = np.unique(register.to[row])
            before = near[side.distance[near] == distance]
            if closed is not None and distance:
                before = before[~closed[before]]
            longer += [(*way, number) for number in before.tolist()]
            if len(longer) >= most:
                break
        ways = longer[:most]
    return ways
