"""What lies around somebody is what a walk over their part of the database reaches."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import combinations, islice
from typing import Any, NamedTuple

import networkx as nx
import pytest
from sqlalchemy import text

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotFoundError
from engine.domain.links.maps import PathAsked
from engine.domain.referrals.intake import Referral
from engine.links.hubs import EXPANDED_ALWAYS, HUB_CAP
from engine.links.paths import paths_between
from engine.links.record_kinds import link_kind, shape_of_node
from engine.links.register import date_of
from engine.services.access import conflicts
from engine.services.access.checks import open_cases, permitted_links
from engine.services.cases.views import view_case
from engine.services.links.graphs import neighbourhood
from engine.services.links.path_maps import draw_path
from engine.services.links.projection import refresh_links
from engine.services.links.record import links_for
from engine.services.links.snapshots import LinkSnapshots
from engine.services.links.views import view_around
from engine.services.orders.recording import join_case
from engine.services.referrals import screening
from tests.builders import Desk, a_desk, a_person, a_screening, an_incident
from tests.databases import record_of
from tests.engine.services.links.test_graphs import tied
from tests.engine.services.links.test_orders import recorded
from tests.engine.services.links.test_register import PHONES

BEFORE, AFTER = 14, 4
CRIMES = ("cr/1", "CR/1", "cr/2", None)


def referral(number: int, chance: random.Random) -> Referral:
    """One of a few people against one of a few others, with telephones that many share."""
    return tied(
        str(number),
        *chance.sample([*PHONES, PHONES[0]], 2),
        place=chance.choice(["1 High Street", "2 Low Street", None]),
        perpetrator=a_person("Dan", f"Perp{chance.randrange(3)}"),
        victim=a_person("Vic", f"Victim{chance.randrange(2)}"),
        incidents=(
            an_incident(f"2026-0{chance.randint(1, 2)}-1{chance.randrange(9)}"),
            an_incident("2026-02", crime_reference=chance.choice(CRIMES)),
        ),
        party_works_for=YesNo.YES if number % 7 == 3 else YesNo.NO,
    )


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, Acting], list[str]]]:
    """Cases in every standing, some of them after the arrays were made, and who asks about them."""
    chance = random.Random(7)
    with a_desk(tmp_path_factory.mktemp("crowd") / "home") as desk:
        viewers = {
            "desk": desk.coordinator,
            "analyst": desk.add("ana", Role.ANALYST),
            "connected": desk.add("other", Role.COORDINATOR),
            "named": desk.add("worker", Role.PRACTITIONER, "harbour"),
        }
        cases = list(desk.refer(*(referral(number, chance) for number in range(BEFORE))).referrals)
        for case in cases[:11]:
            screen(desk, case)
        order = recorded(desk, cases[2])
        recorded(desk, cases[5])
        join_case(desk.context(desk.chair), order=order, reference=cases[1])
        refresh_links(desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots)
        later = desk.refer(*(referral(BEFORE + number, chance) for number in range(AFTER))).referrals
        screen(desk, later[0])
        screen(desk, later[1])
        recorded(desk, later[0])
        for case in (cases[0], cases[4], later[1]):
            screening.name_people(desk.context(desk.coordinator), reference=case, people=["worker", "ana"])
        other = viewers["connected"]
        with (
            desk.runtime.uow.unrecorded() as work
        ):  # one that was joined to a restricted case is restricted too
            open_ones = {each.reference for each in open_cases(work, other, work.cases.all())}
        for case in [each for each in cases[1:11] if each in open_ones][:1]:
            conflicts.say_own(desk.context(other), reference=case, is_connected=True)
        yield desk, viewers, [*cases, *later]


def screen(desk: Desk, case: str) -> None:
    """Screen it, and join it to an earlier case of the same two where one is offered."""
    offers = view_case(desk.context(desk.coordinator).with_agencies(()), reference=case).offers
    same = offers[0].episode if offers else None
    screening.screen(
        desk.context(desk.coordinator).with_agencies(()),
        reference=case,
        screening=a_screening(same_episode_as=same),
    )


class Asked(NamedTuple):
    """A question for a neighbourhood."""

    hops: int
    hub_cap: int = HUB_CAP
    at: date | None = None
    since: date | None = None
    kinds: tuple[str, ...] = ()


def links_of(desk: Desk, acting: Acting, asked: Asked) -> tuple[nx.MultiGraph[int], dict[int, int]]:
    """What the database says this viewer may see, each record by itself, and which records are one."""
    with desk.runtime.uow.unrecorded() as work:
        cut = work.links.cut(permitted_links(work, acting, on=desk.clock.today()))
        layer = work.links.arrays.whole()
    both = f"{cut.of_case('case_id')} and {cut.of_case('other_case_id')}"
    with record_of(desk.runtime.settings.home) as connection:
        there = set(connection.scalars(text(f"select id from link where {cut.of_link}")))
        same = connection.execute(text(f"select one_node, other_node from link_same where {both}"))
        pairs = [tuple(pair) for pair in same]
    alike: nx.Graph[int] = nx.Graph()
    alike.add_edges_from(pairs)
    one = {node: min(group) for group in nx.connected_components(alike) for node in group}
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    columns = (layer.links[name].tolist() for name in ("link", "start", "end", "kind", "day", "precision"))
    for link, start, end, kind, day, precision in zip(*columns, strict=True):
        day_of = date_of(day, precision)
        if link not in there or (asked.kinds and link_kind(kind) not in asked.kinds):
            continue
        if day_of and asked.at and day_of.earliest > asked.at:
            continue
        if day_of and asked.since and day_of.latest < asked.since:
            continue
        graph.add_edge(one.get(start, start), one.get(end, end), key=link)
    return graph, one


def by_networkx(desk: Desk, acting: Acting, person: str, asked: Asked) -> object:
    """The references and the number of links that a walk over the whole graph reaches, and its hubs."""
    graph, one = links_of(desk, acting, asked)
    with desk.runtime.uow.unrecorded() as work:
        cut = work.links.cut(permitted_links(work, acting, on=desk.clock.today()))
        start = work.links.find(person, cut)
        if start is None:
            return "not there"
        start = one.get(start, start)
        reached, frontier, hubs = {start}, {start}, dict[int, int]()
        for hop in range(asked.hops + 1):
            onward = set[int]()
            for node in frontier:
                users = len(set(graph[node])) if node in graph else 0
                many = shape_of_node(node) not in EXPANDED_ALWAYS and users > asked.hub_cap
                if node != start and many:
                    hubs[node] = users
                elif node in graph:
                    onward |= set(graph[node])
            if hop < asked.hops:
                frontier = onward - reached
                reached |= frontier
        names = work.links.arrays.references(reached)
    drawn = graph.subgraph(reached)
    return {names[node] for node in reached}, drawn.number_of_edges(), {names[n]: u for n, u in hubs.items()}


def by_service(desk: Desk, acting: Acting, person: str, asked: Asked) -> object:
    snapshots = desk.runtime.link_snapshots
    try:
        graph = neighbourhood(desk.context(acting), person=person, snapshots=snapshots, **asked._asdict())
    except NotFoundError:
        return "not there"
    hubs = {hub["id"]: hub["users"] for hub in graph.graph["hubs_not_expanded"]}
    return set(graph), graph.number_of_edges(), hubs


@pytest.mark.parametrize(
    "asked",
    [
        Asked(0),
        Asked(4),
        Asked(8, hub_cap=3),
        Asked(4, at=date(2026, 2, 10), hub_cap=1),
        Asked(4, kinds=("uses", "referred in")),
        Asked(4, since=date(2026, 2, 12)),
    ],
    ids=["itself", "four hops", "small hubs", "until a date", "two kinds", "since a date"],
)
def test_everybody_gets_what_a_walk_over_their_part_of_the_database_reaches(
    crowd: tuple[Desk, dict[str, Acting], list[str]], asked: Asked
) -> None:
    desk, viewers, cases = crowd
    everything = neighbourhood(
        desk.context(desk.coordinator), person=cases[0], hops=8, snapshots=desk.runtime.link_snapshots
    )
    answers = set()
    for name, acting in viewers.items():
        for person in [cases[0], cases[-1], *list(everything)[1::30]]:
            expected = by_networkx(desk, acting, person, asked)
            assert by_service(desk, acting, person, asked) == expected, (name, person)
            answers.add(repr(expected))
    assert len(answers) > 1


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"kinds": ("uses", "referred in")},
        {"since": date(2026, 2, 12)},
        {"until": date(2026, 2, 14)},
    ],
    ids=str,
)
def test_paths_by_kinds_and_dates_and_the_longer_ones_are_as_long_as_networkx_finds(
    crowd: tuple[Desk, dict[str, Acting], list[str]], limits: dict[str, Any]
) -> None:
    desk, viewers, cases = crowd
    common: dict[str, Any] = {"snapshots": desk.runtime.link_snapshots}
    cut = {"at" if name == "until" else name: limit for name, limit in limits.items()}
    longer = 0
    for acting in (viewers["desk"], viewers["analyst"]):
        context = desk.context(acting)
        (start, *_) = [
            node for node in neighbourhood(context, person=cases[0], hops=1, **common) if node[0] == "P"
        ]
        whole = nx.Graph(neighbourhood(context, person=start, hops=8, **cut, **common))
        for end in list(whole)[1::12]:
            found = draw_path(context, asked=PathAsked(start=start, end=end, longer=2, **limits), **common)
            shortest = nx.shortest_path_length(whole, start, end)
            ways = (len(way) - 1 for way in nx.shortest_simple_paths(whole, start, end))
            within = [links for links in islice(ways, 400) if links <= shortest + 4]
            expected = [links for links in within if links > shortest][:10]
            lengths = [len(way) - 1 for way in found.paths]
            assert lengths[0] == shortest
            assert [links for links in lengths if links > shortest] == expected
            longer += len(expected)
    assert longer


def test_a_path_crosses_no_hub_begins_and_ends_at_one_and_names_the_shorter_way_through_one(
    crowd: tuple[Desk, dict[str, Acting], list[str]],
) -> None:
    """Against networkx on the same part of the database, with the hubs between the ends taken out."""
    desk, viewers, _ = crowd
    cap, ends_at_hub = 2, 0
    for acting in (viewers["desk"], viewers["analyst"]):
        graph, _ = links_of(desk, acting, Asked(0))
        with desk.runtime.uow.unrecorded() as work:
            view = links_for(work, acting, desk.clock, desk.runtime.link_snapshots).seen.view
        hubs = {
            node for node in graph if shape_of_node(node) not in EXPANDED_ALWAYS and len(graph[node]) > cap
        }
        for start, end in combinations(random.Random(5).sample(sorted(graph), min(30, len(graph))), 2):
            without = graph.subgraph(set(graph) - (hubs - {start, end}))
            found = paths_between(view, start, end, hub_cap=cap)
            through = nx.shortest_path_length(graph, start, end) if nx.has_path(graph, start, end) else None
            if not nx.has_path(without, start, end):
                assert (found.hops, found.through_hubs) == (through, through is not None)
                continue
            assert found.hops == nx.shortest_path_length(without, start, end)
            assert found.number == len(list(nx.all_shortest_paths(nx.Graph(without), start, end)))
            assert found.hops_through_hubs == (
                through if through is not None and through < found.hops else None
            )
            ends_at_hub += bool(hubs & {start, end})
    assert ends_at_hub


def test_the_crowd_has_joined_people_hubs_and_changes(
    crowd: tuple[Desk, dict[str, Acting], list[str]],
) -> None:
    desk, viewers, cases = crowd
    with desk.runtime.uow.unrecorded() as work:
        cut = work.links.cut(permitted_links(work, viewers["desk"], on=desk.clock.today()))
        seen = desk.runtime.link_snapshots.for_viewer(work, cut, at=desk.clock.now())
    assert seen.changed >= AFTER - 1  # one of them is restricted
    drawn_by_desk = neighbourhood(
        desk.context(desk.coordinator),
        person=cases[0],
        hops=8,
        hub_cap=3,
        snapshots=desk.runtime.link_snapshots,
    )
    people = [node for node, answer in drawn_by_desk.nodes(data=True) if answer["type"] == "person"]
    assert len(people) < 2 * (BEFORE + AFTER)
    assert drawn_by_desk.graph["hubs_not_expanded"]


def test_a_full_drawing_has_what_is_nearest_and_counts_the_rest(
    crowd: tuple[Desk, dict[str, Acting], list[str]],
) -> None:
    desk, _, cases = crowd
    asked: dict[str, Any] = {"reference": cases[0], "hops": 4, "snapshots": desk.runtime.link_snapshots}
    context = desk.context(desk.coordinator)
    near = view_around(context, **{**asked, "hops": 1})
    for most in (1, 7, 20):
        few = view_around(context, **asked, most=most)
        assert len(few.nodes) == most
        assert few.told.left_out > 0
        assert {node.id for node in near.nodes[:most]} <= {node.id for node in few.nodes}


def test_what_was_never_written_to_files_is_drawn_too(
    crowd: tuple[Desk, dict[str, Acting], list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk, _, cases = crowd
    none_made = LinkSnapshots(tmp_path_factory.mktemp("none"))
    context = desk.context(desk.coordinator)
    graphs = [
        neighbourhood(context, person=cases[0], hops=4, snapshots=snapshots)
        for snapshots in (none_made, desk.runtime.link_snapshots)
    ]
    assert nx.utils.graphs_equal(*graphs)
