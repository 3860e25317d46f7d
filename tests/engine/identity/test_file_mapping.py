"""A mapping names columns for one file or two, and what is wrong with it is told by its key."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.identity.file_mapping import read_person_mapping


def test_keys_stand_at_the_top_or_in_a_table_and_a_file_may_have_its_own() -> None:
    first, second = read_person_mapping(
        'id = "ID"\nsurname = "Last"\nextra = ["Trade"]\n[columns]\nforename = "First"\n'
        '[b]\nid = "Number"\nextra = ["Occupation"]\ntrue_person = "who"'
    )
    assert (first.id, second.id) == ("ID", "Number")
    assert first.fields == {"surname": ("Last",), "extra:Trade": ("Trade",), "forename": ("First",)}
    assert second.fields["extra:Trade"] == ("Occupation",)
    assert (first.true_person, second.true_person) == (None, "who")


def test_a_field_may_lie_in_several_columns() -> None:
    first, _ = read_person_mapping('address = ["house", "street"]')
    assert first.fields == {"address": ("house", "street")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("surname = = 1", "mapping: not TOML (at line 1, column 11)"),
        ('id = "ID"', "mapping: names no column to compare"),
        ('surnme = "Last"', "mapping, surnme: not a key; the keys are id, forename"),
        ("surname = 3", "mapping, surname: a column's name in quotation marks is expected here"),
        ('surname = ""', "mapping, surname: a column's name"),
        ('a = "x"', "mapping, a: a table is expected here"),
        ('extra = ["x"]\n[b]\nextra = ["x", "y"]', "mapping, extra: [a] and [b] must list as many columns"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as wrong:
        read_person_mapping(text)
    assert sentence in str(wrong.value)
