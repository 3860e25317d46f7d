"""Measures of a drawn map of links: of all of it, and of the items that may have a value.

Betweenness, closeness, triangles and cores are those of imported networks (``engine.links.centrality``), by
the same sums; cut points, bridges and clustering are networkx's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import networkx as nx
import numpy as np

from engine.domain.links.map_measures import (
    Colouring,
    ItemMeasure,
    ItemMeasured,
    MapFigure,
    MapMeasures,
)
from engine.links.centrality import Measure, values_of
from engine.links.communities import labels_of, stability
from engine.links.network import Network

_SEED = 1
_DIGITS = 6
_BY_SUMS = {
    ItemMeasure.DEGREE: Measure.DEGREE,
    ItemMeasure.BETWEENNESS: Measure.BETWEENNESS,
    ItemMeasure.CLOSENESS: Measure.CLOSENESS,
    ItemMeasure.TRIANGLES: Measure.TRIANGLES,
    ItemMeasure.CORE: Measure.CORE,
}


def map_measures(
    nodes: Sequence[str], links: Iterable[tuple[str, str, str]], *, measured: Collection[str]
) -> MapMeasures:
    """Return the measures of what is drawn. Direction is dropped, and parallel links count once.

    Parameters
    ----------
    nodes : sequence of str
        The references of the items.
    links : iterable of tuple
        Each link: its two ends and its kind.
    measured : collection of str
        The items that may have a value; the others are counted in the figures and have none.

    Examples
    --------
    >>> found = map_measures(["A", "B", "C"], [("A", "B", "uses"), ("C", "B", "uses")], measured=["B"])
    >>> [(item.id, item.values[ItemMeasure.BETWEENNESS]) for item in found.items], found.without
    ([('B', 1.0)], 2)
    """
    ordered, there = sorted(nodes), frozenset(nodes)
    links = [link for link in links if {link[0], link[1]} <= there]
    graph = _graph(ordered, ((one, other) for one, other, _ in links))
    network = _network(graph, ordered)
    values = {item: values_of(network, measure) for item, measure in _BY_SUMS.items()}
    clustering: dict[str, float] = nx.clustering(graph)  # type: ignore[assignment]  # of all nodes: a dict
    by_kind = _links_by_kind(links)
    items = tuple(
        ItemMeasured(
            id=node,
            links_by_kind=by_kind.get(node, {}),
            values={
                **{item: round(float(found[place]), _DIGITS) for item, found in values.items()},
                ItemMeasure.CLUSTERING: round(float(clustering[node]), _DIGITS),
            },
        )
        for place, node in enumerate(ordered)
        if node in measured
    )
    communities = labels_of(network, _SEED)
    return MapMeasures(
        figures=_figures(graph, network, communities),
        items=items,
        without=len(ordered) - len(items),
        groups={
            Colouring.COMMUNITY: _numbered(ordered, communities.tolist()),
            Colouring.PART: _numbered(ordered, network.labels.tolist()),
        },
    )


def communities_of(nodes: Sequence[str], links: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    """Return the number of each item's community, as ``map_measures`` numbers them."""
    ordered, there = sorted(nodes), frozenset(nodes)
    graph = _graph(ordered, (link for link in links if {*link} <= there))
    return _numbered(ordered, labels_of(_network(graph, ordered), _SEED).tolist())


def _graph(ordered: Sequence[str], links: Iterable[tuple[str, str]]) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(ordered)
    graph.add_edges_from(link for link in links if link[0] != link[1])
    return graph


def _network(graph: nx.Graph[str], ordered: Sequence[str]) -> Network:
    """Return the same as arrays, each item by its place in the order of references."""
    place = {node: number for number, node in enumerate(ordered)}
    pairs = np.array([(place[one], place[other]) for one, other in graph.edges()], dtype=np.int64)
    pairs = np.sort(pairs.reshape(-1, 2), axis=1)
    labels = np.zeros(len(ordered), dtype=np.int32)
    for part in nx.connected_components(graph):
        places = [place[node] for node in part]
        labels[places] = min(places)
    return Network(len(ordered), pairs[:, 0], pairs[:, 1], labels)


def _links_by_kind(links: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, int]]:
    others: dict[str, dict[str, set[str]]] = {}
    for one, other, kind in links:
        if one != other:
            others.setdefault(one, {}).setdefault(kind, set()).add(other)
            others.setdefault(other, {}).setdefault(kind, set()).add(one)
    return {
        node: {kind: len(linked) for kind, linked in sorted(by_kind.items())}
        for node, by_kind in others.items()
    }


def _numbered(ordered: Sequence[str], labels: Sequence[int]) -> Mapping[str, int]:
    """Return the groups of items numbered from 1, in the order of their first references."""
    numbers: dict[int, int] = {}
    return {
        node: numbers.setdefault(label, len(numbers) + 1) for node, label in zip(ordered, labels, strict=True)
    }


def _figures(
    graph: nx.Graph[str], network: Network, communities: np.typing.NDArray[np.int64]
) -> tuple[MapFigure, ...]:
    figures = network.figures()
    cut_points = sum(1 for _ in nx.articulation_points(graph))
    bridges = sum(1 for _ in nx.bridges(graph))
    groups = len(np.unique(communities))
    return (
        MapFigure(
            name="Items and links",
            value=f"{figures['nodes']:,} and {figures['edges']:,}",
            says="Linked pairs are counted once. Grouped incidents count as 1 item.",
            caution="Much is recorded elsewhere, or not at all.",
        ),
        MapFigure(
            name="Parts",
            value=f"{figures['components']:,}",
            says="No drawn link joins one part to another.",
            caution="A filter may hide a link that joins them, and there may be links that you cannot see.",
        ),
        MapFigure(
            name="Density",
            value=f"{figures['density']:.2g}",
            says="Share of all pairs of items that are linked.",
            caution="It falls as a map grows, and does not show how well a case was recorded.",
        ),
        MapFigure(
            name="Triangles",
            value=f"{figures['triangles']:,}",
            says="Sets of 3 items that are all linked.",
            caution="Most are one case seen from 3 sides. It does not show that 3 people met.",
        ),
        MapFigure(
            name="Transitivity",
            value=f"{figures['transitivity']:.2g}",
            says="3 x triangles / pairs of links that share an item.",
            caution="It does not show who introduced whom.",
        ),
        MapFigure(
            name="Links that hold it together",
            value=f"{bridges:,}",
            says="Without one of these links (bridges) the map falls into more parts.",
            caution="There may be other links in life.",
        ),
        MapFigure(
            name="Items that hold it together",
            value=f"{cut_points:,}",
            says="Without one of these items (cut points) the map falls into more parts.",
            caution="It does not show that anyone relies on them.",
        ),
        MapFigure(
            name="Communities",
            value=f"{groups:,}",
            says=f"Groups with more links inside than chance would give. {_agreement(network)}",
            caution="A community is not a gang. Being in one proves nothing.",
        ),
    )


def _agreement(network: Network) -> str:
    if not len(network.low):
        return "Without links each item is one."
    others = stability(network, seed=_SEED)
    return (
        f"For {others.agreeing:,} of {others.links:,} linked pairs {others.runs + 1} runs agree whether they "
        "are in one."
    )
