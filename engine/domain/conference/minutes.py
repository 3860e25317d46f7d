"""Minutes of a conference: rendered from what was recorded, for one recipient. Knows no storage."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from engine.domain.base import Frozen, Instant
from engine.domain.cases.names import CaseNames
from engine.domain.conference.agenda import AgendaPart, Deferral
from engine.domain.conference.risk import DissentView, Judgement


class MinutesPhase(StrEnum):
    """The phase of the minutes."""

    IN_SESSION = "in session"
    DRAFT = "draft"


class Attended(Frozen):
    """One stay in the room."""

    who: str
    agency: str | None
    is_observer: bool = False
    has_signed: bool = False
    arrived_at: Instant
    left_at: Instant | None


class Absent(Frozen):
    """Apologies, or a written contribution and when it came."""

    who: str
    agency: str | None
    written_at: Instant | None = None


class MinutedDecision(Frozen):
    """A decision as the minutes have it. ``provisional`` is the sentence of one that was not quorate."""

    reference: str
    version: int
    by: str
    on: date
    provisional: str | None
    summary: str
    judgements: tuple[Judgement, ...]
    review_on: date | None
    low_despite_unknown: str | None
    weighed: tuple[str, ...]
    responses_missing: dict[str, str]


class MinutedAction(Frozen):
    """An action of the plan that was written in the item or after it."""

    reference: str
    what: str
    agency: str
    owner: str
    due: date


class OutOfItem(Frozen):
    """A person who took no part in an item because of a conflict of interest."""

    who: str
    agency: str | None


class MinutedItem(Frozen):
    """One item of this copy. ``number`` counts the items of the copy, not those of the conference.

    Only a copy of the whole conference has ``from`` and ``to``: a gap between two items
    would show that there was another.
    """

    number: int
    case: str
    names: CaseNames | None
    part: AgendaPart
    shown_from: Instant | None = Field(serialization_alias="from")
    shown_to: Instant | None = Field(serialization_alias="to")
    quorate: bool | None = Field(description="None where no decision was recorded")
    deferral: Deferral | None
    guests: tuple[str, ...]
    decision: MinutedDecision | None
    dissent: tuple[DissentView, ...]
    actions: tuple[MinutedAction, ...]
    conflicts: tuple[OutOfItem, ...]


class Minutes(Frozen):
    """One recipient's copy of the minutes."""

    conference: str
    date: date
    place: str | None
    chair: str
    deputy: str | None
    minute_taker: str | None
    confidentiality: str
    attendance: tuple[Attended, ...]
    apologies: tuple[Absent, ...]
    items: tuple[MinutedItem, ...]
    phase: MinutesPhase
