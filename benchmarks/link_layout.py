"""Where the nodes of a drawn graph go, on a panel's screen and an analyst's, beside networkx."""

from __future__ import annotations

import random

import networkx as nx

from benchmarks.measured import Measured, seconds
from engine.links.layout import layout

SEED = 3
SIZES = ((300, "a panel's screen"), (2_000, "an analyst's"))
TARGET_S = 1.0


def measure() -> list[Measured]:
    """The best of three, since other work on the machine only ever adds."""
    layout(["A", "B", "C"], [("A", "B"), ("B", "C")])  # scipy is brought in once for a whole server
    value = []
    for size, whose in SIZES:
        nodes, links = _net(size)
        graph = nx.Graph(links)
        value.append(
            Measured(
                name=f"layout of {size:,} nodes, {whose}",
                figure=min(seconds(lambda: layout(nodes, links)) for _ in range(3)),  # noqa: B023
                unit="s",
                target=TARGET_S,
                yardstick=seconds(lambda: nx.spring_layout(graph, seed=SEED)),  # noqa: B023
                against="networkx.spring_layout with its own number of rounds",
            )
        )
    return value


def _net(size: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Nearly a tree, as neighbourhoods are, with half as many links again."""
    chance = random.Random(SEED)
    nodes = [f"P-{n}" for n in range(size)]
    links = [(nodes[n], nodes[chance.randrange(max(0, n - 40), n)]) for n in range(1, size)]
    links += [(chance.choice(nodes), chance.choice(nodes)) for _ in range(size // 2)]
    return nodes, links
