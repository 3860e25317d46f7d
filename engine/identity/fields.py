"""The standard fields of a file of persons, and in which steps two values of each kind may agree.

Knows words and kinds; holds no person and compares nothing.
"""

from __future__ import annotations

from enum import StrEnum

from engine.domain.base import Frozen


class StandardField(StrEnum):
    """Field that a mapping may name a column for."""

    FORENAME = "forename"
    SURNAME = "surname"
    FULL_NAME = "full_name"
    SEX = "sex"
    DATE_OF_BIRTH = "date_of_birth"
    POSTCODE = "postcode"
    ADDRESS = "address"
    TOWN = "town"
    PHONE = "phone"
    EMAIL = "email"
    NHS_NUMBER = "nhs_number"
    OTHER_ID = "other_id"


class Kind(StrEnum):
    """Way in which a field's values are normalised and compared."""

    FORENAME = "forename"
    SURNAME = "surname"
    SEX = "sex"
    DATE = "date"
    POSTCODE = "postcode"
    ADDRESS = "address"
    WORDS = "words"
    PHONE = "phone"
    EMAIL = "email"
    NHS_NUMBER = "nhs number"
    NUMBER = "number"


KIND_BY_FIELD = {
    StandardField.FORENAME: Kind.FORENAME,
    StandardField.SURNAME: Kind.SURNAME,
    StandardField.SEX: Kind.SEX,
    StandardField.DATE_OF_BIRTH: Kind.DATE,
    StandardField.POSTCODE: Kind.POSTCODE,
    StandardField.ADDRESS: Kind.ADDRESS,
    StandardField.TOWN: Kind.WORDS,
    StandardField.PHONE: Kind.PHONE,
    StandardField.EMAIL: Kind.EMAIL,
    StandardField.NHS_NUMBER: Kind.NHS_NUMBER,
    StandardField.OTHER_ID: Kind.NUMBER,
}


class Step(Frozen):
    """One step of agreement: its words, and how often it is supposed to show before a file says otherwise.

    ``of_one`` is of two records of one person, ``of_two`` of records of any two people.
    """

    says: str
    of_one: float
    of_two: float


def _steps(*steps: tuple[str, float, float]) -> tuple[Step, ...]:
    return tuple(Step(says=sentence, of_one=of_one, of_two=of_two) for sentence, of_one, of_two in steps)


STEPS: dict[Kind, tuple[Step, ...]] = {
    Kind.FORENAME: _steps(
        ("is the same", 0.78, 0.006),
        ("is a short or longer form of the same name", 0.05, 0.003),
        ("differs by about a letter", 0.07, 0.01),
        ("is alike", 0.03, 0.03),
        ("has the same initial", 0.02, 0.01),
        ("differs", 0.05, 0.941),
    ),
    Kind.SURNAME: _steps(
        ("is the same", 0.8, 0.002),
        ("has a part in common", 0.02, 0.002),
        ("differs by about a letter", 0.08, 0.006),
        ("is alike", 0.04, 0.03),
        ("differs", 0.06, 0.96),
    ),
    Kind.SEX: _steps(("is the same", 0.97, 0.5), ("differs", 0.03, 0.5)),
    Kind.DATE: _steps(
        ("is the same", 0.8, 5e-05),
        ("has day and month exchanged", 0.03, 5e-05),
        ("differs by one digit", 0.07, 0.0004),
        ("has two of its three parts the same", 0.04, 0.006),
        ("has the same year", 0.02, 0.014),
        ("differs", 0.04, 0.9795),
        ("is the same in the part that is recorded", 0.8, 0.014),
        ("is one or two years apart, and one is recorded only in part", 0.1, 0.05),
        ("is three to ten years apart, and one is recorded only in part", 0.06, 0.2),
        ("differs, and one is recorded only in part", 0.04, 0.736),
    ),
    Kind.POSTCODE: _steps(
        ("is the same", 0.8, 0.0005),
        ("differs by one sign", 0.07, 0.0005),
        ("is of the same neighbourhood", 0.03, 0.005),
        ("differs", 0.1, 0.994),
    ),
    Kind.ADDRESS: _steps(
        ("is the same", 0.65, 0.0001),
        ("is nearly the same", 0.15, 0.0004),
        ("has the same words and another number", 0.04, 0.005),
        ("is alike", 0.04, 0.02),
        ("differs", 0.12, 0.9745),
    ),
    Kind.WORDS: _steps(
        ("is the same", 0.8, 0.02),
        ("differs by about a letter", 0.08, 0.01),
        ("is alike", 0.02, 0.03),
        ("differs", 0.1, 0.94),
    ),
    Kind.PHONE: _steps(
        ("is the same", 0.8, 1e-05), ("differs by one digit", 0.05, 1e-05), ("differs", 0.15, 0.99998)
    ),
    Kind.EMAIL: _steps(
        ("is the same", 0.8, 1e-05),
        ("is the same before the @", 0.03, 0.0001),
        ("is nearly the same", 0.05, 0.0001),
        ("differs", 0.12, 0.99979),
    ),
    Kind.NHS_NUMBER: _steps(
        ("is the same", 0.93, 1e-06),
        ("differs by one digit and one of the two fails its check", 0.04, 1e-06),
        ("differs and one of the two fails its check", 0.0299, 0.01),
        ("is another valid number", 0.00001, 0.989998),
    ),
    Kind.NUMBER: _steps(
        ("is the same", 0.85, 1e-05),
        ("differs by one sign", 0.08, 1e-05),
        ("differs by two signs", 0.02, 0.0001),
        ("differs", 0.05, 0.99988),
    ),
}
"""The first step of each kind is sameness. Step 0, not listed, is "not recorded on one side"."""

PARTIAL_FROM = 6
"""From this step on a date was compared without some of its parts."""
ANOTHER_VALID_NUMBER = 4
"""The step of two different NHS numbers that both hold: strong evidence against."""

SHARED = frozenset({Kind.SURNAME, Kind.POSTCODE, Kind.ADDRESS})
"""Fields that the people of one household or family share without being one person; a town too."""
OF_ONE_PERSON = frozenset({Kind.FORENAME, Kind.DATE})
"""Fields that differ between people of one household, unless they are twins or named after one another."""
MOST_OF_ONE = 8
"""So many records with one such number may still be one person's; where more have it, it is common."""
UNLIKE_TO_REPEAT = frozenset({Kind.PHONE, Kind.EMAIL, Kind.NHS_NUMBER, Kind.NUMBER, Kind.DATE})
"""Kinds of which a value that several records hold mostly means several records of one person."""

EXTRA = "extra:"


def field_in_words(name: str) -> str:
    """Return a field as a sentence names it."""
    if name.startswith(EXTRA):
        return f"column {name.removeprefix(EXTRA)}"
    return {"nhs_number": "NHS number", "other_id": "other number"}.get(name, name.replace("_", " "))


def shared_at_first(name: str) -> float:
    """Return how often two people of one household are first supposed to agree in a field as one person
    would.
    """
    if name.startswith(EXTRA):
        return 0.5
    field = StandardField(name)
    if field is StandardField.TOWN or KIND_BY_FIELD[field] in SHARED:
        return 1.0
    if field is StandardField.PHONE:
        return 0.5
    return 0.01 if KIND_BY_FIELD[field] in OF_ONE_PERSON else 0.0
