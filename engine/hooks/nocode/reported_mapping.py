"""The sheets of orders and of link evidence, as a mapping names them. Reads no record."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.hooks.nocode.sheet_mapping import Column, SheetMapped
from engine.hooks.v1 import Code, EvidenceThing


class OrdersMapped(SheetMapped):
    """Orders, one a row. ``types`` and ``conditions`` say which of the sheet's terms is which code.

    A condition in other words, with semicolons between them, is given in these words.
    """

    person: Column
    type: Column
    types: Annotated[dict[str, Code], Field(min_length=1)]
    court: Column | None = None
    made: Column | None = None
    served: Column | None = None
    in_effect: Column | None = None
    ends: Column | None = None
    until_further_order: dict[Column, tuple[str, ...]] = Field(default_factory=dict, max_length=1)
    conditions: Column | None = None
    condition_codes: dict[str, Code] = Field(default_factory=dict)
    source: Column | None = None
    grade: Column | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that is read."""
        also = (self.court, self.made, self.served, self.in_effect, self.ends, self.conditions)
        named = (self.record, self.person, self.type, *also, self.source, self.grade)
        return tuple(dict.fromkeys((*(each for each in named if each), *self.until_further_order)))


class LinksMapped(SheetMapped):
    """Link evidence, one thing a row; ``things`` says which of the sheet's terms is which kind of thing."""

    person: Column
    thing: Column
    things: dict[str, EvidenceThing] = Field(default_factory=dict)
    value: Column
    first_recorded: Column | None = None
    last_recorded: Column | None = None
    source: Column | None = None
    grade: Column | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that is read."""
        also = (self.first_recorded, self.last_recorded, self.source, self.grade)
        named = (self.record, self.person, self.thing, self.value, *also)
        return tuple(dict.fromkeys(each for each in named if each))
