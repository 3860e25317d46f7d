"""Where nodes go: the same for the same graph, readable, and never moved once somebody knows the place."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

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


SIZES = (16, 52, 181, 500, 1_700, 2_000)


def a_star(size: int) -> tuple[list[str], list[tuple[str, str]]]:
    """One person whom all others are linked to, and nobody to one another."""
    nodes = [f"P-{n}" for n in range(size)]
    return nodes, [(nodes[0], node) for node in nodes[1:]]


def many_parts(size: int) -> tuple[list[str], list[tuple[str, str]]]:
    """One large part, small ones, and items that are linked to nothing."""
    nodes, links = [f"P-{n}" for n in range(size)], []
    links += [(nodes[n], nodes[n - 1 - n % 3]) for n in range(3, size // 4)]
    links += [(nodes[n], nodes[n - 1]) for n in range(size // 4, size // 2) if n % 5]
    return nodes, links


def a_hub_and_more(size: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Few with very many links, and many with few."""
    chance = random.Random(3)
    nodes = [f"P-{n}" for n in range(size)]
    return nodes, [(nodes[n], nodes[int(chance.random() ** 3 * n)]) for n in range(1, size)]


SHAPES = (a_net, a_star, many_parts, a_hub_and_more)


def is_bounded(places: dict[str, Point]) -> bool:
    """Whether no place is farther from the middle than a map of so many needs."""
    most = 600 + 2.5 * math.sqrt(len(places) * ROOM[0] * ROOM[1])
    return all(max(abs(place.x), abs(place.y)) <= most for place in places.values())


def links_in(nodes: list[str], links: list[tuple[str, str]]) -> list[tuple[str, str]]:
    those = set(nodes)
    return [(one, other) for one, other in links if one in those and other in those]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_map_of_any_size_and_shape_is_bounded_and_no_two_names_cover_each_other(
    shape: Callable[[int], tuple[list[str], list[tuple[str, str]]]], size: int
) -> None:
    places = layout(*shape(size))
    assert is_bounded(places)
    assert covered(places) <= size // 20


def covered(places: dict[str, Point]) -> int:
    near = cKDTree([(place.x / ROOM[0], place.y / ROOM[1]) for place in places.values()])
    return len(near.query_pairs(0.6))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("before", "now"), [(16, 1_700), (1_700, 16), (2_000, 181)])
def test_places_of_a_map_of_another_size_are_not_mixed_with_those_of_a_new_one(
    shape: Callable[[int], tuple[list[str], list[tuple[str, str]]]], before: int, now: int
) -> None:
    nodes, links = shape(max(before, now))
    earlier, later = nodes[:before], nodes[:now]
    known = layout(earlier, links_in(earlier, links))
    places = layout(later, links_in(later, links), placed=known)
    assert is_bounded(places)
    assert places == layout(later, links_in(later, links))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("before", "now"), [(16, 24), (52, 60), (181, 200), (181, 150), (500, 500)])
def test_places_of_a_map_of_about_that_size_stay(
    shape: Callable[[int], tuple[list[str], list[tuple[str, str]]]], before: int, now: int
) -> None:
    """The near miss."""
    nodes, links = shape(max(before, now))
    earlier, later = nodes[:before], nodes[:now]
    known = layout(earlier, links_in(earlier, links))
    places = layout(later, links_in(later, links), placed=known)
    assert {node: places[node] for node in known if node in places} == {
        node: place for node, place in known.items() if node in places
    }
    assert is_bounded(places)


def test_a_map_that_a_person_drew_wide_stays_as_it_is() -> None:
    nodes, links = a_net(16)
    wide = {node: Point(x * 12, y * 12) for node, (x, y) in layout(nodes, links).items()}
    assert layout(nodes, links, placed=wide) == wide
    fewer = nodes[:12]
    assert layout(fewer, links_in(fewer, links), placed=wide) == {node: wide[node] for node in fewer}


def test_what_is_new_and_linked_to_nothing_is_close_together_below_what_was_there() -> None:
    known = layout(*a_net(16))
    nodes = [*known, *(f"O-{n}" for n in range(40))]
    places = layout(nodes, a_net(16)[1], placed=known)
    assert {node: places[node] for node in known} == known
    new = [places[f"O-{n}"] for n in range(40)]
    assert min(place.y for place in new) > max(place.y for place in known.values())
    assert max(place.x for place in new) - min(place.x for place in new) < 12 * ROOM[0]
