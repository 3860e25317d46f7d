"""Associates in a small register, by hand: who shares what, and an item with too many users."""

from __future__ import annotations

import numpy as np

from engine.links.associates import associates, in_incident, perpetrators_only
from engine.links.building import RegisterBuilder
from engine.links.kinds import Role
from engine.links.register import Register


def register() -> Register:
    """Four people: 0 and 1 share a phone twice, 1 and 2 know each other, 3 is named as victim somewhere."""
    building = RegisterBuilder()
    for entity_id, kind in (("0", "person"), ("1", "person"), ("2", "person"), ("3", "person")):
        building.add_entity(entity_id, kind)
    for entity_id, kind in (("T", "phone"), ("C", "crime")):
        building.add_entity(entity_id, kind)
    for person in ("0", "1"):
        for source in ("a", "b"):
            building.add_link(person, "T", "uses", role=Role.PERPETRATOR, source=source)
    building.add_link("1", "2", "knows", role=Role.PERPETRATOR)
    building.add_link("3", "T", "uses", role=Role.PERPETRATOR)
    building.add_link("3", "C", "involved", role=Role.VICTIM)
    return building.register()


def pairs(people: list[bool], **more: int) -> list[tuple[int, int]]:
    found = associates(register(), np.array([*people, False, False]), **more)
    return list(zip(found.one.tolist(), found.other.tolist(), strict=True))


def test_each_pair_is_there_once_each_way_and_of_the_chosen_people_only() -> None:
    assert pairs([True, True, True, False]) == [(0, 1), (1, 0), (1, 2), (2, 1)]
    assert pairs([True, False, True, True]) == [(0, 3), (3, 0)]


def test_an_item_with_more_users_than_the_cap_joins_none_also_where_few_of_them_are_chosen() -> None:
    assert pairs([True, True, True, False], hub_cap=3) == [(0, 1), (1, 0), (1, 2), (2, 1)]
    assert pairs([True, True, True, False], hub_cap=2) == [(1, 2), (2, 1)]


def test_who_is_named_as_victim_once_is_not_among_perpetrators() -> None:
    assert perpetrators_only(register()).tolist() == [True, True, True, False, False, False]
    assert in_incident(register()).tolist() == [False, False, False, True, False, False]


def test_a_link_graded_e_makes_no_associate_perpetrator_or_incident_but_a_victim() -> None:
    building = RegisterBuilder()
    for entity_id, kind in (
        ("0", "person"),
        ("1", "person"),
        ("2", "person"),
        ("T", "phone"),
        ("C", "crime"),
    ):
        building.add_entity(entity_id, kind)
    building.add_link("0", "T", "uses", role=Role.PERPETRATOR)
    building.add_link("1", "T", "uses", role=Role.PERPETRATOR, grade="1E P")
    building.add_link("2", "T", "uses", role=Role.PERPETRATOR)
    building.add_link("2", "C", "involved", role=Role.VICTIM, grade="1E P")
    made = building.register()
    found = associates(made, np.ones(len(made), dtype=bool))
    assert list(zip(found.one.tolist(), found.other.tolist(), strict=True)) == [(0, 2), (2, 0)]
    assert perpetrators_only(made).tolist() == [True, False, False, False, False]
    assert not in_incident(made).any()
