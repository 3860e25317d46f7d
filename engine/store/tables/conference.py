"""Decisions of case conferences, judgements and dissent."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import (
    ApartTyped,
    At,
    By,
    Choice,
    Counted,
    Day,
    Flag,
    Key,
    Name,
    Number,
    Of,
    Ref,
    Refs,
    Said,
    Text,
    Whose,
    Words,
    agencys,
    apart,
    case,
    goes,
    stays,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class DecisionRow(Row, table=True):
    """One decision of one conference, with the versions of answers that it saw. Append-only.

    ``writers`` are by place the authors of texts that an amendment left as they were.
    """

    __tablename__ = "decision"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: Number
    content: Annotated[
        dict[str, object],
        goes(erased.decision, Words.BY_USE_CASE, left=erased.DECISION_LEFT, of_agency=erased.missing_from),
    ] = Field(sa_column=Column(DOCUMENT, nullable=False))
    saw: Annotated[dict[str, int], stays("which versions of answers it saw")] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    not_seen: Annotated[dict[str, str], stays("which answers it had not, by code")] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    review_on: Day | None = Field(default=None, index=True)
    writers: Annotated[dict[str, str], stays("who wrote which of its texts")] | None = Field(
        default=None, sa_column=Column(DOCUMENT, nullable=True)
    )
    by: By
    at: At = Field(sa_type=UtcInstant)


class JudgementRow(Row, table=True):
    """The panel's judgement of one domain, for counting; the reasons are in the decision. Append-only."""

    __tablename__ = "judgement"
    rows = case("decision_id.involvement_id")
    __table_args__ = (UniqueConstraint("decision_id", "domain"),)
    id: Key | None = Field(default=None, primary_key=True)
    decision_id: Of = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False))
    domain: Counted[str]
    level: Counted[str]
    valid_until: Day | None = None


class DissentRow(Row, table=True):
    """An agency that disagreed with a decision. Append-only."""

    __tablename__ = "dissent"
    rows = case("decision_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    decision_id: Of = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, index=True))
    agency: Whose
    who: Name
    reasons: Text


class ConferenceRecordRow(Row, table=True):
    """A conference of a panel. ``version`` goes up with each change of what a screen may show."""

    __tablename__ = "conference_record"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    held_on: Day = Field(index=True)
    place: ApartTyped[str] | None = None
    chair: By
    deputy: By | None = None
    minute_taker: By | None = None
    statement: Number
    version: Annotated[int, stays("a version, a place or a count", changes=True)] = 0
    by: By
    at: At = Field(sa_type=UtcInstant)


class ConferenceStepRow(Row, table=True):
    """A state that a conference came into. Append-only; the newest applies."""

    __tablename__ = "conference_step"
    rows = apart()
    __table_args__ = (UniqueConstraint("conference_id", "state"),)
    id: Key | None = Field(default=None, primary_key=True)
    conference_id: Of = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    state: Choice
    by: By
    at: At = Field(sa_type=UtcInstant)


class AgendaItemRow(Row, table=True):
    """A case that came on an agenda; ``number`` is its own, not its place. Append-only."""

    __tablename__ = "agenda_item"
    rows = case()
    __table_args__ = (
        UniqueConstraint("conference_id", "number"),
        UniqueConstraint("conference_id", "involvement_id"),
    )
    id: Key | None = Field(default=None, primary_key=True)
    conference_id: Of = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    number: Number
    part: Choice
    by: By
    at: At = Field(sa_type=UtcInstant)


class ItemPlanRow(Row, table=True):
    """One plan of an item. Append-only; the newest applies."""

    __tablename__ = "item_plan"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    item_id: Of = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    minutes: Number
    guests: Annotated[list[str], goes(erased.guests, Words.TYPED)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    chair_note: Said | None = None
    deferred_because: Said | None = None
    deferred_until: Day | None = None
    meanwhile: Said | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class AgendaRow(Row, table=True):
    """One version of the order of an agenda: the numbers of its items. Append-only."""

    __tablename__ = "agenda"
    rows = apart()
    __table_args__ = (UniqueConstraint("conference_id", "version"),)
    id: Key | None = Field(default=None, primary_key=True)
    conference_id: Of = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    version: Number
    items: Annotated[list[int], stays("the order of an agenda, by number")] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    by: By
    at: At = Field(sa_type=UtcInstant)


class ItemShownRow(Row, table=True):
    """A change of the room's screen; no item is a break. Append-only."""

    __tablename__ = "item_shown"
    rows = apart()
    __table_args__ = (UniqueConstraint("conference_id", "number"),)
    id: Key | None = Field(default=None, primary_key=True)
    conference_id: Of = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    number: Number
    item: Number | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class RoomScreenRow(Row, table=True):
    """A setting of a room's screen: its account, if one shows it, and its content. Append-only."""

    __tablename__ = "room_screen"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    conference_id: Of = Field(
        sa_column=Column(ForeignKey("conference_record.id"), nullable=False, index=True)
    )
    account: By | None = Field(default=None, index=True)
    shows: Choice
    by: By
    at: At = Field(sa_type=UtcInstant)


class AttendanceRow(Row, table=True):
    """An arrival, a departure, apologies, a written contribution or signed conditions. Append-only."""

    __tablename__ = "attendance"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    conference_id: Of = Field(
        sa_column=Column(ForeignKey("conference_record.id"), nullable=False, index=True)
    )
    act: Choice
    user_name: By | None = None
    name: ApartTyped[str] | None = None
    agency: Whose | None = None
    is_observer: Flag
    happened_at: At = Field(sa_type=UtcInstant)
    by: By
    at: At = Field(sa_type=UtcInstant)


class DecisionInConferenceRow(Row, table=True):
    """A decision that was recorded in an item of a conference, and what its quorum missed. Append-only."""

    __tablename__ = "decision_in_conference"
    rows = case("decision_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    decision_id: Of = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, unique=True))
    item_id: Of = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    missing: Annotated[list[str], stays("which seats a quorum missed: names of seats, and of no person")] = (
        Field(sa_column=Column(DOCUMENT, nullable=False))
    )


class DecisionQuorumRow(Row, table=True):
    """The quorum of a decision that is in no item of a conference, as what it missed. Append-only.

    ``conference_id`` is the conference over which its chair presided, if one was in session.
    """

    __tablename__ = "decision_quorum"
    rows = case("decision_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    decision_id: Of = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, unique=True))
    conference_id: Of | None = Field(
        sa_column=Column(ForeignKey("conference_record.id"), nullable=True, index=True)
    )
    missing: Annotated[list[str], stays("which seats a quorum missed: names of seats, and of no person")] = (
        Field(sa_column=Column(DOCUMENT, nullable=False))
    )


class ItemTimerRow(Row, table=True):
    """A state of an item's timer: running towards an end, or stopped. Append-only; the newest applies."""

    __tablename__ = "item_timer"
    rows = case("item_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    item_id: Of = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    ends_at: At | None = Field(default=None, sa_type=UtcInstant)
    seconds_left: Annotated[float, stays("a time on a clock")] | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class DissentEntryRow(Row, table=True):
    """An agency's own entry of its dissent; without reasons it confirms what was noted. Append-only.

    ``states_none``: it has no dissent; not recorded in rows before that was asked. ``is_aloud``: who presides
    recorded that it was asked aloud.
    """

    __tablename__ = "dissent_entry"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    decision_id: Of = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: Whose
    reasons: Said | None = None
    states_none: Flag | None = None
    is_aloud: Flag | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class RemarkRow(Row, table=True):
    """A remark about a case in the room; without an agency it is a note of the minute taker. Append-only."""

    __tablename__ = "remark"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    item_id: Of = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: Whose | None = None
    text: Said
    source: Said | None = None
    nature: Choice | None = None
    grade: Choice | None = None
    audience: Choice | None = None
    agencies: Refs = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)


class RemarkStepRow(Row, table=True):
    """The release of a remark by a person of its agency, or its discarding. Append-only."""

    __tablename__ = "remark_step"
    rows = case("remark_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    remark_id: Of = Field(sa_column=Column(ForeignKey("remark.id"), nullable=False, unique=True))
    act: Choice
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimWordsRow(Row, table=True):
    """The victim's words for a case conference; without an agency they were noted. Append-only."""

    __tablename__ = "victim_words"
    rows = agencys(of_desk=True)
    __table_args__ = (UniqueConstraint("involvement_id", "number"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    item_id: Of | None = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=True, index=True))
    number: Number
    agency: Whose | None = None
    content: Annotated[dict[str, object], goes(erased.VICTIM_WORDS, Words.BY_USE_CASE)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimWordsConfirmedRow(Row, table=True):
    """An advocate's confirmation of what was noted, and the agencies to share it with. Append-only."""

    __tablename__ = "victim_words_confirmed"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    victim_words_id: Of = Field(sa_column=Column(ForeignKey("victim_words.id"), nullable=False, unique=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    with_whom: Refs = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimWordsWithdrawnRow(Row, table=True):
    """The withdrawal of the victim's words by the victim's advocate. Append-only."""

    __tablename__ = "victim_words_withdrawn"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    victim_words_id: Of = Field(sa_column=Column(ForeignKey("victim_words.id"), nullable=False, unique=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    by: By
    at: At = Field(sa_type=UtcInstant)
