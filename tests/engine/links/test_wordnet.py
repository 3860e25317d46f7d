"""WordNet 3.0 as a network of 117,659 entities: its published counts, and the figures of networkx.

Debian's ``wordnet-base`` has its files (Princeton's licence). The counts are those of its manual, wnstats(7).
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

from engine.links.building import RegisterBuilder
from engine.links.centrality import Measure, measure_figures
from engine.links.communities import communities
from engine.links.network import network_of
from engine.links.paths import shortest_paths
from engine.links.register import Register

FILES = Path("/usr/share/wordnet")
PUBLISHED = {"noun": 82_115, "verb": 13_767, "adj": 18_156, "adv": 3_621}
PART = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not (FILES / "data.noun").exists(),
        reason="WordNet is missing; on Debian: apt-get install wordnet-base",
    ),
]


@cache
def wordnet() -> Register:
    """Every set of synonyms, and each of its pointers to another as a link."""
    building = RegisterBuilder()
    pointers: list[tuple[str, str, str]] = []
    for part in PUBLISHED:
        for line in (FILES / f"data.{part}").read_text().splitlines():
            if line.startswith("  "):  # the licence
                continue
            fields = line.partition("|")[0].split()
            name = f"{part} {fields[0]}"
            building.add_entity(name, part)
            rest = fields[4 + 2 * int(fields[3], 16) :]
            for place in range(int(rest[0])):
                symbol, offset, of, _ = rest[1 + 4 * place : 5 + 4 * place]
                pointers.append((name, f"{PART[of]} {offset}", symbol))
    for one, other, symbol in pointers:
        building.add_link(one, other, symbol)
    return building.register()


@cache
def by_networkx() -> nx.Graph[str]:
    """The same without a direction, and each pair once."""
    register = wordnet()
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(register.entity(number).id for number in range(len(register)))
    for number in range(register.link_count):
        link = register.link(number)
        graph.add_edge(register.entity(link.start).id, register.entity(link.end).id)
    return graph


def test_it_has_the_published_number_of_entities() -> None:
    register = wordnet()
    assert Counter(register.entity(number).type for number in range(len(register))) == PUBLISHED
    assert len(register) == 117_659


def test_components_and_triangles_are_those_of_networkx() -> None:
    figures, graph = network_of(wordnet()).figures(), by_networkx()
    parts = [len(part) for part in nx.connected_components(graph)]
    assert figures["nodes"] == graph.number_of_nodes()
    assert figures["edges"] == graph.number_of_edges() - nx.number_of_selfloops(graph)
    assert (figures["components"], figures["largest_component"]) == (len(parts), max(parts))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    triangles = nx.triangles(graph)
    assert isinstance(triangles, dict)
    assert figures["triangles"] == sum(triangles.values()) // 3
    assert figures["transitivity"] == pytest.approx(nx.transitivity(graph))


def test_paths_have_the_length_that_networkx_finds() -> None:
    register, graph = wordnet(), by_networkx()
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=len)
    names = parts[-1]
    for one, other in zip(names[:: len(names) // 8], reversed(names[:: len(names) // 8]), strict=True):
        found = shortest_paths(register, one, other, hub_cap=len(names))
        assert found.hops == nx.shortest_path_length(graph, one, other)


def test_exact_measures_are_those_of_networkx_and_communities_have_its_modularity() -> None:
    register, graph = wordnet(), by_networkx()
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    found = measure_figures(register, network_of(register), [Measure.DEGREE, Measure.CORE], top=500)
    degrees, cores = dict(graph.degree()), nx.core_number(graph)
    assert all(each["value"] == degrees[each["id"]] for each in found["degree"]["top"])
    assert all(each["value"] == cores[each["id"]] for each in found["core"]["top"])
    divided = communities(register, network_of(register), seed=7)
    groups = [set(group) for group in divided.communities]
    assert divided.modularity == pytest.approx(nx.community.modularity(graph, groups), abs=1e-6)
    assert divided.modularity is not None
    assert divided.modularity > 0.7
