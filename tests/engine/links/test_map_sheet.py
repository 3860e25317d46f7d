"""What is drawn of a map: groups of what is on it, lines for every link, places that mean something."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.links.arrangements import Arrangement, Grouping, Placed
from engine.domain.links.map_patterns import PatternsOnMap
from engine.domain.links.maps import LinkMap, MapAsked
from engine.domain.links.sheets import MapSheet
from engine.domain.links.views import LinkEdge, LinkNode, LinkNotes, LinkView, MayBeOne, NodeKind
from engine.links.exporting.pictures import PictureFormat, PictureText, picture_of
from engine.links.map_sheet import sheet_of
from engine.services.links.drawing import map_of
from engine.services.links.export import map_picture

KINDS = {"P": NodeKind.PERSON, "I": NodeKind.INCIDENT, "J": NodeKind.PHONE, "A": NodeKind.PLACE}


def a_link(number: int, source: str, target: str, kind: str = "uses", **more: object) -> LinkEdge:
    fields = {"id": f"L{number:03}", "source": source, "target": target, "kind": kind, **more}
    return LinkEdge.model_validate(fields)


LINKS = (
    a_link(1, "P-a", "J-1", date="2026-01-05", grade="2B P", told_by="police"),
    a_link(2, "P-a", "J-1", "sent from", date="2026-02-05", grade="3D C", told_by="health"),
    a_link(3, "J-1", "P-a", "called", date="2026-03"),
    a_link(4, "P-b", "J-1"),
    a_link(5, "P-b", "A-1", "lives at"),
    a_link(6, "P-c", "A-1", "seen at"),
    a_link(7, "P-c", "I-1", "involved in", role="perpetrator", date="2026-02-09"),
    a_link(8, "P-d", "A-2", "seen at"),
    a_link(9, "P-c", "A-2", "seen at"),
)
ALIKE = (
    MayBeOne(one="P-b", other="P-c", evidence="strong"),
    MayBeOne(one="P-c", other="P-d", evidence="strong"),
)


def a_map(
    links: tuple[LinkEdge, ...] = LINKS, *, alike: tuple[MayBeOne, ...] = (), **asked: object
) -> LinkMap:
    names = dict.fromkeys(["P-a", *(end for link in links for end in (link.source, link.target))])
    nodes = tuple(
        LinkNode(id=name, kind=KINDS[name[0]], label=name, is_middle=name == "P-a") for name in names
    )
    view = LinkView(
        middle="P-a",
        hops=4,
        hub_cap=50,
        at=None,
        kinds=(),
        nodes=nodes,
        edges=links,
        told=LinkNotes(),
        read_at=datetime(2026, 3, 2, tzinfo=UTC),
        may_be_one=alike,
    )
    wanted = MapAsked(start="P-a", hops=4).changed(**asked)
    return map_of(view, wanted, known={}, patterns=PatternsOnMap())


def drawn_as(sheet: MapSheet) -> dict[str, tuple[str, ...]]:
    return {each.node.id: each.stands_for for each in sheet.nodes if each.group}


def labels(sheet: MapSheet) -> set[str]:
    return {each.group.says for each in sheet.nodes if each.group}


def test_parallel_links_are_one_line_with_their_number_and_every_link_is_in_a_line() -> None:
    drawn = a_map()
    sheet = sheet_of(drawn)
    (line,) = (line for line in sheet.lines if line.is_bundle)
    assert (line.in_words, line.both_ways, line.is_unconfirmed) == ("3 links", True, False)
    assert line.in_full == "3 links: 1 uses, 1 sent from, 1 called"
    assert sorted(link.id for line in sheet.lines for link in line.links) == [link.id for link in LINKS]
    assert drawn.edges == LINKS  # the table has all of them


@pytest.mark.parametrize(("bundles", "unbundled"), [(False, ()), (True, ("J-1",))])
def test_a_bundle_is_unfolded_for_one_item_or_for_the_map(bundles: bool, unbundled: tuple[str, ...]) -> None:
    lines = sheet_of(a_map(bundles=bundles, unbundled=unbundled)).lines
    assert [line.id for line in lines] == [link.id for link in LINKS]
    assert lines[1].in_full == "sent from (health, 5 February 2026, grade 3D C)"


def test_a_group_has_what_is_on_the_map_and_never_the_middle() -> None:
    sheet = sheet_of(a_map(hidden=("P-d",), grouped_by=Grouping.KIND))
    assert drawn_as(sheet) == {"kind:person": ("P-b", "P-c"), "kind:place": ("A-1", "A-2")}
    assert labels(sheet) == {"2 people", "2 places"}
    assert not any("P-d" in str(each) for each in (sheet.nodes, sheet.lines))
    (between,) = (line for line in sheet.lines if {line.source, line.target} == {"kind:person", "kind:place"})
    assert [link.id for link in between.links] == ["L005", "L006", "L009"]


def test_an_unfolded_group_is_its_items_again_and_can_be_folded() -> None:
    plain = sheet_of(a_map())
    grouped = a_map(grouped_by=Grouping.KIND).asked
    unfolded = grouped.unfolding("kind:person")
    sheet = sheet_of(a_map().model_copy(update={"asked": unfolded}))
    assert {"P-b", "P-c", "P-d"} <= {each.node.id for each in sheet.nodes}
    assert sheet.folds_by_node["P-b"] == "kind:person"
    assert unfolded.unfolding(sheet.folds_by_node["P-b"]) == grouped
    where = {each.node.id: (each.x, each.y) for each in plain.nodes}
    assert all((each.x, each.y) == where[each.node.id] for each in sheet.nodes if not each.group)


def test_by_place_an_item_of_two_places_is_in_neither() -> None:
    sheet = sheet_of(a_map(grouped_by=Grouping.PLACE))
    assert drawn_as(sheet) == {"place:A-1": ("P-b", "A-1"), "place:A-2": ("P-d", "A-2")}
    assert labels(sheet) == {"2 items at A-1", "2 items at A-2"}


def test_who_may_be_one_does_not_chain_and_is_one_node_in_no_file() -> None:
    drawn = a_map(alike=ALIKE, grouped_by=Grouping.MAY_BE_ONE)
    assert drawn_as(sheet_of(drawn)) == {}
    two = a_map(alike=ALIKE[:1], grouped_by=Grouping.MAY_BE_ONE)
    assert labels(sheet_of(two)) == {"2 people who may be one"}
    text = PictureText(title="A", source="B")
    assert b"may be one" in picture_of(two, sheet_of(two), text, PictureFormat.SVG)
    assert b"may be one" not in map_picture(two, text, "svg", name="a").content


def test_by_community_the_groups_are_those_that_were_measured() -> None:
    drawn = a_map(grouped_by=Grouping.COMMUNITY)
    communities = {each.node.id: 1 + (each.node.id in ("P-c", "A-2")) for each in drawn.nodes}
    sheet = sheet_of(drawn, communities=communities)
    assert labels(sheet) == {"community 1: 5 items", "community 2: 2 items"}


@pytest.mark.parametrize("arranged", Arrangement)
@pytest.mark.parametrize("grouped_by", Grouping)
def test_in_every_layout_no_two_items_have_one_place_and_a_pinned_one_has_its_own(
    arranged: Arrangement, grouped_by: Grouping
) -> None:
    pin = Placed(node="I-1", x=7.0, y=-9.0)
    loose = Placed(node="J-1", x=3.0, y=3.0, pinned=False)
    sheet = sheet_of(
        a_map(arranged=arranged, grouped_by=grouped_by, placed=(pin, loose)), communities={"I-1": 1}
    )
    places = {each.node.id: (each.x, each.y) for each in sheet.nodes}
    assert len(set(places.values())) == len(places)
    assert places["I-1"] == (7.0, -9.0)
    assert (places.get("J-1") == (3.0, 3.0)) is (arranged is Arrangement.FORCE)


def test_layers_follow_the_distance_and_time_the_dates() -> None:
    layers = {each.node.id: each.y for each in sheet_of(a_map(arranged=Arrangement.LAYERS)).nodes}
    assert layers["P-a"] < layers["J-1"] < layers["P-b"] < layers["A-1"] < layers["P-c"] < layers["I-1"]
    sheet = sheet_of(a_map(arranged=Arrangement.TIME))
    across = {each.node.id: each.x for each in sheet.nodes}
    assert across["A-1"] == across["A-2"] < across["J-1"] == across["P-a"] < across["I-1"]
    assert sheet.undated == 4


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60),
    st.sampled_from([Arrangement.LAYERS, Arrangement.CIRCLE, Arrangement.TIME]),
)
def test_names_have_room_in_the_layouts_that_mean_something(
    ends: list[tuple[int, int]], arranged: Arrangement
) -> None:
    links = tuple(
        a_link(
            number,
            f"P-{one}" if one else "P-a",
            f"J-{other}",
            date=str(date(2026, 1, 1 + (one * other) % 28)),
        )
        for number, (one, other) in enumerate(ends)
    )
    sheet = sheet_of(a_map(links, arranged=arranged))
    for one, other in combinations(sheet.nodes, 2):
        assert (
            abs(one.x - other.x) > 100
            or abs(one.y - other.y) > 55
            or math.dist((one.x, one.y), (other.x, other.y)) > 80
        )
