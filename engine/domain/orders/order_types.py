"""Types of orders, and what a breach of each is. Knows no order and no person."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Literal, Self

from pydantic import model_validator

from engine.domain.base import Code, Frozen, Sentence


class BreachKind(Enum):
    """The consequence in law of a breach. Only one of them is an offence."""

    OFFENCE = "offence"
    ARREST_ONLY = "arrest only"
    CONTEMPT = "contempt of court"
    RECALL = "recall to prison"


class Court(Frozen):
    """A kind of court or body that makes orders."""

    code: Code
    name: Sentence


class OrderType(Frozen):
    """A type of order: its act, where and from when it applies, and what a breach is.

    ``in_force_from`` is left out where the start date was not read. Without ``breach`` the text was not
    read: the breach is not verified, and no consequence of it may be shown.
    """

    code: Code
    name: Sentence
    act: Sentence
    area: Literal["england-and-wales", "scotland", "northern-ireland"]
    in_force_from: date | None = None
    in_force_until: date | None = None
    breach: BreachKind | None = None
    breach_rests_on: str | None = None
    read_from: Literal["statute", "summary", "not read"]
    note: Sentence | None = None
    made_by: tuple[Code, ...] = ()
    """Codes of the courts and bodies that make it."""
    needs_service: bool = False
    """True if service is recorded as a step of its own."""

    @model_validator(mode="after")
    def _rests_on_what_was_read(self) -> Self:
        if (self.breach is None) != (self.read_from == "not read"):
            raise ValueError("a type has a breach if its text was read, and else none")
        if (self.breach is None) != (self.breach_rests_on is None):
            raise ValueError("a breach rests on an act and section")
        return self

    @property
    def breach_in_words(self) -> str:
        """The consequence as a page shows it."""
        return self.breach.value if self.breach else "not verified"
