"""Where nodes go: the same for the same graph, readable, and never moved once somebody knows the place."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.links.layout import ROOM, Point, layout


def a_net(size: int, *, seed: int = 3) -> tuple[list[str], list[tuple[str, str]]]:
    """Persons round incidents: nearly a tree, with some further links."""
    chance = random.Random(seed)
    nodes = [f"P-{n}" for n in range(size)]
    links = [(nodes[n], nodes[chance.randrange(max(0, n - 40), n)]) for n in range(1, size)]
    links += [(chance.choice(nodes), chance.choice(nodes)) for _ in range(size // 2)]
    return nodes, links


def touching(places: dict[str, Point]) -> int:
    """How many two lie nearer than their names need, by a tenth and more."""
    those = list(places.values())
    return sum(
        math.hypot((a.x - b.x) / ROOM[0], (a.y - b.y) / ROOM[1]) < 0.9
        for n, a in enumerate(those)
        for b in those[:n]
    )


def test_the_same_graph_has_the_same_places() -> None:
    assert layout(*a_net(60)) == layout(*a_net(60))


@pytest.mark.parametrize("size", [2, 12, 60, 300])
def test_names_have_room_to_be_read(size: int) -> None:
    places = layout(*a_net(size))
    assert touching(places) <= size // 20


def test_a_place_that_was_known_stays_exactly_where_it_was() -> None:
    nodes, links = a_net(40)
    before = layout(nodes, links)
    known = {node: Point(place.x + 0.25, place.y) for node, place in list(before.items())[:30]}
    after = layout(nodes, links, placed=known)
    assert {node: after[node] for node in known} == known


def test_a_new_node_comes_to_lie_near_what_it_is_linked_to() -> None:
    nodes, links = a_net(40)
    known = layout(nodes, links)
    after = layout([*nodes, "P-new"], [*links, ("P-new", "P-7")], placed=known)
    far = math.dist(after["P-new"], after["P-7"])
    assert far < sum(math.dist(after["P-new"], place) for place in known.values()) / len(known)


def test_what_does_not_hang_together_lies_side_by_side() -> None:
    nodes, links = a_net(20)
    others = [f"O-{n}" for n in range(20)]
    places = layout([*nodes, *others], [*links, *((others[0], other) for other in others[1:])])
    (left, right) = ([places[node].x for node in each] for each in (nodes, others))
    (high, low) = ([places[node].y for node in each] for each in (nodes, others))
    assert max(left) < min(right) or max(high) < min(low)


def test_a_node_without_any_link_is_placed_below_what_is_known() -> None:
    places = layout(["A", "B", "C"], [("A", "B")], placed={"A": Point(0, 0), "B": Point(90, 0)})
    assert places["C"].y > 0


def test_a_drawing_of_two_thousand_is_spread_out() -> None:
    nodes, links = a_net(2000)
    places = layout(nodes, links)
    assert len({(round(x / 8), round(y / 8)) for x, y in places.values()}) > 1900


ids = st.lists(st.sampled_from([f"N{n}" for n in range(12)]), unique=True, max_size=12)


@settings(max_examples=60, deadline=None)
@given(nodes=ids, chance=st.randoms(use_true_random=False), count=st.integers(0, 12))
def test_every_node_has_a_place_that_can_be_drawn(
    nodes: list[str], chance: random.Random, count: int
) -> None:
    links = [(chance.choice(nodes), chance.choice(nodes)) for _ in range(len(nodes))] if nodes else []
    placed = {node: Point(chance.uniform(-500, 500), chance.uniform(-500, 500)) for node in nodes[:count]}
    places = layout(nodes, links, placed=placed)
    assert list(places) == nodes
    assert all(math.isfinite(number) for place in places.values() for number in place)
