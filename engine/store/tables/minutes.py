"""Minutes of conferences: their phases, proposed corrections, and agreed copies."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

import engine.store.tables.conference  # noqa: F401  minutes refer to a conference and to its items
from engine.store import erased
from engine.store.fates import (
    At,
    By,
    Choice,
    Day,
    Digest,
    Flag,
    Key,
    Number,
    Of,
    Ref,
    Said,
    Words,
    apart,
    case,
    goes,
    stays,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class MinutesStepRow(Row, table=True):
    """A phase that minutes came into. Append-only; the newest applies."""

    __tablename__ = "minutes_step"
    rows = apart()
    __table_args__ = (UniqueConstraint("conference_id", "phase"),)
    id: Key | None = Field(default=None, primary_key=True)
    conference_id: Of = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    phase: Choice
    until: Day | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class MinutesCorrectionRow(Row, table=True):
    """A correction of an item that an attendee proposed, and the heading that it is about. Append-only."""

    __tablename__ = "minutes_correction"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    item_id: Of = Field(sa_column=Column(ForeignKey("agenda_item.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    heading: Choice | None = None
    says: Said
    by: By
    at: At = Field(sa_type=UtcInstant)


class MinutesCorrectionAnswerRow(Row, table=True):
    """The chair's answer to a proposed correction. Append-only."""

    __tablename__ = "minutes_correction_answer"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    correction_id: Of = Field(
        sa_column=Column(ForeignKey("minutes_correction.id"), nullable=False, unique=True)
    )
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    accepted: Flag
    why: Said | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class MinutesCopyRow(Row, table=True):
    """One recipient's copy of agreed minutes, without its items. Append-only."""

    __tablename__ = "minutes_copy"
    rows = apart()
    __table_args__ = (UniqueConstraint("conference_id", "user_name"),)
    id: Key | None = Field(default=None, primary_key=True)
    conference_id: Of = Field(sa_column=Column(ForeignKey("conference_record.id"), nullable=False))
    user_name: By
    content: Annotated[
        dict[str, object],
        stays(
            "the head of the minutes: who took part, and when; its items are rows of their own", Words.COPIED
        ),
    ] = Field(sa_column=Column(DOCUMENT, nullable=False))
    digest: Digest
    by: By
    at: At = Field(sa_type=UtcInstant)


class MinutesCopyItemRow(Row, table=True):
    """One item of one recipient's copy of agreed minutes. Append-only."""

    __tablename__ = "minutes_copy_item"
    rows = case()
    __table_args__ = (UniqueConstraint("copy_id", "number"),)
    id: Key | None = Field(default=None, primary_key=True)
    copy_id: Of = Field(sa_column=Column(ForeignKey("minutes_copy.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    number: Number
    content: Annotated[dict[str, object], goes(erased.MINUTED, Words.COPIED)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
