"""Questions to a network: each condition fires and has a near miss; a fault has its place in the question."""

from __future__ import annotations

import tomllib

import pytest

from engine.domain.errors import InvalidInputError
from engine.links.queries import Query, query
from engine.links.register import Register
from tests.engine.links.given import a_reading

NETWORK = a_reading(
    """id,type,label,status,officer
    P1,person,Ann Example,open,Z
    P2,person,Ben Example,open,Y
    P3,person,,closed,Z
    P4,officer,,OPEN,z
    P5,person,,,
    C1,crime,,,
    C2,Crime,,,
    W1,place,,,""",
    """from,to,kind,role
    P1,P2,knows,
    P2,P1,knows,
    P1,P3,works with,
    P4,P3,knows,
    P2,C1,involved,suspect
    P3,C1,involved,victim
    P3,C2,involved,victim
    C1,W1,at,
    C2,W1,at,""",
).register


def asked(text: str, register: Register = NETWORK) -> list[tuple[str, int | None]]:
    return [(row.id, row.value) for row in query(register, Query.model_validate(tomllib.loads(text)))]


def ids(text: str) -> list[str]:
    return [entity_id for entity_id, _ in asked(text)]


def test_people_with_no_incident_of_their_own_by_how_many_associates_are_in_one() -> None:
    text = """
        [find]
        type = "person"
        [[find.linked]]
        to = { type = "incident" }
        at_most = 0
        [count]
        to = { type = "person", linked = [{ to = { type = "incident" } }] }
    """
    assert asked(text) == [("P1", 2), ("P4", 1), ("P5", 0)]
    assert asked(text + "at_least = 1") == [("P1", 2), ("P4", 1)]
    assert asked(text + "at_least = 2\nkind = 'knows'") == []
    assert asked(text + "at_most = 0") == [("P5", 0)]


def test_incidents_at_this_place() -> None:
    assert asked('[find]\ntype = "crime"\nlinked = [{ to = { id = "W1" } }]') == [("C1", None), ("C2", None)]
    assert ids('[find]\ntype = "crime"\nlinked = [{ to = { id = "W1" }, kind = "involved" }]') == []


def test_type_is_and_status_is_and_officer_is() -> None:
    text = '[find]\ntype = "person"\nattributes = { status = "open", officer = "Z" }'
    assert ids(text) == ["P1", "P4"], "an officer is a person to the patterns; case does not matter"
    assert ids(text.replace('"Z"', '["Z", "Y"]')) == ["P1", "P2", "P4"]
    assert ids('[find]\ntype = ["officer", "place"]') == ["P4", "W1"]
    assert ids('[find]\nlabel = "ann  EXAMPLE"') == ["P1"]
    assert ids('[find]\nid = ["P5", "P1"]') == ["P1", "P5"]


def test_roles_kinds_and_numbers_of_direct_links() -> None:
    assert ids('[find]\nlinked = [{ to = { type = "incident" }, role = "victim", at_least = 2 }]') == ["P3"]
    assert ids('[find]\nlinked = [{ to = { type = "incident" }, role = "perpetrator" }]') == ["P2"]
    assert ids('[find]\nlinked = [{ to = { type = "incident" }, role = ["victim", "suspect"] }]') == [
        "P2",
        "P3",
    ]
    assert ids('[find]\nlinked = [{ kind = "WORKS  WITH" }]') == ["P1", "P3"]
    assert ids('[find]\ntype = "person"\nlinked = [{ at_least = 1, at_most = 1 }]') == ["P4"]


def test_several_links_of_two_count_once() -> None:
    assert asked('[find]\nid = "P1"\n[count]\nto = { id = "P2" }') == [("P1", 1)]


def test_equal_values_are_in_the_order_of_ids_and_a_network_without_links_has_an_answer() -> None:
    register = a_reading("id,type\nb,person\na,person\nc,person", "from,to").register
    assert asked('[find]\ntype = "incident"', register) == []
    assert asked("find = {}\ncount = {}", register) == [("a", 0), ("b", 0), ("c", 0)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('find = { type = "burglar" }', "find.type: no entity is of the type 'burglar'; use one of"),
        ('find = { id = "p1" }', "find.id: no entity has the id 'p1'; write it as in the files"),
        (
            'find = { linked = [{}, { to = { attributes = { grade = "A" } } }] }',
            "find.linked.2.to.attributes: no entity has the attribute 'grade'",
        ),
        ('find = {}\ncount = { kind = "met" }', "count.kind: no link is of the kind 'met'"),
    ],
)
def test_what_the_network_does_not_have_is_reported_by_its_place(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as fault:
        asked(text)
    assert str(fault.value).startswith(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "find = { size = 3 }",
        'find = { linked = [{ role = "spy" }] }',
        "find = { linked = [{ at_least = 2, at_most = 1 }] }",
        "find = { linked = [{ at_least = -1 }] }",
        "find = { type = [] }",
        'find = { type = "" }',
        "find = " + "{ linked = [{ to = " * 9 + "{}" + " }] }" * 9,
    ],
)
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        asked(text)


def test_links_are_limited_by_date_and_grade_and_one_without_a_date_meets_every_date() -> None:
    register = a_reading(
        """id,type
        P1,person
        P2,person
        P3,person
        C1,crime""",
        """from,to,kind,date,grade
        P1,C1,involved,2026-03,2B
        P2,C1,involved,2026-05-02,1A
        P3,C1,involved,,""",
    ).register
    for limits, found in (
        ("since = 2026-03-20", ["P1", "P2", "P3"]),
        ("since = 2026-04-01", ["P2", "P3"]),
        ("until = 2026-04-01", ["P1", "P3"]),
        ('grade = ["2b", "3C"]', ["P1"]),
        ('since = 2026-04-01\ngrade = "2B"', []),
    ):
        text = f'[find]\ntype = "person"\n[[find.linked]]\n{limits}\n'
        assert [each for each, _ in asked(text, register)] == found, limits
    with pytest.raises(ValueError, match="since is after until"):
        asked("[find]\n[[find.linked]]\nsince = 2026-04-01\nuntil = 2026-03-01\n", register)
