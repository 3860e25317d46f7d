"""Minutes of a conference: rendered from what was recorded, for one recipient. Knows no storage."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from engine.domain.base import Frozen, Instant
from engine.domain.cases.names import CaseNames
from engine.domain.conference.agenda import AgendaPart, Deferral
from engine.domain.conference.remarks import RemarkView
from engine.domain.conference.risk import AgencyGap, AgencyPosition, Confidence, DissentView, Judgement
from engine.domain.conference.victim_words import VictimWordsView, WordsWithdrawn
from engine.domain.sharing import LedgerAct

CORRECTION_DAYS = 7
"""Days for corrections, unless another end date is given."""


class MinutesPhase(StrEnum):
    """The phase of the minutes; each follows the one before it."""

    IN_SESSION = "in session"
    DRAFT = "draft"
    PREPARED = "prepared"
    CORRECTIONS = "corrections"
    AGREED = "agreed"


NEXT_PHASE = {
    MinutesPhase.DRAFT: MinutesPhase.PREPARED,
    MinutesPhase.PREPARED: MinutesPhase.CORRECTIONS,
    MinutesPhase.CORRECTIONS: MinutesPhase.AGREED,
}


def may_move_minutes(user: str, to: MinutesPhase, *, presides: bool, minute_taker: str | None) -> bool:
    """Return whether a user may move minutes into a phase: its minute taker may not agree them."""
    return presides or (to is not MinutesPhase.AGREED and user == minute_taker)


class MinutesStep(Frozen):
    """A phase that the minutes came into; ``until`` is the last date for corrections."""

    phase: MinutesPhase
    until: date | None
    by: str
    at: Instant


class MinutesHeading(StrEnum):
    """The heading of an item that a correction is about."""

    WHOLE = "the whole item"
    DECISION = "decision"
    DISSENT = "dissent"
    VICTIM_WORDS = "the victim's words"
    REMARKS = "said in the room"
    DISCLOSURES = "shared during the conference"
    ACTIONS = "actions"
    CONFLICTS = "conflict of interest"
    ATTENDANCE = "attendance"


class CorrectionView(Frozen):
    """A correction that an attendee proposed. ``accepted`` None waits; a refused one is annexed whole.

    ``heading`` None: it was proposed before a heading was asked for.
    """

    reference: str
    case: str
    heading: MinutesHeading | None = None
    says: str
    by: str
    at: Instant
    accepted: bool | None = None
    why: str | None = None
    answered_by: str | None = None
    answered_at: Instant | None = None

    def about(self, number: int) -> str:
        """Return the part that it is about: the item by its number in this copy, and the heading."""
        whole = self.heading in (None, MinutesHeading.WHOLE)
        return f"item {number}" if whole or self.heading is None else f"item {number}, {self.heading.value}"

    @property
    def status(self) -> str:
        """The answer of the chair in words."""
        if self.accepted is None:
            return "waiting for the chair"
        return "accepted" if self.accepted else "refused, annexed"


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
    confidence: Confidence | None = None
    missing: tuple[AgencyGap, ...] = ()
    alternatives: str | None = None
    responses_missing: dict[str, str]


class MinutedAction(Frozen):
    """An action of the plan that was written in the item or after it."""

    reference: str
    what: str
    agency: str
    owner: str
    due: date


class MinutedDisclosure(Frozen):
    """Items that an agency shared, refused, withdrew or corrected on the case while the conference sat.

    It has no time: the times of items are in no copy that a private item is left out of.
    """

    agency: str
    act: LedgerAct
    items: tuple[str, ...]
    whom: str


class OutOfItem(Frozen):
    """A person who took no part in an item because of a conflict of interest."""

    who: str
    agency: str | None


class MinutedItem(Frozen):
    """One item of this copy. ``number`` counts the items of the copy, not those of the conference.

    Only a copy of the whole conference has ``from`` and ``to``: a gap between two items would show that there
    was another. An erased item has nothing but its envelope and the certificate of the erasure.
    """

    number: int
    case: str
    names: CaseNames | None = None
    part: AgendaPart
    shown_from: Instant | None = Field(default=None, serialization_alias="from")
    shown_to: Instant | None = Field(default=None, serialization_alias="to")
    quorate: bool | None = Field(default=None, description="None where no decision was recorded")
    deferral: Deferral | None = None
    guests: tuple[str, ...] = ()
    decision: MinutedDecision | None = None
    dissent: tuple[DissentView, ...] = ()
    positions: tuple[AgencyPosition, ...] = ()
    """The position of each agency that took part in the item; empty where there is no decision."""
    victim_words: tuple[VictimWordsView, ...] = ()
    words_withdrawn: tuple[WordsWithdrawn, ...] = ()
    """Of the victim's words in an agreed copy, those that were withdrawn since."""
    actions: tuple[MinutedAction, ...] = ()
    conflicts: tuple[OutOfItem, ...] = ()
    disclosures: tuple[MinutedDisclosure, ...] = ()
    remarks: tuple[RemarkView, ...] = ()
    """Remarks in the room that were released, and notes of the minute taker."""
    corrections: tuple[CorrectionView, ...] = ()
    amended_later: str | None = None
    erased_by: str | None = None

    def with_decisions(self, newest: tuple[int, date] | None) -> MinutedItem:
        """Return the item with the sentence of a later amendment, if the newest version is another one."""
        if newest is None or self.decision is None or newest[0] <= self.decision.version:
            return self
        version, on = newest
        sentence = f"Amended later. See version {version} of the decision, {on:%-d %B %Y}."
        return self.model_copy(update={"amended_later": sentence})


class MinutesHead(Frozen):
    """The part of the minutes without items.

    ``seal`` is random in each agreed copy: without it a reader of the audit log could guess another person's
    copy, item by item, and compare its digest.
    """

    conference: str
    date: date
    place: str | None
    chair: str
    deputy: str | None
    minute_taker: str | None
    confidentiality: str
    attendance: tuple[Attended, ...]
    apologies: tuple[Absent, ...]
    seal: str | None = None


class Minutes(MinutesHead):
    """One recipient's copy of the minutes. ``digest`` is that of an agreed copy, as the audit log has it."""

    recipient: str
    items: tuple[MinutedItem, ...]
    phase: MinutesPhase
    steps: tuple[MinutesStep, ...] = ()
    digest: str | None = None

    def status_of(self, correction: CorrectionView) -> str:
        """Return the answer of the chair in words; agreed minutes annex one without an answer."""
        if correction.accepted is None and self.phase is MinutesPhase.AGREED:
            return "not answered, annexed"
        return correction.status

    @property
    def annexed(self) -> tuple[tuple[MinutedItem, CorrectionView], ...]:
        """The corrections that are annexed whole, each with its item, in the order of this copy."""
        return tuple(
            (item, each)
            for item in self.items
            for each in item.corrections
            if self.status_of(each).endswith("annexed")
        )

    @property
    def corrections_until(self) -> date | None:
        """The last date for corrections; None unless the minutes are open for them."""
        return self.steps[-1].until if self.steps and self.phase is MinutesPhase.CORRECTIONS else None

    def is_presided_by(self, user: str) -> bool:
        """Return whether the user is the chair or the deputy."""
        return user in (self.chair, self.deputy)

    def was_attended_by(self, user: str) -> bool:
        """Return whether the user was in the room, at any time."""
        return any(each.who == user for each in self.attendance)

    def next_phase_for(self, user: str) -> MinutesPhase | None:
        """Return the phase into which this user may move the minutes; None if there is none."""
        to = NEXT_PHASE.get(self.phase)
        presides = self.is_presided_by(user)
        if to is None or not may_move_minutes(user, to, presides=presides, minute_taker=self.minute_taker):
            return None
        return to
