"""Incidents and their reports."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.domain.links.grades import Grade


class IncidentKind(StrEnum):
    """The example acts of the Protection from Harassment Act 1997, section 2A(3), and what goes with them.

    The values are stored. ``VEXATIOUS`` is a complaint about the victim to police, an employer, a social
    service, a court or a regulator, and is read as that: only a court or the panel finds one vexatious.
    """

    FOLLOWING = "following"
    CONTACTING = "contacting"
    PUBLISHING = "publishing"
    MONITORING = "monitoring"
    LOITERING = "loitering"
    INTERFERING = "interfering with property"
    WATCHING = "watching"
    THREAT = "threat"
    ASSAULT = "assault"
    SEXUAL_ASSAULT = "sexual assault"
    ENTRY = "entry"
    BREACH = "breach of order"
    GIFT = "gift"
    VEXATIOUS = "vexatious complaint"
    SUICIDAL_STATEMENT = "suicidal statement"
    OTHER = "other"

    @property
    def in_words(self) -> str:
        """The kind as a person reads it."""
        return COMPLAINT if self is IncidentKind.VEXATIOUS else self.value

    @classmethod
    def _missing_(cls, value: object) -> IncidentKind | None:
        """Return the kind of a text that is not a stored value: the words of a complaint."""
        return cls.VEXATIOUS if value == COMPLAINT else None


COMPLAINT = "complaint about the victim"
"""A complaint that the alleged perpetrator made, or is said to have made, about the victim, in words."""


def kinds_in_words(kinds: Sequence[IncidentKind]) -> str:
    """Return each kind that reports of one incident give it, in one phrase."""
    *others, last = (kind.in_words for kind in kinds)
    return f"{', '.join(others)} and {last}" if others else last


class OfKinds(Frozen):
    """An incident of the kind of its first report, and of those of reports that are one with it."""

    kind: IncidentKind
    also: tuple[IncidentKind, ...] = ()

    @property
    def kinds(self) -> tuple[IncidentKind, ...]:
        """Every kind that a report gives it, that of the first report first."""
        return (self.kind, *self.also)


class Channel(StrEnum):
    """A channel of contact."""

    IN_PERSON = "in person"
    PHONE = "phone"
    MESSAGE = "message"
    ONLINE = "online"
    POST = "post"
    THIRD_PARTY = "third party"


class IncidentReported(Frozen):
    """One incident as one report gives it. ``what`` is free text, masked before others read it.

    ``grade`` None is "not graded". It is then left out of the document, so that a report from before there
    were grades has the digest that it had.
    """

    happened: PartialDate | None = None
    kind: IncidentKind
    channel: Channel | None = None
    what: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    crime_reference: Annotated[str, StringConstraints(min_length=3, max_length=40)] | None = None
    grade: Annotated[Grade | None, Field(exclude_if=lambda grade: grade is None)] = None


class IncidentsKeptBack(Frozen):
    """Incidents whose owner withholds its report: counted, or said to exist, and who to ask."""

    owner: str
    count: int
    is_stub: bool
    ask: str

    @property
    def in_words(self) -> str:
        """The count in one sentence."""
        what = f"{self.count} incident{'s' if self.count != 1 else ''}"
        said = "known to" if self.is_stub else "withheld by"
        return f"{what} {said} {self.owner}; ask {self.ask}"
