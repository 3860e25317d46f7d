"""Paths longer than the shortest, in a graph that was drawn."""

from __future__ import annotations

import doctest

import networkx as nx
import pytest

from engine.links import longer_paths as module
from engine.links.longer_paths import longer_paths

LADDER: nx.Graph[str] = nx.Graph([("A", "B"), ("A", "C"), ("C", "D"), ("D", "B"), ("D", "E"), ("E", "B")])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"longest": 4}, ["ACDB", "ACDEB"]),
        ({"longest": 3}, ["ACDB"]),
        ({"longest": 4, "closed": {"E"}}, ["ACDB"]),
        ({"longest": 4, "closed": {"A", "D"}}, []),
        ({"longest": 4, "most": 1}, ["ACDB"]),
        ({"longest": 4, "longer_than": 3}, ["ACDEB"]),
    ],
)
def test_longer_paths_are_found_in_order_and_cross_nothing_closed(
    asked: dict[str, object], expected: list[str]
) -> None:
    given = {"longer_than": 1, "most": 5, **asked}
    paths, is_stopped = longer_paths(LADDER, "A", "B", **given)  # type: ignore[arg-type]
    assert ["".join(way) for way in paths] == expected
    assert not is_stopped


def test_where_nothing_joins_the_two_there_is_none() -> None:
    graph: nx.Graph[str] = nx.Graph([("A", "B"), ("C", "D")])
    assert longer_paths(graph, "A", "D", longer_than=0, longest=9, most=5) == ((), False)


@pytest.mark.parametrize("shortest", [399, 400, 401])
def test_a_search_among_too_many_paths_says_that_it_stopped(shortest: int) -> None:
    """The 400 that are read are all of the shortest, so the longer one is not reached."""
    graph: nx.Graph[str] = nx.Graph([("A", "X"), ("X", "Y"), ("Y", "B")])
    for number in range(shortest):
        nx.add_path(graph, ("A", str(number), "B"))
    paths, is_stopped = longer_paths(graph, "A", "B", longer_than=2, longest=3, most=5)
    assert is_stopped == (shortest > 399)
    assert bool(paths) == (shortest < 400)


def test_the_examples_are_true() -> None:
    assert doctest.testmod(module).failed == 0
