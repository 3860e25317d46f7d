"""Orders, link evidence and dates of checks that an agency reports from its own records. Forms no judgement.

An order that an agency reports is not an order of ours: a person records it, or does not.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from engine.domain.base import Code, Frozen
from engine.domain.dates import PartialDate
from engine.domain.links.grades import Grade, grade_in_words
from engine.domain.orders.conditions import LONGEST_CONDITION, MOST_CONDITIONS

MOST_ORDERS = 50
MOST_EVIDENCE = 200
MOST_CHECKED = 20
ORDER = "order:"
"""The start of the name of an order among the items of a response."""
EVIDENCE = "evidence:"
"""The start of the name of a piece of link evidence among the items of a response."""
Source = Annotated[str, StringConstraints(min_length=1, max_length=120)]
"""A register or system in the agency's own words, such as "police national computer"."""


class RecordPointer(Frozen):
    """A place in the agency's own records that a finding is based on."""

    record: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    kind: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    dated: PartialDate | None = None


class ReportedCondition(Frozen):
    """A condition of a reported order: a code of the library of conditions, or the words of the record."""

    code: Code | None = None
    wording: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CONDITION)] | None = None

    @model_validator(mode="after")
    def _is_coded_or_written(self) -> Self:
        if (self.code is None) == (self.wording is None):
            raise ValueError("give 'code' of the library of conditions, or 'wording'")
        return self


class ReportedOrder(Frozen):
    """An order in an agency's records, with dates as they are recorded there. A blank is not recorded.

    ``type`` and ``court`` are codes of our lists. ``conditions`` None is "not recorded", and empty "none".
    """

    key: Code
    type: Code
    court: Code | None = None
    court_name: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    made: date | None = None
    served: date | None = None
    in_effect: date | None = None
    ends: date | None = None
    until_further_order: StrictBool = False
    conditions: Annotated[tuple[ReportedCondition, ...], Field(max_length=MOST_CONDITIONS)] | None = None
    conditions_in: Code | None = Field(
        default=None,
        exclude_if=lambda key: key is None,
        description="the key of a finding with the same conditions: where it is hidden, they are too",
    )
    source: Source
    grade: Grade | None = Field(default=None, description="3x5x2, such as '1A P'; None is 'not recorded'")
    records: Annotated[tuple[RecordPointer, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_agree(self) -> Self:
        if self.until_further_order and self.ends is not None:
            raise ValueError("give 'ends' or 'until_further_order', not both")
        start = self.made or self.in_effect
        if self.ends is not None and start is not None and self.ends < start:
            raise ValueError("the order ends before it starts; check 'made', 'in_effect' and 'ends'")
        if self.made is not None and any(
            day is not None and day < self.made for day in (self.served, self.in_effect)
        ):
            raise ValueError("the order is served or in effect before it is made; check the dates")
        return self

    @property
    def name(self) -> str:
        """Its name among the items of a response."""
        return f"{ORDER}{self.key}"

    def left_by(self, gone: Collection[str]) -> Self:
        """Return it without the conditions that are in a finding that is gone."""
        return self.model_copy(update={"conditions": None}) if self.conditions_in in gone else self


class EvidenceThing(StrEnum):
    """A thing that can link people."""

    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    VEHICLE = "vehicle"
    DEVICE = "device"
    ASSOCIATE = "associate"


class LinkEvidence(Frozen):
    """A thing that an agency's records link to the alleged perpetrator, with its source, dates and grade."""

    key: Code
    thing: EvidenceThing
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(repr=False)
    first_recorded: PartialDate | None = None
    last_recorded: PartialDate | None = None
    source: Source
    grade: Grade | None = Field(default=None, description="3x5x2, such as '2B P'; None is 'not recorded'")
    records: Annotated[tuple[RecordPointer, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> Self:
        first, last = self.first_recorded, self.last_recorded
        if first is not None and last is not None and last.latest < first.earliest:
            raise ValueError("'last_recorded' is before 'first_recorded'; check the dates")
        return self

    @property
    def name(self) -> str:
        """Its name among the items of a response."""
        return f"{EVIDENCE}{self.key}"

    @property
    def sentence(self) -> str:
        """The thing and its dates, in one sentence."""
        dates = [
            f"{when} {day.in_words()}"
            for when, day in (("first recorded", self.first_recorded), ("last recorded", self.last_recorded))
            if day is not None
        ]
        dated = f", {', '.join(dates)}" if dates else ", dates not recorded"
        return f"{self.thing.value.capitalize()} {self.value}{dated}."


class RecordsChecked(Frozen):
    """A source and the date of its last check about the person; None: not recorded."""

    source: Source
    on: date | None = None

    @property
    def sentence(self) -> str:
        """The source and the date, as a page shows them."""
        if self.on is None:
            return f"{self.source}, date of the last check not recorded"
        return f"{self.source}, checked {PartialDate.of(self.on).in_words()}"


def names_of(item: str) -> tuple[str, ...]:
    """Return the names under which a rule or a withdrawal applies to an item.

    An order was a finding of the same key before contract 1.3, and what was decided then still applies.
    """
    return (item, item.removeprefix(ORDER)) if item.startswith(ORDER) else (item,)


def source_in_words(source: str, grade: str | None) -> str:
    """Return the source and the grade of an item."""
    return f"{source}, {grade_in_words(grade)}"
