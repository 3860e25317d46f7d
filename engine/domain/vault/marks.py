"""Parts of a text with the shape of a place or of a way to reach a person, and whose a person says they are.

A shape does not show whose it is: the victim's address reads like the alleged perpetrator's. A text with one
goes to others once a person has removed it, masked it, or said whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from engine.domain.errors import InvalidInputError


class Shape(StrEnum):
    """The shapes that are found."""

    POSTCODE = "a postcode"
    STREET = "a street with a number"
    PHONE = "a phone number"
    EMAIL = "an email address"
    HANDLE = "a name on a platform"
    PLATE = "a registration plate"
    HOME = "words on where a person lives"
    MOVED = "words on where a person moved"
    SCHOOL = "a school, college or nursery"
    WORKPLACE = "words on where a person works"


class MarkOf(StrEnum):
    """The owner of a mark, as a person says. It has no answer "the victim's": that is masked or removed."""

    PERPETRATOR = "the alleged perpetrator's"
    PUBLIC = "a public place, or a service's"
    OTHER = "another person's, not in contact with the victim"
    NEITHER = "no place and no way to reach a person"


class Mark(NamedTuple):
    """A part of a text, by its shape. ``reads`` is the same for every spelling of it."""

    shape: Shape
    text: str
    reads: str


class MarksOpenError(InvalidInputError):
    """An error for texts with marks whose owner no person has named; nothing was written.

    ``marks`` are for their own writer; the message does not have them.
    """

    def __init__(self, marks: Iterable[Mark], *, instead: str) -> None:
        self.marks = tuple(marks)
        listed = ", ".join(f"{number}. {mark.shape.value}" for number, mark in enumerate(self.marks, start=1))
        super().__init__("text", f"it may say where a person is ({listed}); {instead}")
