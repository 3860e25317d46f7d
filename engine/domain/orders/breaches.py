"""Likely breaches: an incident held against the conditions of orders. Knows no rule and no storage.

A likely breach is a proposal. Only a person makes it a breach, and then a decision of police is awaited.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Frozen, Instant
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.orders.conditions import Allowed, Thing


class BreachResult(StrEnum):
    """The result of a comparison of an incident with one condition."""

    LIKELY = "likely breach"
    UNCLEAR = "cannot be said"
    NOT = "not a breach by the facts recorded"


class Actor(StrEnum):
    """The person who acted, as the report gives it."""

    RESPONDENT = "the respondent"
    ON_BEHALF = "another person, for the respondent"
    OTHER = "another person"
    UNKNOWN = "not known"


class Reached(StrEnum):
    """A person whom an incident reached."""

    VICTIM = "the victim of this case"
    PROTECTED = "another protected person"
    OTHER = "a person whom no order protects"


class IncidentDetails(Frozen):
    """Details of an incident beyond its date, each left out where it is not recorded.

    ``time`` and ``until`` are as a clock in London shows them. ``place`` is the reference of a sealed place.
    """

    time: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    minutes_off: int | None = Field(default=None, ge=1, le=720)
    """Minutes that the time may be off, each way. None: it is to the minute."""
    until: datetime | None = None
    """When something that went on ended."""
    actor: Actor | None = None
    reached: tuple[Reached, ...] = ()
    protected: tuple[Annotated[str, StringConstraints(pattern=r"^PO-[0-9A-Z]{7}/[1-9]\d?$")], ...] = ()
    """Protected persons whom it reached, by order and number: ``PO-7K3M9Q2/2``."""
    metres: int | None = Field(default=None, ge=0, le=100_000, repr=False)
    metres_off: int | None = Field(default=None, ge=1, le=10_000, repr=False)
    things: tuple[Thing, ...] = ()
    exception: Allowed | None = None
    """The allowed contact that it was."""
    no_exception: bool = False
    """True if a person checked that it was not a contact that a court may allow."""
    place: str | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.until is not None and self.until.tzinfo is not None:
            raise ValueError("'until' is local time: leave the offset out")
        if self.minutes_off is not None and self.time is None:
            raise ValueError("'minutes_off' needs 'time'")
        if self.metres_off is not None and self.metres is None:
            raise ValueError("'metres_off' needs 'metres'")
        if self.exception is not None and self.no_exception:
            raise ValueError("'exception' and 'no_exception' differ; leave one out")
        return self


class HeldIncident(Frozen):
    """An incident as it is held against conditions. No text of it is read."""

    reference: str
    cases: tuple[str, ...]
    """The involvements of its episode: the victim of each is the victim of this case."""
    kind: IncidentKind
    channel: Channel | None
    happened: PartialDate | None
    reported_at: Instant
    details: IncidentDetails = IncidentDetails()


class Comparison(Frozen):
    """An incident held against one condition. The same facts give the same comparison, byte for byte.

    Sentences name no place, no distance and no person.
    """

    incident: str
    order: str
    condition: int
    result: BreachResult
    rule: str
    version: int
    evidence: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    """Facts that are missing."""
    against: tuple[str, ...] = ()
    """Facts that would make a likely breach wrong."""
    because: str | None = None
    """The reason that it is not a breach by the facts recorded."""
    asks: bool = False
    """True if a person is asked: a likely breach, or one that a missing fact decides."""
    is_sealed: bool = False
    """True if its area is sealed, so that two people have the result."""

    @property
    def found_by(self) -> str:
        """The rule and its version."""
        return f"Rule {self.rule}, version {self.version}. The same facts give the same result."
