"""The four domains that a panel judges, and the words for each. Never added, averaged or mapped."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from engine.domain.base import Frozen, Instant, Sentence, Text
from engine.domain.conference.gaps import GapName
from engine.domain.unordered import UnorderedWord


class Domain(StrEnum):
    """The Stalking Risk Profile's domains."""

    VIOLENCE = "violence"
    PERSISTENCE = "persistence"
    RECURRENCE = "recurrence"
    PSYCHOSOCIAL_HARM = "psychosocial harm"

    @property
    def meaning(self) -> str:
        """The meaning of what is judged, as each page and file shows it where it asks for a level."""
        return _MEANINGS[self]


_MEANINGS = {
    Domain.VIOLENCE: "Physical or sexual violence to the victim or to others.",
    Domain.PERSISTENCE: "The present stalking goes on: it has not stopped.",
    Domain.RECURRENCE: "A further episode after it has stopped, against the same victim or another.",
    Domain.PSYCHOSOCIAL_HARM: "Harm to how a person lives: the victim above all, and the person who stalks.",
}


class Level(UnorderedWord):
    """A level of a judgement; the last two are not levels and have no number."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    UNABLE_TO_SAY = "unable to say"
    DOES_NOT_APPLY = "does not apply"


def reads_as_safe(domain: Domain, level: Level) -> bool:
    """Return whether a reader reads this as no concern: "low", or that a domain does not apply.

    Recurrence does not apply while the present stalking goes on, and that does not claim safety.
    """
    return level is Level.LOW or (level is Level.DOES_NOT_APPLY and domain is not Domain.RECURRENCE)


_STEPS = {Level.LOW: 0, Level.MODERATE: 1, Level.HIGH: 2}


def levels_apart(one: Level, other: Level) -> int | None:
    """Return how many steps two views are apart, only to show disagreement; None for words without a step.

    The one distance between levels: a test names every caller.
    """
    if one not in _STEPS or other not in _STEPS:
        return None
    return abs(_STEPS[one] - _STEPS[other])


class HowSoon(UnorderedWord):
    """The time within which violence is feared; asked only for that domain."""

    NOW = "within days"
    WEEKS = "within weeks"
    MONTHS = "within months"
    UNABLE_TO_SAY = "unable to say"


class Confidence(UnorderedWord):
    """The panel's confidence in its decision as a whole."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Judgement(Frozen):
    """The panel's judgement on one domain, with its reasons and how long it is valid.

    A decision owes its own reasons only where the panel departs from the agencies, and how their difference
    was settled where they differ.
    """

    domain: Domain
    level: Level
    reasons: Sentence | None = None
    settled: Sentence | None = Field(
        default=None, description="where agencies differ: what settled it, in a short sentence"
    )
    how_soon: HowSoon | None = None
    horizon_weeks: int | None = Field(default=None, ge=1, le=520)

    @model_validator(mode="after")
    def _how_soon_belongs_to_violence(self) -> Judgement:
        if self.how_soon is not None and self.domain is not Domain.VIOLENCE:
            raise ValueError("how_soon: only give this for violence")
        return self

    @property
    def why(self) -> str:
        """The panel's reasons and how a difference was settled, in one text."""
        settled = f"Settled: {self.settled}" if self.settled else None
        return " ".join(text for text in (self.reasons, settled) if text) or AGREED


AGREED = "The agencies that gave a level agreed. No reason was asked."
"""Shown where a decision has no reasons on a domain, because none were owed."""


class AgencyGap(Frozen):
    """Something that an agency recorded as missing in its response, in its own words.

    A police decision that is not recorded on an incident is a gap of the agency that investigates.
    """

    agency: str
    says: Sentence


class Dissent(Frozen):
    """A member's disagreement, and why: stored beside the decision for ever."""

    agency: str
    who: str
    reasons: Text


class DissentEntry(Frozen):
    """A dissent that the agency entered itself; without reasons it confirms what was noted for it.

    ``states_none``: the agency was asked and has no dissent. ``is_aloud``: the chair recorded that it was
    asked aloud and voiced none. That is not a statement of the agency.
    """

    agency: str
    reasons: Text | None
    by: str
    at: Instant
    states_none: bool = False
    is_aloud: bool = False

    @property
    def confirms(self) -> bool:
        """True for the confirmation of a dissent that was noted."""
        return self.reasons is None and not self.states_none


class DissentView(Dissent):
    """A dissent with its source: the person who entered, confirmed or noted it."""

    source: str


class Position(StrEnum):
    """An agency's position on a decision. Silence is not agreement.

    An agency that took part and stated nothing has "not asked" in files from before; in words its position is
    not recorded, because who sat at the table may have been asked.
    """

    NOT_ASKED = "not asked"
    NONE_VOICED = "no dissent voiced"
    """The chair asked aloud. It is not a statement of the agency, which may still make its own."""
    NO_DISSENT = "no dissent stated"
    DISSENT = "dissent"


class AgencyPosition(Frozen):
    """The position of one agency; ``by`` is who stated that it has no dissent, or who asked aloud."""

    agency: str
    position: Position
    by: str | None = None

    @property
    def in_words(self) -> str:
        """The position, with the person who stated it."""
        if self.position is Position.NOT_ASKED:
            return "position not recorded"
        if self.position is Position.NONE_VOICED:
            return f"{self.position.value} when asked aloud by {self.by}"
        return f"{self.position.value} by {self.by}" if self.by is not None else self.position.value


def positions_of(
    agencies: Iterable[str], dissent: Iterable[Dissent], entries: Iterable[DissentEntry]
) -> tuple[AgencyPosition, ...]:
    """Return the position of each agency that took part, or entered one, in that order.

    A dissent that an agency entered or confirmed stays. One that was only noted for it yields to its own
    statement that it has none. That an agency was asked aloud yields to each of these.
    """
    given = list(entries)
    own = [entry for entry in given if not entry.is_aloud]
    enters = {entry.agency for entry in own if not entry.states_none}
    stated = {entry.agency: entry.by for entry in own if entry.states_none and entry.agency not in enters}
    dissents = enters | {each.agency for each in dissent} - set(stated)
    asked = {entry.agency: entry.by for entry in given if entry.is_aloud}

    def position(agency: str) -> AgencyPosition:
        if agency in dissents:
            return AgencyPosition(agency=agency, position=Position.DISSENT)
        if agency in stated:
            return AgencyPosition(agency=agency, position=Position.NO_DISSENT, by=stated[agency])
        if agency in asked:
            return AgencyPosition(agency=agency, position=Position.NONE_VOICED, by=asked[agency])
        return AgencyPosition(agency=agency, position=Position.NOT_ASKED)

    entered = sorted(dissents | set(stated) | set(asked))
    return tuple(position(agency) for agency in dict.fromkeys([*agencies, *entered]))


class Attendance(Frozen):
    """A person who attended for an agency, or what came from it instead."""

    agency: str
    who: str | None = None
    apologies: bool = False
    written_input: bool = False

    @property
    def took_part(self) -> bool:
        """True for a person who is named, and for a written contribution."""
        return self.who is not None or self.written_input


class Decision(Frozen):
    """A case conference's decision: a judgement on each of the four domains, and what follows."""

    judgements: tuple[Judgement, ...]
    summary: Text
    attendance: tuple[Attendance, ...] = ()
    dissent: tuple[Dissent, ...] = ()
    review_on: str | None = Field(default=None, description="the date of the next review, YYYY-MM-DD")
    low_despite_unknown: Text | None = Field(
        default=None, description="why a domain is low over the gaps that were weighed"
    )
    weighed: tuple[GapName, ...] = Field(
        default=(), description="the gaps that the panel weighed before it said low, by name"
    )
    confidence: Confidence | None = None
    missing: Annotated[tuple[AgencyGap, ...], Field(max_length=200)] = Field(
        default=(), description="of what agencies recorded as missing, what matters to the decision"
    )
    alternatives: Text | None = Field(
        default=None, description="what else was considered, where the panel departs from the agencies"
    )
    amended_because: Text | None = Field(
        default=None, description="only for an amendment: why an earlier decision no longer applies as it was"
    )

    def levels_changed_from(self, earlier: Decision) -> tuple[Domain, ...]:
        """Return the domains whose level, or how soon, is another than in an earlier decision."""
        before = {each.domain: (each.level, each.how_soon) for each in earlier.judgements}
        return tuple(
            each.domain for each in self.judgements if before[each.domain] != (each.level, each.how_soon)
        )

    @model_validator(mode="after")
    def _each_domain_once(self) -> Decision:
        if sorted(j.domain.value for j in self.judgements) != sorted(d.value for d in Domain):
            raise ValueError("judgements: give one for each of the four domains")
        return self
