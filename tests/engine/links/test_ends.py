"""A network that came as links alone has the ends of its links for entities."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.links.mapping import LinkMapping
from engine.links.reading import read_register
from tests.engine.links.given import entity_file, link_file

KONECT = "person,crime,role\n1,1,Suspect\n2,1,Victim\n1,2,Suspect\n3,2,Victim"
SIDES = LinkMapping(links={"from": "person", "to": "crime"}, from_type="person", to_type="crime")


def test_each_end_is_an_entity_once() -> None:
    reading = read_register([], [link_file("from,to\na,b\nb,c\na,c")])
    assert [reading.register.id_of(n) for n in range(len(reading.register))] == ["a", "b", "c"]
    assert reading.register.link_count == 3
    assert reading.notes[0] == "no entity file was given: the entities are the ends of the links"


def test_one_id_on_two_sides_of_different_types_is_two_entities() -> None:
    reading = read_register([], [link_file(KONECT)], mapping=SIDES)
    assert [reading.register.id_of(n) for n in range(len(reading.register))] == [
        "person:1",
        "crime:1",
        "person:2",
        "crime:2",
        "person:3",
    ]
    assert not reading.rejected
    assert any("each id has its type before it, as in 'person:1'" in note for note in reading.notes)


def test_ids_that_mean_one_thing_each_stay_as_they_are() -> None:
    apart = KONECT.replace(",1,", ",c1,").replace(",2,", ",c2,")
    reading = read_register([], [link_file(apart)], mapping=SIDES)
    assert {reading.register.id_of(n) for n in range(len(reading.register))} == {"1", "2", "3", "c1", "c2"}


def test_types_may_stand_in_the_rows() -> None:
    reading = read_register([], [link_file("from,from_type,to,to_type\na,person,b,phone\na,person,c,")])
    answer = {e.id: e.type for n in range(3) for e in [reading.register.entity(n)]}
    assert answer == {"a": "person", "b": "phone", "c": "type not recorded"}


def test_the_ends_of_a_protected_link_are_no_entities() -> None:
    reading = read_register([], [link_file("from,to,protected\na,b,\na,refuge,yes")])
    assert reading.register.find("refuge") is None
    assert (len(reading.register), reading.protected_links) == (2, 1)


def test_types_of_ends_beside_an_entity_file_are_kept_and_change_nothing() -> None:
    reading = read_register(
        [entity_file("id,type\na,person\nb,phone")],
        [link_file("from,from_type,to,to_type\na,man,b,mobile")],
    )
    assert reading.register.entity(0).type == "person"
    assert reading.register.link(0).attributes == {"from_type": "man", "to_type": "mobile"}


def test_links_without_ends_are_said() -> None:
    with pytest.raises(InvalidInputError, match="no links with two ends"):
        read_register([], [link_file("from,to\n,\n")])


def test_entities_alone_are_a_network_without_links() -> None:
    reading = read_register([entity_file("id,type\na,person")], [])
    assert (len(reading.register), reading.register.link_count) == (1, 0)
    assert "no link is between the entities" in reading.notes
