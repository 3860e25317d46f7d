"""Measures and communities are as published and as networkx has them; an estimate says how far off it is."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest

from engine.domain.errors import InvalidInputError
from engine.links.building import RegisterBuilder
from engine.links.centrality import LIMITS, Limits, Measure, core_numbers, measure_figures
from engine.links.communities import communities, modularity, stability
from engine.links.neighbourhood import neighbourhood
from engine.links.network import limited_to_kinds, network_of
from engine.links.paths import shortest_paths
from engine.links.register import Register

PUBLISHED: dict[str, Callable[[], nx.Graph[Any]]] = {
    "karate": nx.karate_club_graph,
    "les miserables": nx.les_miserables_graph,
    "florentine": nx.florentine_families_graph,
    "southern women": nx.davis_southern_women_graph,
    "kite": nx.krackhardt_kite_graph,
}
BY_NETWORKX: dict[Measure, Callable[[nx.Graph[str]], Any]] = {
    Measure.DEGREE: lambda graph: dict(graph.degree()),
    Measure.BETWEENNESS: lambda graph: nx.betweenness_centrality(graph, normalized=False),
    Measure.CLOSENESS: nx.closeness_centrality,
    Measure.TRIANGLES: nx.triangles,
    Measure.CORE: nx.core_number,
}


def plain(name: str) -> nx.Graph[str]:
    """A published network without weights, its nodes by their names."""
    return nx.relabel_nodes(nx.Graph(PUBLISHED[name]().edges()), str)


def register_of(graph: nx.Graph[str]) -> Register:
    """The same as a register: every fifth link twice, once in each direction."""
    building = RegisterBuilder()
    for node in graph:
        building.add_entity(node, "person")
    for number, (one, other) in enumerate(graph.edges()):
        building.add_link(one, other, "knows")
        if not number % 5:
            building.add_link(other, one, "met")
    return building.register()


def values(register: Register, measure: Measure, limits: Limits = LIMITS) -> dict[str, float]:
    """The value of every entity."""
    found = measure_figures(register, network_of(register), [measure], top=len(register), limits=limits)
    return {each["id"]: each["value"] for each in found[measure.value]["top"]}


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("karate", (34, 78, 1, 45, 0.139, 0.2557)),
        ("les miserables", (77, 254, 1, 467, 0.0868, 0.4989)),
        ("florentine", (15, 20, 1, 3, 0.1905, 0.1915)),
        ("southern women", (32, 89, 1, 0, 0.1794, 0.0)),
        ("kite", (10, 18, 1, 11, 0.4, 0.5789)),
    ],
)
def test_published_networks_have_the_published_figures(name: str, figures: tuple[float, ...]) -> None:
    found = network_of(register_of(plain(name))).figures()
    assert (found["nodes"], found["edges"], found["components"], found["triangles"]) == figures[:4]
    assert found["largest_component"] == found["nodes"]
    assert (round(found["density"], 4), round(found["transitivity"], 4)) == figures[4:]


def test_published_betweenness() -> None:
    """Padgett's Medici and Zachary's instructor; in Krackhardt's kite each measure has another first."""
    assert values(register_of(plain("florentine")), Measure.BETWEENNESS)["Medici"] == pytest.approx(47.5)
    assert values(register_of(plain("karate")), Measure.BETWEENNESS)["0"] == pytest.approx(231.0714, abs=1e-4)
    kite = register_of(plain("kite"))
    firsts = [
        next(iter(values(kite, each))) for each in (Measure.DEGREE, Measure.BETWEENNESS, Measure.CLOSENESS)
    ]
    assert firsts == ["3", "7", "5"]
    assert values(kite, Measure.BETWEENNESS)["7"] == pytest.approx(14)


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("name", PUBLISHED)
def test_every_value_is_that_of_networkx(name: str, measure: Measure) -> None:
    graph = plain(name)
    assert values(register_of(graph), measure) == pytest.approx(dict(BY_NETWORKX[measure](graph)))


@pytest.mark.parametrize("seed", range(8))
def test_random_networks_of_many_components_too(seed: int) -> None:
    chance = random.Random(seed)
    graph = nx.relabel_nodes(nx.gnm_random_graph(60, chance.choice([0, 20, 50, 200]), seed=seed), str)
    register = register_of(graph)
    figures = network_of(register).figures()
    assert figures["components"] == nx.number_connected_components(graph)
    assert figures["density"] == pytest.approx(nx.density(graph))
    assert figures["transitivity"] == pytest.approx(nx.transitivity(graph))
    for measure, of_networkx in BY_NETWORKX.items():
        assert values(register, measure) == pytest.approx(dict(of_networkx(graph)))
        in_packs = values(register, measure, Limits(exact_to=10, small=60))
        assert in_packs == pytest.approx(dict(of_networkx(graph))), (
            "small components are exact in any network"
        )


def test_equal_values_are_in_the_order_of_ids_and_top_cuts_the_list() -> None:
    register = register_of(nx.relabel_nodes(nx.cycle_graph(12), str))
    found = measure_figures(register, network_of(register), [Measure.BETWEENNESS], top=4)["betweenness"]
    assert [each["id"] for each in found["top"]] == ["0", "1", "10", "11"]
    assert found["exact"]
    assert (found["error"], found["sources"]) == (None, None)


def test_a_sample_says_how_far_off_it_is() -> None:
    """The exact value is within the error for about 95 in 100 entities; the sample is the same each time."""
    graph = nx.relabel_nodes(nx.barabasi_albert_graph(600, 2, seed=5), str)
    register, network = register_of(graph), network_of(register_of(graph))
    sampled = Limits(exact_to=100, small=100, work=250_000)
    for measure in (Measure.BETWEENNESS, Measure.CLOSENESS):
        once = measure_figures(register, network, [measure], top=20, limits=sampled)[measure.value]
        assert once == measure_figures(register, network, [measure], top=20, limits=sampled)[measure.value]
        assert not once["exact"]
        assert once["sources"] is not None
        assert 30 <= once["sources"] < 200
        error, exact = once["error"], BY_NETWORKX[measure](graph)
        assert error is not None
        assert 0 < error < once["top"][0]["value"]
        assert sum(abs(each["value"] - exact[each["id"]]) <= error for each in once["top"]) >= 19
    counted = measure_figures(register, network, [Measure.DEGREE], top=1, limits=sampled)["degree"]
    assert counted["exact"]


def test_progress_reaches_its_end_over_small_and_large_components() -> None:
    graph = nx.disjoint_union_all([nx.path_graph(3), nx.star_graph(150), nx.path_graph(4)])
    register, steps = register_of(nx.relabel_nodes(graph, str)), []
    measure_figures(
        register,
        network_of(register),
        [Measure.CLOSENESS],
        top=1,
        progress=lambda done, of: steps.append((done, of)),
        limits=Limits(exact_to=50, small=50, work=1),
    )
    assert steps[-1] == (37, 37), "7 entities of small components, and the fewest that a sample has"


@pytest.mark.parametrize("leaves", range(31, 39))
def test_a_star_is_estimated_without_error_whether_its_middle_is_in_the_sample_or_not(leaves: int) -> None:
    register = register_of(nx.relabel_nodes(nx.star_graph(leaves), str))
    fewest = Limits(exact_to=10, small=10, work=1)
    assert values(register, Measure.BETWEENNESS, fewest)["0"] == pytest.approx(leaves * (leaves - 1) / 2)
    assert values(register, Measure.CLOSENESS, fewest)["0"] == pytest.approx(1)


@pytest.mark.parametrize("name", PUBLISHED)
def test_communities_are_the_same_for_the_same_seed_and_as_good_as_published(name: str) -> None:
    graph, register = plain(name), register_of(plain(name))
    network = network_of(register)
    found = communities(register, network, seed=7)
    assert found == communities(register, network, seed=7)
    assert sorted(each for group in found.communities for each in group) == sorted(graph)
    assert found.modularity == pytest.approx(nx.community.modularity(graph, map(set, found.communities)))
    louvain = nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=1))
    assert found.modularity is not None
    assert found.modularity >= louvain - 0.005


def test_the_karate_club_falls_into_the_four_groups_of_the_highest_modularity() -> None:
    register = register_of(plain("karate"))
    found = communities(register, network_of(register), seed=1)
    assert found.modularity == pytest.approx(0.4198, abs=1e-4)
    assert [len(group) for group in found.communities] == [12, 11, 6, 5]
    steady = stability(network_of(register), seed=1)
    assert (steady.links, steady.agreeing, steady.fewest, steady.most) == (78, 78, 4, 4)


def test_what_no_seed_agrees_on_is_not_stable() -> None:
    register = register_of(nx.relabel_nodes(nx.gnm_random_graph(300, 1000, seed=3), str))
    steady = stability(network_of(register), seed=1)
    assert steady.agreeing < steady.links / 2


def test_a_network_without_links_has_figures_and_no_modularity() -> None:
    for size in (1, 3):
        register = register_of(nx.relabel_nodes(nx.empty_graph(size), str))
        network = network_of(register)
        assert network.figures()["components"] == size
        assert set(values(register, Measure.CLOSENESS).values()) == {0.0}
        found = communities(register, network, seed=1)
        assert (found.modularity, len(found.communities)) == (None, size)
        assert modularity(network, np.zeros(size, dtype=np.int64)) is None
    empty = network_of(RegisterBuilder().register())
    assert empty.figures() == {
        "nodes": 0, "edges": 0, "components": 0, "largest_component": 0, "triangles": 0, "density": 0.0,
        "transitivity": 0.0,
    }  # fmt: skip
    assert measure_figures(RegisterBuilder().register(), empty, list(Measure), top=5)["core"]["top"] == []


def test_kinds_limit_measures_and_paths_and_all_entities_stay() -> None:
    building = RegisterBuilder()
    for entity_id in "abcd":
        building.add_entity(entity_id, "person", f"name of {entity_id}")
    for one, other, kind, source in (
        ("a", "b", "phone", "x"),
        ("b", "c", "knows", "yy"),
        ("a", "c", "", "zzz"),
    ):
        building.add_link(one, other, kind, link_id=f"{one}{other}", source=source, attributes={"n": one * 3})
    whole = building.register()
    chosen = limited_to_kinds(whole, ["knows", "kind not recorded"])
    assert len(chosen) == 4
    assert [(chosen.link_id(n), chosen.link(n)) for n in range(2)] == [
        (whole.link_id(n), whole.link(n)) for n in (1, 2)
    ]
    assert values(chosen, Measure.DEGREE) == {"c": 2, "a": 1, "b": 1, "d": 0}
    assert shortest_paths(chosen, "a", "b").hops == 2
    assert shortest_paths(limited_to_kinds(whole, ["phone"]), "a", "b").hops == 1
    assert set(neighbourhood(limited_to_kinds(whole, ["knows"]), "a", hops=2).graph) == {"a"}
    assert limited_to_kinds(whole, None) is whole
    with pytest.raises(InvalidInputError, match="kind: no link is of the kind 'Knows'"):
        limited_to_kinds(whole, ["knows", "Knows"])


def test_more_than_fifty_thousand_nodes_as_networkx_counts_them() -> None:
    """Overlapping groups, as people at incidents: many triangles, and a few very busy people."""
    chance = np.random.default_rng(3)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(map(str, range(51_000)))
    for people in (chance.integers(0, 51_000, size=(12_000, 3)) ** 2 // 51_000).tolist():
        graph.add_edges_from((str(a), str(b)) for a, b in combinations(sorted(set(people)), 2))
    register = register_of(graph)
    network = network_of(register)
    figures = network.figures()
    assert figures["nodes"] == 51_000
    assert figures["components"] == nx.number_connected_components(graph)
    assert figures["largest_component"] == len(max(nx.connected_components(graph), key=len))
    assert figures["triangles"] == sum(dict(BY_NETWORKX[Measure.TRIANGLES](graph)).values()) // 3
    assert core_numbers(network).tolist() == list(nx.core_number(graph).values())
    found = communities(register, network, seed=1)
    assert found.modularity == pytest.approx(nx.community.modularity(graph, map(set, found.communities)))
