"""Likely breaches: an incident held against the conditions of orders. Knows no rule and no storage.

A likely breach is a proposal. Only a person makes it a breach, and then a decision of police is awaited.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from engine.domain.base import Frozen, Instant
from engine.domain.cases.incidents import Channel, IncidentKind, OfKinds
from engine.domain.dates import PartialDate
from engine.domain.orders.conditions import Allowed, Thing

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


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


def _as_clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("write it as on a clock of 24 hours, such as 09:40 or 21:40")
    return text


class IncidentDetails(Frozen):
    """Details of an incident beyond its date, each left out where it is not recorded.

    ``time`` and ``until`` are as a clock in London shows them. ``place`` is the reference of a sealed place.
    """

    time: Annotated[str, AfterValidator(_as_clock)] | None = None
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


class HeldIncident(OfKinds):
    """An incident as it is held against conditions. No text of it is read."""

    reference: str
    cases: tuple[str, ...]
    """The involvements of its episode: the victim of each is the victim of this case."""
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
    at_the_time: tuple[str, ...] = ()
    """The order at that time: that it ran, was served and covered the act, or which of the three failed."""
    asks: bool = False
    """True if a person is asked: a likely breach, or one that a missing fact decides."""
    is_sealed: bool = False
    """True if its area is sealed, so that two people have the result."""

    @property
    def found_by(self) -> str:
        """The rule and its version."""
        return f"Rule {self.rule}, version {self.version}. The same facts give the same result."


class PlaceGiven(Frozen):
    """A place of an incident as a person records it: in words, on the map, or both. It goes to the vault."""

    description: Annotated[str, StringConstraints(min_length=1, max_length=400)] | None = Field(
        default=None, repr=False
    )
    latitude: float | None = Field(default=None, ge=49, le=61, repr=False)
    longitude: float | None = Field(default=None, ge=-9, le=2.5, repr=False)
    metres_off: int | None = Field(default=None, ge=0, le=100_000, repr=False)
    """Metres that the point may be off."""

    @model_validator(mode="after")
    def _is_a_place(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give both 'latitude' and 'longitude', or neither")
        if self.latitude is None and self.description is None:
            raise ValueError("give 'description', or 'latitude' and 'longitude'")
        if self.metres_off is not None and self.latitude is None:
            raise ValueError("'metres_off' needs 'latitude' and 'longitude'")
        return self


class DetailsGiven(Frozen):
    """Details of an incident as a person records them; its place is sealed before they are stored."""

    details: IncidentDetails = IncidentDetails()
    place: PlaceGiven | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.place is None and self.details == IncidentDetails():
            raise ValueError("no detail is given; give at least one, such as 'time'")
        if self.details.place is not None:
            raise ValueError("'place' is not a reference; describe it beside the details")
        return self


class StoredDetails(Frozen):
    """Details as stored; a correction is a new version. ``details`` None is one whose content was erased."""

    incident: str
    version: int
    details: IncidentDetails | None
    by: str
    at: Instant


class ReviewAct(StrEnum):
    """An answer of a person to a likely breach."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ASKED = "asked"


class ReviewGiven(Frozen):
    """An answer to a likely breach, with its reason or question. Others read the text masked."""

    act: ReviewAct
    why: Annotated[str, StringConstraints(min_length=3, max_length=600)]


class StoredReview(Frozen):
    """An answer as stored; ``given`` None is one whose content was erased."""

    act: ReviewAct
    given: ReviewGiven | None
    result: int
    """The number of the comparison that the person saw."""
    by: str
    at: Instant


class StoredResult(Frozen):
    """A comparison as stored; ``comparison`` None is one whose content was erased."""

    number: int
    result: BreachResult
    comparison: Comparison | None
    at: Instant


class BreachStatus(StrEnum):
    """The status of a likely breach: only a person makes it a breach."""

    TO_CONFIRM = "to confirm"
    ASKED = "asked"
    CONFIRMED = "confirmed breach"
    REJECTED = "rejected"
    NO_LONGER = "no longer likely"


class StoredBreach(Frozen):
    """A likely breach with its comparisons and answers, oldest first."""

    reference: str
    case: str
    incident: str
    kind: IncidentKind
    happened: PartialDate | None
    order: str
    condition: int
    results: tuple[StoredResult, ...]
    reviews: tuple[StoredReview, ...] = ()
    at: Instant

    @property
    def newest(self) -> StoredResult:
        """The newest comparison."""
        return self.results[-1]

    @property
    def status(self) -> BreachStatus:
        """The status: by the newest answer, or else by the newest comparison."""
        if self.reviews:
            match self.reviews[-1].act:
                case ReviewAct.CONFIRMED:
                    return BreachStatus.CONFIRMED
                case ReviewAct.REJECTED:
                    return BreachStatus.REJECTED
                case ReviewAct.ASKED:
                    return BreachStatus.ASKED
        comparison = self.newest.comparison
        if self.newest.result is BreachResult.NOT or (comparison is not None and not comparison.asks):
            return BreachStatus.NO_LONGER
        return BreachStatus.TO_CONFIRM

    @property
    def has_changed(self) -> bool:
        """True if the facts were compared again after the newest answer, with another result."""
        if not self.reviews:
            return False
        seen = next((each for each in self.results if each.number == self.reviews[-1].result), None)
        return seen is not None and seen.result is not self.newest.result

    @property
    def is_open(self) -> bool:
        """True while a person is asked."""
        return self.status in {BreachStatus.TO_CONFIRM, BreachStatus.ASKED}


class ReviewView(Frozen):
    """An answer as one person reads it."""

    act: ReviewAct
    why: str | None
    by: str
    at: Instant


class BreachView(Frozen):
    """A likely breach as one person reads it: the clause, the evidence, what would make it wrong."""

    reference: str
    case: str
    incident: str
    happened: PartialDate | None
    kind: IncidentKind
    order: str
    order_name: str
    condition: int
    clause: str
    title: str
    consequence: str
    """The consequence in law of a breach of this order; "not verified" where its text was not read."""
    consequence_rests_on: str | None = None
    """Its act and section."""
    status: BreachStatus
    result: BreachResult
    evidence: tuple[str, ...]
    unclear: tuple[str, ...]
    against: tuple[str, ...]
    because: str | None
    at_the_time: tuple[str, ...]
    """The order at that time: that it ran, was served and covered the act, or which of the three failed."""
    found_by: str
    compared_at: Instant
    has_changed: bool
    reviews: tuple[ReviewView, ...]
    may_decide: bool
    police_decision: str | None
    """The newest decision of police on a confirmed one; None is not recorded, which is not "none"."""

    @property
    def consequence_in_words(self) -> str:
        """The consequence with its section, as one sentence; empty where its text was not read."""
        if self.consequence_rests_on is None:
            return ""
        return f"A confirmed breach of this order: {self.consequence}, {self.consequence_rests_on}."

    @property
    def is_open(self) -> bool:
        """True while a person is asked."""
        return self.status in {BreachStatus.TO_CONFIRM, BreachStatus.ASKED}

    @property
    def tag(self) -> str:
        """Its status in words; one that cannot be said is not called likely."""
        if self.status is BreachStatus.TO_CONFIRM:
            return "Likely, not confirmed" if self.result is BreachResult.LIKELY else "Cannot be said"
        return f"{self.status.value[:1].upper()}{self.status.value[1:]}"


class BreachesSeen(Frozen):
    """Likely breaches within one person's access, those that wait first."""

    breaches: tuple[BreachView, ...]
    may_decide: bool = False
    reads_areas: bool = False
    """True for the safe-contact officer and the police lead of the case."""

    @property
    def waiting(self) -> tuple[BreachView, ...]:
        """Those that a person is asked about."""
        return tuple(each for each in self.breaches if each.is_open)

    @property
    def likely(self) -> tuple[BreachView, ...]:
        """Those of them that are likely."""
        return tuple(each for each in self.waiting if each.result is BreachResult.LIKELY)

    @property
    def confirmed(self) -> tuple[BreachView, ...]:
        """Confirmed breaches."""
        return tuple(each for each in self.breaches if each.status is BreachStatus.CONFIRMED)
