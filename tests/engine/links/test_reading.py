"""Files of entities and links: what is taken, what is told, and that nothing is lost in silence."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.links.kinds import Role, Shape
from engine.links.mapping import read_mapping
from tests.engine.links.given import a_reading, found

TWO = "id,type,label\n1,person,\n2,person,\n9,crime,"


def test_numbers_are_ids_and_missing_labels_are_not_recorded() -> None:
    register = a_reading(TWO, "from,to,kind,role\n1,9,in,Suspect\n2,9,in,Victim").register
    number = register.find("1")
    assert number is not None
    assert register.entity(number).label is None
    link = register.link(0)
    assert (link.role, link.role_word, link.date, link.grade) == (Role.PERPETRATOR, "Suspect", None, None)


def test_every_bad_row_is_told_with_its_place_and_the_good_ones_are_taken() -> None:
    reading = a_reading(
        "id,type\n1,person\n,person\n1,person\n2,person,too,many\n3,person\n9,crime",
        "from,to,kind,role,date\n1,9,in,victim,2024-02-30\n1,1,in,,\n1,7,in,,\n3,9,in,victim,\n,9,in,,\n3,9,in,victim,",
    )
    assert [(each.file, each.row, each.column, each.reason) for each in reading.rejected] == [
        ("entities", 3, "id", "the id is missing; the entity was not imported"),
        ("entities", 5, None, "has 4 cells where the header has 2; quote texts with commas"),
        ("entities", 4, "id", "the id 1 is in row 2 already; that row counts"),
        ("links", 2, "date", "February 2024 does not have a day 30; the link was imported without its date"),
        ("links", 3, "to", "1 is linked to itself; the link was not imported"),
        ("links", 4, "to", "no entity 7 exists; the link was not imported"),
        ("links", 6, "from", "the id is missing; the link was not imported"),
    ]
    assert reading.register.link_count == 2
    assert reading.register.link(0).attributes == {"date_not_understood": "2024-02-30"}
    assert reading.register.link(1).times == 2
    assert any("1 rows were equal" in note for note in reading.notes)


@pytest.mark.parametrize("day", ["1066-10-14", "9999-01-01", "13/13/2024", "soon"])
def test_a_date_out_of_range_costs_the_date_and_not_the_link(day: str) -> None:
    reading = a_reading(TWO, f"from,to,kind,date\n1,9,in,{day}")
    assert reading.register.link(0).date is None
    assert [each.why for each in reading.rejected] == ["date not understood"]


def test_cycles_and_names_in_any_script_are_fine() -> None:
    reading = a_reading(
        "id,type,label\nи,person,Пётр\n乙,person,张伟\nث,person,ثريا",
        "from,to,kind\nи,乙,знает\n乙,ث,认识\nث,и,تعرف",
    )
    assert not reading.rejected
    assert [reading.register.entity(n).label for n in range(3)] == ["Пётр", "张伟", "ثريا"]


@pytest.mark.parametrize(
    ("entities", "links", "sentence"),
    [
        ("id,type", "from,to", "entity file: the file has a header but no valid entity"),
        ("type\nperson", "from,to", "entity file: row 1: the column 'id' is missing"),
        ("id\n1", "from,kind", "link file: row 1: the column 'to' is missing"),
        ("id,ID\n1,2", "from,to", "entity file: row 1: two columns are called 'ID'"),
        ("", "from,to", "entity file: it has no header row"),
    ],
)
def test_a_file_that_cannot_be_a_network_is_refused_in_a_sentence(
    entities: str, links: str, sentence: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        a_reading(entities, links)
    assert str(refused.value).startswith(sentence)


def test_a_network_of_entities_alone_is_one_and_says_so() -> None:
    reading = a_reading(TWO, "from,to,kind")
    assert len(reading.register) == 3
    assert "no link is between the entities" in reading.notes


def test_a_mapping_names_columns_and_renames_any_value() -> None:
    mapping = read_mapping("""
        entity_type = "person"
        [entities]
        id = "node"
        type = "mode"
        [links]
        from = "who"
        to = "what"
        role = "part"
        [types]
        "Mord" = "incident"
        [kinds]
        "" = "involved"
        [roles]
        "Täter" = "perpetrator"
        "Opfer" = "victim"
        "beides" = ["perpetrator", "victim"]
    """)
    reading = a_reading(
        "node,mode\n1,\n2,\n3,\n9,Mord\n8,mord",
        "who,what,part\n1,9,täter\n2,9,Opfer\n1,8,beides\n3,8,Opfer",
        mapping,
    )
    assert not reading.rejected
    assert not reading.notes
    register = reading.register
    assert [register.entity(n).type for n in range(5)] == ["person"] * 3 + ["incident"] * 2
    assert [finding.persons for finding in found(register, "serial-perpetrator")] == [("1", "3", "2")]
    assert register.link(0).kind == "involved"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[roles]\nboss = 'chief'", "roles: a role is one of"),
        ("[colours]\na = 1", "colours: is not a part of a mapping"),
        ("[entities]\ncolour = 'a'", "entities: 'colour' is not a column; use one of"),
        ("[shapes]\nman = 'men'", "shapes"),
        ("[roles", "not TOML"),
    ],
)
def test_a_wrong_mapping_says_which_part(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_mapping(text)
    assert sentence in str(refused.value)


def test_a_column_that_a_mapping_names_must_be_there() -> None:
    with pytest.raises(InvalidInputError, match="the column 'part' is missing"):
        a_reading(TWO, "from,to,kind\n1,9,in", read_mapping("[links]\nrole = 'part'"))


def test_two_roles_in_one_word_are_both() -> None:
    register = a_reading(TWO, "from,to,role\n1,9,Suspect Victim\n2,9,dual").register
    assert register.link(0).role == register.link(1).role == Role.PERPETRATOR | Role.VICTIM


def test_a_role_that_nobody_knows_is_other_and_is_told() -> None:
    reading = a_reading(TWO, "from,to,role\n1,9,Lookout")
    assert reading.register.link(0).role is Role.OTHER
    assert "the role 'Lookout' of 1 links is not known" in reading.notes[0]


def test_types_that_nobody_knows_are_told_by_their_roles_and_the_reader_says_so() -> None:
    reading = a_reading("id,type\n1,person\n2,juvenile\n9,burglary", "from,to,role\n1,9,suspect\n2,9,victim")
    shapes = [reading.register.shape_of(n) for n in range(3)]
    assert shapes == [Shape.PERSON, Shape.PERSON, Shape.INCIDENT]
    assert [note.split(", by")[0] for note in reading.notes] == [
        "entities whose type is 'burglary' are read as incidents",
        "entities whose type is 'juvenile' are read as persons",
    ]


def test_an_edge_list_with_source_and_target_is_read_as_one() -> None:
    register = a_reading("id\n1\n2", "source,target\n1,2").register
    assert (register.link(0).start, register.link(0).end) == (0, 1)


def test_the_source_of_a_link_is_kept_where_from_is_there_too() -> None:
    register = a_reading("id\n1\n2", "from,to,source,grade\n1,2,police,1A P").register
    assert (register.link(0).source, register.link(0).grade) == ("police", "1A P")
