"""Neighbourhoods, paths, components and figures agree with plain networkx, and hubs are told."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from engine.domain.errors import NotFoundError
from engine.links.building import RegisterBuilder
from engine.links.components import components, summary
from engine.links.kinds import Role
from engine.links.neighbourhood import neighbourhood
from engine.links.network import limited_to_kinds
from engine.links.paths import shortest_paths
from engine.links.register import Register
from tests.engine.links.given import a_reading, a_register


def a_random_network(seed: int) -> tuple[Register, nx.Graph[str]]:
    """The same network as a register and as a plain graph."""
    chance, building = random.Random(seed), RegisterBuilder()
    graph: nx.Graph[str] = nx.Graph()
    size = chance.randint(5, 40)
    for number in range(size):
        building.add_entity(str(number), chance.choice(["person", "crime", "phone"]))
        graph.add_node(str(number))
    for _ in range(chance.randint(0, 70)):
        one, other = chance.sample(range(size), 2)
        building.add_link(str(one), str(other), chance.choice("xy"))
        graph.add_edge(str(one), str(other))
    return building.register(), graph


@pytest.mark.parametrize("seed", range(20))
def test_the_register_answers_as_plain_networkx_does(seed: int) -> None:
    register, graph = a_random_network(seed)
    answer = summary(register)
    assert answer["components"] == components(register)["components"] == nx.number_connected_components(graph)
    assert answer["largest_component"] == max(map(len, nx.connected_components(graph)))
    assert max(each["degree"] for each in answer["max_degree"].values()) == max(dict(graph.degree).values())
    chance = random.Random(seed)
    for _ in range(10):
        one, other = chance.choices(sorted(graph), k=2)
        for hops in (1, 2, 3):
            drawn = neighbourhood(register, one, hops=hops).graph
            wanted = nx.ego_graph(graph, one, hops)
            assert set(drawn) == set(wanted)
            assert nx.Graph(drawn).number_of_edges() == wanted.number_of_edges()
        same_paths(register, graph, one, other, hub_cap=None)
        hubs = {
            node
            for node in graph
            if register.degrees[int(node)] > 3 and register.entity(int(node)).type == "phone"
        }
        without = graph.copy()
        without.remove_nodes_from(hubs - {one, other})
        if nx.has_path(without, one, other):
            same_paths(register, without, one, other, hub_cap=3)


def same_paths(
    register: Register, graph: nx.Graph[str], one: str, other: str, *, hub_cap: int | None
) -> None:
    found = shortest_paths(register, one, other, hub_cap=hub_cap, most=1000)
    if not nx.has_path(graph, one, other):
        assert (found.hops, found.paths, found.number) == (None, (), 0)
        return
    wanted = sorted(map(tuple, nx.all_shortest_paths(graph, one, other)))
    assert found.hops == nx.shortest_path_length(graph, one, other)
    assert sorted(tuple(register.id_of(n) for n in path) for path in found.paths) == wanted
    assert found.number == len(wanted)


def a_hostel(users: int) -> Register:
    return a_register("\n".join(f"P{n},T1,uses,,," for n in range(users)) + "\nP0,I1,in,,,\nP1,I1,in,,,")


def test_a_hub_is_drawn_and_not_expanded_and_told() -> None:
    found = neighbourhood(a_hostel(60), "P0", hops=2)
    assert set(found.graph) == {"P0", "P1", "I1", "T1"}
    assert [(hub.id, hub.links) for hub in found.hubs] == [("T1", 60)]
    assert found.graph.has_edge("P1", "T1"), "what is drawn is drawn with every link between"


def test_a_hub_that_is_asked_about_is_expanded_and_one_below_the_cap_too() -> None:
    assert len(neighbourhood(a_hostel(60), "T1", hops=1).graph) == 61
    assert len(neighbourhood(a_hostel(50), "P0", hops=2).graph) == 52


def test_a_person_with_many_links_is_no_hub() -> None:
    register = a_register("\n".join(f"P0,P{n},knows,,," for n in range(1, 70)))
    assert len(neighbourhood(register, "P1", hops=2).graph) == 70


def test_what_is_not_drawn_is_counted_and_nearest_comes_first() -> None:
    found = neighbourhood(a_hostel(40), "P0", hops=2, most=10)
    assert len(found.graph) == 10
    assert found.left_out == 42 - 10


def test_only_links_of_the_asked_kinds_are_followed() -> None:
    found = neighbourhood(limited_to_kinds(a_hostel(4), ["in"]), "P0", hops=2)
    assert set(found.graph) == {"P0", "I1", "P1"}


def test_a_path_through_a_hub_is_found_only_where_there_is_no_other_and_told() -> None:
    register = a_hostel(60)
    assert shortest_paths(register, "P0", "P1").through_hubs is False
    last = shortest_paths(register, "P2", "P3")
    assert (last.hops, last.through_hubs) == (2, True)


def test_a_hub_that_is_an_end_is_reached_by_its_own_link() -> None:
    for ends in (("P0", "T1"), ("T1", "P0")):
        found = shortest_paths(a_hostel(60), *ends)
        assert (found.hops, found.number, found.through_hubs) == (1, 1, False)


def test_a_shorter_path_through_a_hub_is_named_beside_the_one_without_it() -> None:
    steps = "\nP1,I1,in,,,\nP7,I1,in,,,\nP7,I2,in,,,\nP2,I2,in,,,"
    many, few = (
        a_register("\n".join(f"P{n},T1,uses,,," for n in range(users)) + steps) for users in (60, 40)
    )
    found = shortest_paths(many, "P1", "P2")
    assert (found.hops, found.through_hubs, found.hops_through_hubs) == (4, False, 2)
    assert shortest_paths(few, "P1", "P2")[:1] + shortest_paths(few, "P1", "P2")[4:] == (2, None)


def test_two_links_between_neighbours_are_one_path() -> None:
    register = a_register("P1,I1,in,perpetrator,,\nP1,I1,in,victim,,\nP2,I1,in,,,")
    found = shortest_paths(register, "P1", "P2")
    assert (found.hops, found.number) == (2, 1)


def test_an_entity_to_itself_is_no_hop() -> None:
    register = a_hostel(3)
    number = register.find("P1")
    assert shortest_paths(register, "P1", "P1")[:3] == (0, ((number,),), 1)


@pytest.mark.parametrize("ids", [("P0", "X"), ("X", "P0")])
def test_an_unknown_id_is_said(ids: tuple[str, str]) -> None:
    with pytest.raises(NotFoundError, match="the register has no entity X; check the id"):
        shortest_paths(a_hostel(3), *ids)


def test_a_summary_tells_roles_dates_and_what_has_none() -> None:
    register = a_register("P1,I1,in,perpetrator,2024-03-01,\nV1,I1,in,victim,2023,\nP2,I1,in,,,")
    answer = summary(register)
    assert answer["entities"] == {"person": 3, "incident": 1}
    assert answer["links"] == {"in": 3}
    assert answer["roles"] == {"perpetrator": 1, "victim": 1, "role not recorded": 1}
    assert answer["dates"] == {"from": "2023", "to": "2024-03-01", "not_recorded": 1}
    assert answer["max_degree"]["incident"] == {"degree": 3, "links": 3, "ids": ["I1"], "as_many": 1}


def test_a_network_without_links_has_a_summary() -> None:
    answer = summary(a_reading("id,type\n1,person\n2,person", "from,to").register)
    assert (answer["components"], answer["largest_component"]) == (2, 1)
    assert answer["max_degree"]["person"]["degree"] == 0
    assert answer["dates"] == {"from": None, "to": None, "not_recorded": 0}


def test_one_cannot_add_an_id_twice() -> None:
    building = RegisterBuilder()
    building.add_entity("1", "person")
    with pytest.raises(ValueError, match="has this id already"):
        building.add_entity("1", "crime")
    building.add_entity("2", "crime")
    assert building.add_link("1", "2", role=Role.VICTIM)
    assert not building.add_link("1", "2", role=Role.VICTIM)
