"""Where the nodes of a drawn graph go: how long it takes, and how far from the middle the last one lies."""

from __future__ import annotations

import math
import random

import networkx as nx

from benchmarks.measured import Measured, seconds
from engine.links.layout import ROOM, Point, layout

SEED = 3
SIZES = (16, 52, 181, 500, 1_700, 2_000)
TARGET_S = 1.0
Net = tuple[list[str], list[tuple[str, str]]]


def measure() -> list[Measured]:
    """The best of three, since other work on the machine only ever adds."""
    layout(["A", "B", "C"], [("A", "B"), ("B", "C")])  # scipy is brought in once for a whole server
    return [*(_time(size) for size in SIZES), *(_width(size) for size in SIZES)]


def _time(size: int) -> Measured:
    nodes, links = _net(size)
    graph = nx.Graph(links)
    return Measured(
        name=f"layout of {size:,} items",
        figure=min(seconds(lambda: layout(nodes, links)) for _ in range(3)),
        unit="s",
        target=TARGET_S,
        yardstick=seconds(lambda: nx.spring_layout(graph, seed=SEED)),
        against="networkx.spring_layout with its own number of rounds",
    )


def _width(size: int) -> Measured:
    """The widest of maps of several forms, laid out anew and round the places of a map of 16 items."""
    farthest = 0.0
    for form in (_net, _star, _parts):
        nodes, links = form(size)
        few = set(nodes[:16])
        known = layout([*nodes[:16]], [link for link in links if few.issuperset(link)])
        for places in (layout(nodes, links), layout(nodes, links, placed=known)):
            farthest = max(farthest, _farthest(places))
    side = math.sqrt(size * ROOM[0] * ROOM[1])
    return Measured(
        name=f"farthest of {size:,} items, three forms, also after a map of 16",
        figure=farthest,
        unit="px from the middle",
        target=600 + 2.5 * side,
        yardstick=side / 2,
        against="half a side of a square in which the names have just room",
    )


def _farthest(places: dict[str, Point]) -> float:
    return max(max(abs(place.x), abs(place.y)) for place in places.values())


def _net(size: int) -> Net:
    """Nearly a tree, as neighbourhoods are, with half as many links again."""
    chance = random.Random(SEED)
    nodes = [f"P-{n}" for n in range(size)]
    links = [(nodes[n], nodes[chance.randrange(max(0, n - 40), n)]) for n in range(1, size)]
    links += [(chance.choice(nodes), chance.choice(nodes)) for _ in range(size // 2)]
    return nodes, links


def _star(size: int) -> Net:
    """One person whom all others are linked to."""
    nodes = [f"P-{n}" for n in range(size)]
    return nodes, [(nodes[0], node) for node in nodes[1:]]


def _parts(size: int) -> Net:
    """One large part, small ones, and items that are linked to nothing."""
    nodes = [f"P-{n}" for n in range(size)]
    links = [(nodes[n], nodes[n - 1 - n % 3]) for n in range(3, size // 4)]
    return nodes, links + [(nodes[n], nodes[n - 1]) for n in range(size // 4, size // 2) if n % 5]
