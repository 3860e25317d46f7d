"""Paths longer than the shortest, in a neighbourhood that is drawn. Knows no record and no viewer."""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx

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
