"""Several files of entities and links: one network, each fault with its file and row."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.links.mapping import read_mapping
from engine.links.network import network_of
from engine.links.reading import read_register
from tests.engine.links.given import entity_file, link_file


def test_entities_are_joined_and_what_differs_is_reported_by_file_and_row() -> None:
    reading = read_register(
        [
            entity_file("id,type,label,town\n1,person,,Leyton\n2,,Ben,", 1),
            entity_file("label,id,status\nAnn,1,open\nBob,2,\n,3,closed", 2),
            entity_file("id,type,town\n2,crime,\n3,phone,\n1,person,Ealing\n3,phone,", 3),
        ],
        [link_file("from,to\n1,2", 1), link_file("target,weight,source\n3,7,2\n9,1,1\n1,1,1", 2)],
    )
    register = reading.register
    assert [(register.entity(n).id, register.entity(n).type, register.entity(n).label) for n in range(3)] == [
        ("1", "person", "Ann"), ("2", "crime", "Ben"), ("3", "phone", None),
    ]  # fmt: skip
    assert register.entity(0).attributes == {"town": "Leyton", "status": "open"}
    assert [(each.file, each.row, each.column, each.reason) for each in reading.rejected] == [
        ("entities 3", 5, "id", "the id 3 is in row 3 already; that row counts"),
        ("entities 3", 4, "town", "the id 1 has another value in entities 1; that one counts"),
        ("entities 2", 3, "label", "the id 2 has another value in entities 1; that one counts"),
        ("links 2", 3, "target", "no entity 9 exists; the link was not imported"),
        ("links 2", 4, "target", "1 is linked to itself; the link was not imported"),
    ]
    assert "3 ids are in several entity files; each is one entity, the first file counts" in reading.notes
    assert [register.link(n).attributes for n in range(2)] == [{}, {"weight": "7"}]


def test_the_type_of_all_is_not_another_value() -> None:
    files = [entity_file("id,type\n1,phone", 1), entity_file("id,town\n1,Leyton\n2,", 2)]
    reading = read_register(files, [], mapping=read_mapping('entity_type = "person"'))
    assert not reading.rejected
    assert [reading.register.entity(n).type for n in range(2)] == ["phone", "person"]


def test_a_mark_of_protection_in_any_file_protects() -> None:
    reading = read_register(
        [entity_file("id,type\n1,person\n2,place", 1), entity_file("id,protected\n2,yes", 2)],
        [link_file("from,to\n1,2", 1)],
    )
    assert reading.register.find("2") is None
    assert (reading.protected_entities, reading.protected_links) == (1, 1)


def test_without_entity_files_the_ends_of_all_link_files_are_the_entities() -> None:
    reading = read_register([], [link_file("from,to\na,b", 1), link_file("to,from\nc,b\nb,a", 2)])
    assert [reading.register.id_of(n) for n in range(3)] == ["a", "b", "c"]
    assert [reading.register.link(n).times for n in range(2)] == [2, 1], "a to b is in both files"


def test_one_file_of_28_without_its_column_stops_it_all() -> None:
    files = [link_file("from,to\na,b", number) for number in range(1, 28)]
    assert read_register([], files).register.link(0).times == 27
    files = [link_file("from,to\na,b", number) for number in range(1, 28)]
    with pytest.raises(InvalidInputError, match="link file 28: row 1: the column 'to' is missing"):
        read_register([], [*files, link_file("from,by\na,b", 28)])


@pytest.mark.parametrize(
    ("links", "ids", "pairs"),
    [
        ("from,to\na,A\nA,a\na,A", ["A", "a"], 1),
        ("from,to\na,b\nb,a", ["a", "b"], 1),
        (f"from,to\n{'x' * 200},b", ["b", "x" * 200], 1),
    ],
    ids=["case", "both directions", "long"],
)
def test_ids_that_differ_by_case_are_two_and_both_directions_are_one_pair(
    links: str, ids: list[str], pairs: int
) -> None:
    register = read_register([], [link_file(links)]).register
    assert sorted(register.id_of(n) for n in range(len(register))) == ids
    assert network_of(register).figures()["edges"] == pairs
