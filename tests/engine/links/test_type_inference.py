"""What an unknown type is, is told by the links or asked for, and never guessed in silence."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.links.kinds import Shape
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import scan
from engine.links.reading import Reading, read_register
from tests.engine.links.given import LIMITS, a_reading

MORENO = "from,to,role\n1,101,Suspect\n2,101,Victim\n1,102,Suspect\n3,102,Dual\n3,103,Witness"


def shapes(reading: Reading) -> dict[str, Shape]:
    register = reading.register
    return {register.id_of(number): register.shape_of(number) for number in range(len(register))}


def untyped(*ids: str) -> str:
    return "\n".join(["id,label", *(f"{each},name of {each}" for each in ids)])


def test_links_from_one_set_to_another_in_several_roles_are_people_in_incidents() -> None:
    reading = a_reading(untyped("1", "2", "3", "101", "102", "103"), MORENO)
    assert shapes(reading) == dict.fromkeys("123", Shape.PERSON) | dict.fromkeys(
        ("101", "102", "103"), Shape.INCIDENT
    )
    assert any("the first are read as people and the others as incidents" in note for note in reading.notes)
    serial = scan(reading.register, LIMITS).findings[PatternKey.SERIAL_PERPETRATOR]
    assert [each.persons for each in serial] == [("1", "2", "3")]


def test_links_from_one_set_to_another_in_one_role_are_people_against_people() -> None:
    reading = a_reading(untyped("a", "b", "c"), "from,to,role\na,b,perpetrator\na,c,perpetrator")
    assert set(shapes(reading).values()) == {Shape.PERSON}
    serial = scan(reading.register, LIMITS).findings[PatternKey.SERIAL_PERPETRATOR]
    assert [each.persons for each in serial] == [("a", "b", "c")]


def test_a_single_unknown_type_is_people_and_told() -> None:
    reading = a_reading("id,type\na,pentito\nb,pentito", "from,to,kind\na,b,calls")
    assert set(shapes(reading).values()) == {Shape.PERSON}
    assert any("'pentito' are read as persons, as no other type is given" in note for note in reading.notes)


def test_an_unknown_type_beside_a_known_one_is_left_alone() -> None:
    reading = a_reading("id,type\na,person\nb,pentito", "from,to,kind\na,b,calls")
    assert shapes(reading)["b"] is Shape.OTHER


def test_a_network_of_known_things_is_no_network_of_people() -> None:
    reading = a_reading("id,type\na,phone\nb,phone", "from,to,kind\na,b,calls")
    assert set(shapes(reading).values()) == {Shape.CONTACT}
    assert any("no entity is a person" in note for note in reading.notes)


def test_a_role_in_the_column_of_kinds_is_read_where_there_is_none_of_roles() -> None:
    entities = "id,type\na,person\nb,person\nc,crime"
    reading = a_reading(entities, "from,to,kind\na,c,suspect\nb,c,victim\na,b,knows")
    assert [reading.register.link(n).role.in_words for n in range(3)] == [
        "perpetrator",
        "victim",
        "role not recorded",
    ]
    assert any("in 2 links the kind was read as the role" in note for note in reading.notes)
    beside = a_reading(entities, "from,to,kind,role\na,c,suspect,")
    assert not beside.register.link(0).role


def test_nothing_is_read_from_no_file() -> None:
    with pytest.raises(InvalidInputError, match="give an entity file, a link file, or both"):
        read_register([], [])
