"""The words of roles, types and grades, as files of other people write them."""

from __future__ import annotations

import pytest

from engine.links.kinds import Role, Shape, is_suspected_false, role_of, shape_of


@pytest.mark.parametrize(
    ("term", "role"),
    [
        ("Suspect", Role.PERPETRATOR),
        ("VICTIM", Role.VICTIM),
        ("alleged_perpetrator", Role.PERPETRATOR),
        ("Suspect Victim", Role.PERPETRATOR | Role.VICTIM),
        ("victim/witness", Role.VICTIM | Role.WITNESS),
        ("victim and suspect", Role.PERPETRATOR | Role.VICTIM),
        ("", Role.NOT_RECORDED),
        ("suspect_in", Role.PERPETRATOR),
        ("victimOf", Role.VICTIM),
        ("lookout", None),
        ("suspect lookout", None),
    ],
)
def test_a_word_for_a_role_is_read(term: str, role: Role | None) -> None:
    assert role_of(term) == role


@pytest.mark.parametrize(
    ("term", "shape"),
    [
        ("Person", Shape.PERSON),
        ("crimes", Shape.INCIDENT),
        ("Phone", Shape.CONTACT),
        ("vehicle", Shape.OBJECT),
        ("stalking_protection_order", Shape.ORDER),
        ("PhoneNumber", Shape.CONTACT),
        ("mobile phone", Shape.CONTACT),
        ("email address", Shape.CONTACT),
        ("home address", Shape.PLACE),
        ("bank account", Shape.OBJECT),
        ("social worker", Shape.PERSON),
        ("gang", Shape.OTHER),
    ],
)
def test_a_type_is_read(term: str, shape: Shape) -> None:
    assert shape_of(term) is shape


def test_roles_are_read_aloud() -> None:
    assert (Role.PERPETRATOR | Role.VICTIM).in_words == "perpetrator and victim"
    assert Role.NOT_RECORDED.in_words == "role not recorded"


@pytest.mark.parametrize(("grade", "is_false"), [("2E C", True), ("3e", True), ("1A P", False), ("E", False)])
def test_only_information_graded_e_is_suspected_to_be_false(grade: str, *, is_false: bool) -> None:
    assert is_suspected_false(grade) is is_false
