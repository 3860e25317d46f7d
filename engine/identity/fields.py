"""The standard fields of a file of persons, and in which steps two values of each kind may agree.

Knows words and kinds; holds no person and compares nothing.
"""

from __future__ import annotations

from enum import StrEnum

from engine.domain.base import Frozen


class StandardField(StrEnum):
    """What a mapping may name a column for."""

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
    """How a field's values are normalised and compared."""

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
    """One step of agreement: its words, and how often two records of one person are supposed to show it."""

    says: str
    supposed: float


def _steps(*steps: tuple[str, float]) -> tuple[Step, ...]:
    return tuple(Step(says=says, supposed=supposed) for says, supposed in steps)


STEPS: dict[Kind, tuple[Step, ...]] = {
    Kind.FORENAME: _steps(
        ("is the same", 0.78),
        ("is a short or longer form of the same name", 0.05),
        ("differs by about a letter", 0.07),
        ("is alike", 0.03),
        ("has the same initial", 0.02),
        ("differs", 0.05),
    ),
    Kind.SURNAME: _steps(
        ("is the same", 0.8),
        ("has a part in common", 0.02),
        ("differs by about a letter", 0.08),
        ("is alike", 0.04),
        ("differs", 0.06),
    ),
    Kind.SEX: _steps(("is the same", 0.97), ("differs", 0.03)),
    Kind.DATE: _steps(
        ("is the same", 0.8),
        ("has day and month exchanged", 0.03),
        ("differs by one digit", 0.07),
        ("has two of its three parts the same", 0.04),
        ("has the same year", 0.02),
        ("differs", 0.04),
        ("is the same as far as it is recorded", 0.8),
        ("is one or two years apart, and one is recorded only in part", 0.1),
        ("is three to ten years apart, and one is recorded only in part", 0.06),
        ("differs, and one is recorded only in part", 0.04),
    ),
    Kind.POSTCODE: _steps(
        ("is the same", 0.8),
        ("differs by one sign", 0.07),
        ("is of the same neighbourhood", 0.03),
        ("differs", 0.1),
    ),
    Kind.ADDRESS: _steps(
        ("is the same", 0.65),
        ("is nearly the same", 0.15),
        ("has the same words and another number", 0.04),
        ("is alike", 0.04),
        ("differs", 0.12),
    ),
    Kind.WORDS: _steps(
        ("is the same", 0.8),
        ("differs by about a letter", 0.08),
        ("is alike", 0.02),
        ("differs", 0.1),
    ),
    Kind.PHONE: _steps(("is the same", 0.8), ("differs by one digit", 0.05), ("differs", 0.15)),
    Kind.EMAIL: _steps(
        ("is the same", 0.8),
        ("is the same before the @", 0.03),
        ("is nearly the same", 0.05),
        ("differs", 0.12),
    ),
    Kind.NHS_NUMBER: _steps(
        ("is the same", 0.93),
        ("differs by one digit and one of the two fails its check", 0.04),
        ("differs and one of the two fails its check", 0.0299),
        ("is another valid number", 0.0001),
    ),
    Kind.NUMBER: _steps(
        ("is the same", 0.85),
        ("differs by one sign", 0.08),
        ("differs by two signs", 0.02),
        ("differs", 0.05),
    ),
}
"""The first step of each kind is sameness. Step 0, not listed, is "not recorded on one side"."""

PARTIAL_FROM = 6
"""From this step on a date was compared without some of its parts."""
ANOTHER_VALID_NUMBER = 4
"""The step of two different NHS numbers that both hold: strong evidence against."""

SHARED = frozenset({Kind.SURNAME, Kind.POSTCODE, Kind.ADDRESS})
"""What the people of one household or family have in common without being one person; a town too."""
OF_ONE_PERSON = frozenset({Kind.FORENAME, Kind.DATE})
"""What tells people of one household apart, unless they are twins or named after one another."""
UNLIKE_TO_REPEAT = frozenset({Kind.PHONE, Kind.EMAIL, Kind.NHS_NUMBER, Kind.NUMBER, Kind.DATE})
"""Kinds of which a value that several records hold mostly means several records of one person."""

EXTRA = "extra:"


def field_in_words(name: str) -> str:
    """A field as a sentence names it."""
    if name.startswith(EXTRA):
        return f"column {name.removeprefix(EXTRA)}"
    return {"nhs_number": "NHS number", "other_id": "other number"}.get(name, name.replace("_", " "))


def shared_at_first(name: str) -> float:
    """How often two people of one household are first supposed to agree in a field as one person would."""
    if name.startswith(EXTRA):
        return 0.5
    field = StandardField(name)
    if field is StandardField.TOWN or KIND_BY_FIELD[field] in SHARED:
        return 1.0
    if field is StandardField.PHONE:
        return 0.5
    return 0.01 if KIND_BY_FIELD[field] in OF_ONE_PERSON else 0.0
