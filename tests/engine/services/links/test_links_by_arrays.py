"""What lies around somebody is the same whether the record is read hop by hop or the arrays are."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import networkx as nx
import pytest

from engine.access.policy import links_permitted
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotFoundError
from engine.domain.links.maps import PathAsked
from engine.domain.referrals.intake import Referral
from engine.services.access import conflicts
from engine.services.access.checks import open_cases, permitted_links
from engine.services.cases.views import view_case
from engine.services.links.graphs import neighbourhood
from engine.services.links.path_maps import draw_path
from engine.services.links.projection import refresh_links
from engine.services.links.snapshots import LinkSnapshots
from engine.services.links.views import view_around
from engine.services.orders.recording import join_case
from engine.services.referrals import screening
from tests.builders import Desk, a_desk, a_person, a_screening, an_incident
from tests.engine.services.links.test_graphs import tied
from tests.engine.services.links.test_orders import recorded
from tests.engine.services.links.test_register import PHONES

BEFORE, AFTER = 14, 4
_AGE = {"read_at", "snapshot_at", "changed_since"}
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


def drawn(desk: Desk, acting: Acting, snapshots: LinkSnapshots | None, **asked: Any) -> Any:
    try:
        graph = neighbourhood(desk.context(acting), snapshots=snapshots, **asked)
    except NotFoundError as wrong:
        return str(wrong)
    return list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True)), graph.graph


@pytest.mark.parametrize(
    "asked",
    [
        {"hops": 0},
        {"hops": 4},
        {"hops": 8, "hub_cap": 3},
        {"hops": 4, "at": date(2026, 2, 10), "hub_cap": 1},
        {"hops": 4, "kinds": ("uses", "referred in")},
        {"hops": 4, "since": date(2026, 2, 12)},
    ],
    ids=str,
)
def test_both_ways_draw_the_same_for_everybody(
    crowd: tuple[Desk, dict[str, Acting], list[str]], asked: dict[str, Any]
) -> None:
    desk, viewers, cases = crowd
    snapshots = desk.runtime.link_snapshots
    everything = neighbourhood(desk.context(desk.coordinator), person=cases[0], hops=8)
    sizes = set()
    for name, acting in viewers.items():
        for person in [cases[0], cases[-1], *list(everything)[1::30]]:
            by_record = drawn(desk, acting, None, person=person, **asked)
            assert drawn(desk, acting, snapshots, person=person, **asked) == by_record, (name, person)
            sizes.add(len(by_record[0]))
    assert len(sizes) > (asked["hops"] > 0)


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
        (start, *_) = [node for node in neighbourhood(context, person=cases[0], hops=1) if node[0] == "P"]
        whole = nx.Graph(neighbourhood(context, person=start, hops=8, **cut))
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


def test_the_crowd_has_joined_people_hubs_and_changes(
    crowd: tuple[Desk, dict[str, Acting], list[str]],
) -> None:
    desk, viewers, cases = crowd
    with desk.runtime.uow.unrecorded() as work:
        cut = work.links.cut(permitted_links(work, viewers["desk"], on=desk.clock.today()))
        seen = desk.runtime.link_snapshots.at_hand_for(work, cut)
    assert seen is not None
    assert seen.changed >= AFTER - 1  # one of them is restricted
    drawn_by_desk = neighbourhood(desk.context(desk.coordinator), person=cases[0], hops=8, hub_cap=3)
    people = [node for node, answer in drawn_by_desk.nodes(data=True) if answer["type"] == "person"]
    assert len(people) < 2 * (BEFORE + AFTER)
    assert drawn_by_desk.graph["hubs_not_expanded"]


def test_a_full_drawing_leaves_out_the_same(crowd: tuple[Desk, dict[str, Acting], list[str]]) -> None:
    desk, viewers, cases = crowd
    for acting in viewers.values():
        for most in (1, 7, 20):
            try:
                views = [
                    view_around(desk.context(acting), reference=cases[0], hops=4, most=most, snapshots=each)
                    for each in (None, desk.runtime.link_snapshots)
                ]
            except NotFoundError:
                continue
            assert views[0].model_dump(exclude=_AGE) == views[1].model_dump(exclude=_AGE)


def test_without_arrays_nothing_is_made_for_a_look(
    crowd: tuple[Desk, dict[str, Acting], list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk, _, cases = crowd
    none_made = LinkSnapshots(tmp_path_factory.mktemp("none"))
    asked = {"person": cases[0], "hops": 2}
    assert drawn(desk, desk.coordinator, none_made, **asked) == drawn(desk, desk.coordinator, None, **asked)
    with desk.runtime.uow.unrecorded() as work:
        everybody = work.links.cut(links_permitted(desk.coordinator))
        assert none_made.at_hand_for(work, everybody) is None
