"""Paths longer than the shortest, in a neighbourhood that is drawn. Knows no viewer."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import networkx as nx

from engine.links.hubs import HUB_CAP, MOST_USERS_READ
from engine.links.neighbourhood import neighbourhood
from engine.links.register import Register

MORE_LINKS = 2
"""So many more links has a path of the next turn: between two people, one more thing that both share."""
_MOST_HOPS = 8
_MOST_TRIED = 400
"""So many paths are read, the shortest ones too: a person reads none beyond that."""


def longer_paths(
    graph: nx.Graph[str],
    start: str,
    end: str,
    *,
    longer_than: int,
    longest: int,
    closed: Collection[str] = (),
    most: int,
) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """Return the paths of more than so many links and at most so many, the shorter first.

    The second part is True if the search stopped before it had read them all.

    Parameters
    ----------
    graph : networkx.Graph
        A neighbourhood that has every path of at most ``longest`` links.
    start, end : str
        The two ends.
    longer_than, longest : int
        Numbers of links.
    closed : collection of str
        Items that no path crosses.
    most : int
        How many are returned.

    Examples
    --------
    >>> graph = nx.Graph([("A", "B"), ("A", "C"), ("C", "D"), ("B", "D")])
    >>> longer_paths(graph, "A", "B", longer_than=1, longest=3, most=5)
    ((('A', 'C', 'D', 'B'),), False)
    """
    simple = graph.subgraph(set(graph) - (set(closed) - {start, end}))
    found: list[tuple[str, ...]] = []
    try:
        for tried, stops in enumerate(nx.shortest_simple_paths(simple, start, end)):
            links = len(stops) - 1
            if links > longest or len(found) == most:
                break
            if tried == _MOST_TRIED:
                return tuple(found), True
            if links > longer_than:
                found.append(tuple(stops))
    except nx.NetworkXNoPath:
        pass  # each path crosses something that is closed
    return tuple(found), False


class LongerPaths(NamedTuple):
    """The next longer paths, whether what they were searched for in was cut, and if it stopped early."""

    paths: tuple[tuple[str, ...], ...] = ()
    is_cut: bool = False
    is_stopped: bool = False


NO_LONGER = LongerPaths()


def longer_between(
    register: Register,
    start: str,
    end: str,
    *,
    shortest: int | None,
    turns: int,
    through_hubs: bool,
    most: int,
) -> LongerPaths:
    """Return the next longer paths between two entities of a register, of two more links each turn.

    A path of so many links is within half of them of one end or of the other.
    """
    if not turns or not shortest:
        return NO_LONGER
    if shortest >= 2 * _MOST_HOPS:
        return LongerPaths(is_cut=True)
    longest = min(shortest + MORE_LINKS * turns, 2 * _MOST_HOPS)
    cap = MOST_USERS_READ if through_hubs else HUB_CAP
    both = [neighbourhood(register, one, hops=-(-longest // 2), hub_cap=cap) for one in (start, end)]
    paths, is_stopped = longer_paths(
        nx.compose(nx.Graph(both[0].graph), nx.Graph(both[1].graph)),
        start,
        end,
        longer_than=shortest,
        longest=longest,
        closed={hub.id for each in both for hub in each.hubs},
        most=most,
    )
    return LongerPaths(paths, any(each.left_out for each in both), is_stopped)
