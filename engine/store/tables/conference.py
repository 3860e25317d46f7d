"""Decisions of case conferences, judgements and dissent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class DecisionRow(Row, table=True):
    """One decision of one conference, with the versions of answers that it saw. Append-only.

    ``writers`` are by place the authors of texts that an amendment left as they were.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("involvement_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    version: int
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    saw: dict[str, int] = Field(sa_column=Column(DOCUMENT, nullable=False))
    not_seen: dict[str, str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    review_on: date | None = Field(default=None, index=True)
    writers: dict[str, str] | None = Field(default=None, sa_column=Column(DOCUMENT, nullable=True))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class JudgementRow(Row, table=True):
    """The panel's judgement of one domain, for counting; the reasons are in the decision. Append-only."""

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("decision_id", "domain"),)
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False))
    domain: str
    level: str
    valid_until: date | None = None


class DissentRow(Row, table=True):
    """An agency that disagreed with a decision. Append-only."""

    __tablename__ = "dissent"
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, index=True))
    agency: str
    who: str
    reasons: str


class ConferenceRecordRow(Row, table=True):
    """A conference of a panel. ``version`` goes up with each change of what a screen may show."""

    __tablename__ = "conference_record"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    held_on: date = Field(index=True)
    place: str | None = None
    chair: str
    deputy: str | None = None
    minute_taker: str | None = None
    statement: int
    version: int = 0
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class ConferenceStepRow(Row, table=True):
    """A state that a conference came into. Append-only; the newest applies."""

    __tablename__ = "conference_step"
    __table_args__ = (UniqueConstraint("conference_id", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    state: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class AgendaItemRow(Row, table=True):
    """A case that came on an agenda; ``number`` is its own, not its place. Append-only."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("conference_id", "number"),
        UniqueConstraint("conference_id", "involvement_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    number: int
    part: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class ItemPlanRow(Row, table=True):
    """One plan of an item. Append-only; the newest applies."""

    __tablename__ = "item_plan"
    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    minutes: int
    guests: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    chair_note: str | None = None
    deferred_because: str | None = None
    deferred_until: date | None = None
    meanwhile: str | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class AgendaRow(Row, table=True):
    """One version of the order of an agenda: the numbers of its items. Append-only."""

    __tablename__ = "agenda"
    __table_args__ = (UniqueConstraint("conference_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    version: int
    items: list[int] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class ItemShownRow(Row, table=True):
    """A change of the room's screen; no item is a break. Append-only."""

    __tablename__ = "item_shown"
    __table_args__ = (UniqueConstraint("conference_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    number: int
    item: int | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class RoomScreenRow(Row, table=True):
    """A setting of a room's screen: its account, if one shows it, and its content. Append-only."""

    __tablename__ = "room_screen"
    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(
        sa_column=Column(ForeignKey("conference_record.id"), nullable=False, index=True)
    )
    account: str | None = Field(default=None, index=True)
    shows: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class AttendanceRow(Row, table=True):
    """An arrival, a departure, apologies, a written contribution or signed conditions. Append-only."""

    __tablename__ = "attendance"
    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(
        sa_column=Column(ForeignKey("conference_record.id"), nullable=False, index=True)
    )
    act: str
    user_name: str | None = None
    name: str | None = None
    agency: str | None = None
    is_observer: bool
    happened_at: datetime = Field(sa_type=UtcInstant)
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class DecisionInConferenceRow(Row, table=True):
    """A decision that was recorded in an item of a conference, and what its quorum missed. Append-only."""

    __tablename__ = "decision_in_conference"
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, unique=True))
    item_id: int = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    missing: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))


class DecisionQuorumRow(Row, table=True):
    """The quorum of a decision that is in no item of a conference, as what it missed. Append-only.

    ``conference_id`` is the conference over which its chair presided, if one was in session.
    """

    __tablename__ = "decision_quorum"
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, unique=True))
    conference_id: int | None = Field(
        sa_column=Column(ForeignKey("conference_record.id"), nullable=True, index=True)
    )
    missing: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))


class ItemTimerRow(Row, table=True):
    """A state of an item's timer: running towards an end, or stopped. Append-only; the newest applies."""

    __tablename__ = "item_timer"
    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    ends_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    seconds_left: float | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class DissentEntryRow(Row, table=True):
    """An agency's own entry of its dissent; without reasons it confirms what was noted. Append-only.

    ``states_none``: the agency stated that it has no dissent; not recorded in rows before that was asked.
    """

    __tablename__ = "dissent_entry"
    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(sa_column=Column(ForeignKey("decision.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: str
    reasons: str | None = None
    states_none: bool | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class RemarkRow(Row, table=True):
    """A remark about a case in the room; without an agency it is a note of the minute taker. Append-only."""

    __tablename__ = "remark"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    item_id: int = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: str | None = None
    text: str
    source: str | None = None
    nature: str | None = None
    grade: str | None = None
    audience: str | None = None
    agencies: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class RemarkStepRow(Row, table=True):
    """The release of a remark by a person of its agency, or its discarding. Append-only."""

    __tablename__ = "remark_step"
    id: int | None = Field(default=None, primary_key=True)
    remark_id: int = Field(sa_column=Column(ForeignKey("remark.id"), nullable=False, unique=True))
    act: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class MinutesStepRow(Row, table=True):
    """A phase that minutes came into. Append-only; the newest applies."""

    __tablename__ = "minutes_step"
    __table_args__ = (UniqueConstraint("conference_id", "phase"),)
    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    phase: str
    until: date | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class MinutesCorrectionRow(Row, table=True):
    """A correction of an item that an attendee proposed, and the heading that it is about. Append-only."""

    __tablename__ = "minutes_correction"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    item_id: int = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    heading: str | None = None
    says: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class MinutesCorrectionAnswerRow(Row, table=True):
    """The chair's answer to a proposed correction. Append-only."""

    __tablename__ = "minutes_correction_answer"
    id: int | None = Field(default=None, primary_key=True)
    correction_id: int = Field(
        sa_column=Column(ForeignKey("minutes_correction.id"), nullable=False, unique=True)
    )
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    accepted: bool
    why: str | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class MinutesCopyRow(Row, table=True):
    """One recipient's copy of agreed minutes, without its items. Append-only."""

    __tablename__ = "minutes_copy"
    __table_args__ = (UniqueConstraint("conference_id", "user_name"),)
    id: int | None = Field(default=None, primary_key=True)
    conference_id: int = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    user_name: str
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    digest: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class MinutesCopyItemRow(Row, table=True):
    """One item of one recipient's copy of agreed minutes. Append-only."""

    __tablename__ = "minutes_copy_item"
    __table_args__ = (UniqueConstraint("copy_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    copy_id: int = Field(sa_column=Column(ForeignKey("minutes_copy.id"), nullable=False))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    number: int
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))


class VictimWordsRow(Row, table=True):
    """The victim's words for a case conference; without an agency they were noted. Append-only."""

    __tablename__ = "victim_words"
    __table_args__ = (UniqueConstraint("involvement_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    item_id: int | None = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=True, index=True))
    number: int
    agency: str | None = None
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class VictimWordsConfirmedRow(Row, table=True):
    """An advocate's confirmation of what was noted, and the agencies to share it with. Append-only."""

    __tablename__ = "victim_words_confirmed"
    id: int | None = Field(default=None, primary_key=True)
    victim_words_id: int = Field(sa_column=Column(ForeignKey("victim_words.id"), nullable=False, unique=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    with_whom: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class VictimWordsWithdrawnRow(Row, table=True):
    """The withdrawal of the victim's words by the victim's advocate. Append-only."""

    __tablename__ = "victim_words_withdrawn"
    id: int | None = Field(default=None, primary_key=True)
    victim_words_id: int = Field(sa_column=Column(ForeignKey("victim_words.id"), nullable=False, unique=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    by: str
    at: datetime = Field(sa_type=UtcInstant)
