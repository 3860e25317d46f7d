"""Each step of agreement with a pair that shows it and a near miss."""

from __future__ import annotations

import numpy as np
import pytest

from engine.identity.comparing import Comparer
from engine.identity.fields import STEPS, field_in_words, shared_at_first
from engine.identity.persons import kind_of, prepared

NOT_COMPARED = "not recorded"
ANOTHER = {"sex": "o", "date_of_birth": "1777-07-07", "phone": "01632 960001"}
"""A third record's value: a column in which all agree is not compared."""


def steps_of(**cells: tuple[str, str]) -> dict[str, str]:
    """In which words two records agree, field by field."""
    persons = prepared([{name: [*pair, ANOTHER.get(name, "zzyzx qqq")] for name, pair in cells.items()}])
    found = Comparer(persons).compared(np.array([0]), np.array([1]))
    words = {}
    for place, column in enumerate(persons.columns):
        step = int(found.steps[0, place])
        words[column.name] = STEPS[column.kind][step - 1].says if step else NOT_COMPARED
    return words | ({"exchanged": "yes"} if found.exchanged[0] else {})


@pytest.mark.parametrize(
    ("field", "one", "other", "sentence"),
    [
        ("forename", "Anna", "ANNA", "is the same"),
        ("forename", "Bill", "William", "is a short or longer form of the same name"),
        ("forename", "Mary Ann", "Mary", "is a short or longer form of the same name"),
        ("forename", "Charlotte", "Charlote", "differs by about a letter"),
        ("forename", "J", "John", "has the same initial"),
        ("forename", "J", "Peter", "differs"),
        ("forename", "Bill", "Thomas", "differs"),
        ("forename", "Ann", "Una", "differs"),
        ("surname", "Smith-Jones", "Jones", "has a part in common"),
        ("surname", "MacLeod", "McLeod", "is the same"),
        ("surname", "Petrov", "Петров", "is the same"),
        ("surname", "Wright", "Right", "differs by about a letter"),
        ("surname", "Smith", "Brown", "differs"),
        ("sex", "F", "2", "is the same"),
        ("sex", "F", "1", "differs"),
        ("date_of_birth", "1980-01-02", "02/01/1980", "is the same"),
        ("date_of_birth", "1980-01-02", "1980-02-01", "has day and month exchanged"),
        ("date_of_birth", "1980-01-02", "1990-01-02", "differs by one digit"),
        ("date_of_birth", "1980-01-12", "1957-01-12", "has two of its three parts the same"),
        ("date_of_birth", "1980-01-02", "1980-11-23", "has the same year"),
        ("date_of_birth", "1980-01-02", "1641-11-23", "differs"),
        ("date_of_birth", "1980-01-02", "1980", "is the same in the part that is recorded"),
        ("date_of_birth", "1650", "1650", "is the same in the part that is recorded"),
        ("date_of_birth", "1650", "1652", "is one or two years apart, and one is recorded only in part"),
        ("date_of_birth", "1650", "1850", "differs, and one is recorded only in part"),
        ("postcode", "SW1A 1AA", "sw1a1aa", "is the same"),
        ("postcode", "SW1A 1AA", "SW1A 1AB", "differs by one sign"),
        ("postcode", "SW1A 1AA", "SW1A 1ZQ", "is of the same neighbourhood"),
        ("postcode", "SW1A 1AA", "M1 2BB", "differs"),
        ("address", "12 Rowley St", "12 Rowley Street", "is the same"),
        ("address", "12 Rowley St", "12 Rowly Street", "is nearly the same"),
        ("address", "12 Rowley St", "97 Rowley Street", "has the same words and another number"),
        ("address", "12 Rowley St", "3 Mill Lane", "differs"),
        ("phone", "020 7946 0018", "+44 20 7946 0018", "is the same"),
        ("phone", "020 7946 0018", "020 7946 0019", "differs by one digit"),
        ("email", "a.b@x.org", "a.b@y.org", "is the same before the @"),
        ("email", "a.b@x.org", "zoe@q.net", "differs"),
        ("nhs_number", "9434765919", "943 476 5919", "is the same"),
        ("nhs_number", "9434765919", "9434765918", "differs by one digit and one of the two fails its check"),
        ("nhs_number", "9434765919", "9434765870", "is another valid number"),
        ("other_id", "7364009", "7364090", "differs by one sign"),
        ("other_id", "7364009", "1122334", "differs"),
        ("town", "Bristol", "Bristl", "differs by about a letter"),
        ("extra:house", "12", "13", "is alike"),
        ("extra:house", "12", "97", "differs"),
        ("surname", "Smith", "unknown", NOT_COMPARED),
    ],
)  # fmt: skip
def test_two_values_agree_in_their_step(field: str, one: str, other: str, sentence: str) -> None:
    assert steps_of(**{field: (one, other)}) == {field: sentence}
    assert steps_of(**{field: (other, one)}) == {field: sentence}


def test_names_in_each_others_place_are_found_and_half_of_it_is_not() -> None:
    there = steps_of(forename=("Amara", "Okafor"), surname=("Okafor", "Amara"))
    assert there == {"forename": "is the same", "surname": "is the same", "exchanged": "yes"}
    half = steps_of(forename=("Amara", "Okafor"), surname=("Okafor", "Brown"))
    assert "exchanged" not in half


def test_a_full_name_meets_forename_and_surname() -> None:
    persons = prepared([{"full_name": ["SMITH, John"]}, {"forename": ["John"], "surname": ["Smith"]}])
    assert [column.values for column in persons.columns] == [("john",), ("smith",)]


def test_every_field_has_words_and_a_kind() -> None:
    for name in ("nhs_number", "other_id", "date_of_birth", "extra:house"):
        assert field_in_words(name)
        assert len(STEPS[kind_of(name)]) >= 2
        assert 0.0 <= shared_at_first(name) <= 1.0
