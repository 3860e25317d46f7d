"""Measures of a drawn map: as networkx has them, on graphs with known figures, and none for who has none."""

from __future__ import annotations

import doctest

import networkx as nx
import pytest

from engine.domain.links.map_measures import Colouring, ItemMeasure, MapMeasures
from engine.links import map_measures as module
from engine.links.map_measures import map_measures

KARATE = nx.relabel_nodes(nx.karate_club_graph(), str)
CHAIN: nx.Graph[str] = nx.Graph([("A", "B"), ("B", "C"), ("C", "A"), ("C", "D"), ("E", "F")])


def measured(graph: nx.Graph[str]) -> MapMeasures:
    links = [(one, other, "knows") for one, other in graph.edges()]
    return map_measures(list(graph), links, measured=set(graph))


def values(found: MapMeasures, measure: ItemMeasure) -> dict[str, float]:
    return {item.id: item.values[measure] for item in found.items}


@pytest.mark.parametrize("graph", [KARATE, CHAIN], ids=["karate", "chain"])
@pytest.mark.parametrize(
    ("measure", "as_networkx"),
    [
        (ItemMeasure.DEGREE, lambda graph: dict(graph.degree())),
        (ItemMeasure.BETWEENNESS, lambda graph: nx.betweenness_centrality(graph, normalized=False)),
        (ItemMeasure.CLOSENESS, nx.closeness_centrality),
        (ItemMeasure.TRIANGLES, nx.triangles),
        (ItemMeasure.CLUSTERING, nx.clustering),
        (ItemMeasure.CORE, nx.core_number),
    ],
    ids=["degree", "betweenness", "closeness", "triangles", "clustering", "core"],
)
def test_each_value_is_that_of_networkx(
    graph: nx.Graph[str], measure: ItemMeasure, as_networkx: object
) -> None:
    expected = as_networkx(graph)  # type: ignore[operator]
    assert values(measured(graph), measure) == pytest.approx(expected, abs=1e-5)


def test_the_figures_of_the_whole_are_the_published_ones_of_the_karate_club() -> None:
    figures = {figure.name: figure.value for figure in measured(KARATE).figures}
    assert figures["Items and links"] == "34 and 78"
    assert figures["Parts"] == "1"
    assert figures["Triangles"] == "45"
    assert figures["Communities"] == "4"
    assert figures["Links that hold it together"] == "1"
    assert figures["Items that hold it together"] == "1"


def test_parts_and_communities_are_numbered_in_the_order_of_references() -> None:
    found = measured(CHAIN)
    assert found.groups[Colouring.PART] == {"A": 1, "B": 1, "C": 1, "D": 1, "E": 2, "F": 2}
    assert [item.id for item in found.items] == sorted(CHAIN)
    assert found.groups[Colouring.COMMUNITY]["A"] == 1


def test_direction_parallel_links_and_links_to_itself_change_nothing_but_the_count_by_kind() -> None:
    links = [("A", "B", "uses"), ("B", "A", "uses"), ("A", "B", "knows"), ("A", "A", "knows")]
    found = map_measures(["A", "B"], links, measured=["A", "B"])
    assert values(found, ItemMeasure.DEGREE) == {"A": 1, "B": 1}
    assert found.items[0].links_by_kind == {"knows": 1, "uses": 1}


def test_who_has_no_measure_is_counted_in_the_figures_and_has_no_value() -> None:
    found = map_measures(list("ABC"), [("A", "B", "uses"), ("B", "C", "uses")], measured=["B"])
    assert [item.id for item in found.items] == ["B"]
    assert found.without == 2
    assert found.figures[0].value == "3 and 2"


def test_a_map_of_one_item_has_measures() -> None:
    found = map_measures(["A"], [], measured=["A"])
    assert values(found, ItemMeasure.BETWEENNESS) == {"A": 0}
    assert found.groups[Colouring.COMMUNITY] == {"A": 1}


def test_the_examples_are_true() -> None:
    assert doctest.testmod(module).failed == 0
