"""The protected tables: details that locate a victim. Joined to nothing; reached by only one service."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import (
    Apart,
    At,
    By,
    Choice,
    Day,
    Gone,
    Key,
    Number,
    Ref,
    SourceWithRow,
    Whose,
    WithRow,
    apart,
    deleted,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class ProtectedValueRow(Row, table=True):
    """One protected value of one involvement. ``digest`` is keyed; the key is never in the database."""

    __tablename__ = "protected_value"
    rows = deleted("deleted with the part of its owner")
    __table_args__ = (Index(None, "involvement_ref", "kind"), Index(None, "kind", "digest"))
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    ref: WithRow[str] = Field(unique=True)
    involvement_ref: WithRow[str]
    kind: WithRow[str]
    content: WithRow[bytes] = Field(sa_type=LargeBinary)
    digest: WithRow[str]
    told_by: WithRow[str]
    at: WithRow[datetime] = Field(sa_type=UtcInstant)


class ProtectedOriginalRow(Row, table=True):
    """An imported row as it came, for the coordinator: of a referral, or rejected and stored until purged."""

    __tablename__ = "protected_original"
    rows = deleted("deleted with the part of the case of the coordinator and the chair")
    __table_args__ = (Index(None, "import_id", "row_number"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    import_id: WithRow[int]
    row_number: WithRow[int]
    involvement_ref: WithRow[str] | None = Field(default=None, index=True)
    is_rejected: WithRow[bool] = False
    column_name: SourceWithRow[str] | None = None
    reason: SourceWithRow[str] | None = None
    alarms: SourceWithRow[list[str]] | None = Field(default=None, sa_column=Column(DOCUMENT))
    dealt_with_by: WithRow[str] | None = None
    content: WithRow[bytes] = Field(sa_type=LargeBinary)
    purge_after: WithRow[datetime] | None = Field(default=None, sa_type=UtcInstant, index=True)
    at: WithRow[datetime] = Field(sa_type=UtcInstant)


class TypedAnswerRow(Row, table=True):
    """One version of an agency's answer as a person typed it, sealed: only its writer reads it."""

    __tablename__ = "typed_answer"
    rows = deleted("deleted with the part of its owner")
    __table_args__ = (UniqueConstraint("involvement_ref", "agency", "version"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    involvement_ref: WithRow[str]
    agency: WithRow[str]
    version: WithRow[int]
    by: WithRow[str] = Field(index=True)
    content: WithRow[bytes] = Field(sa_type=LargeBinary)


class SearchSentRow(Row, table=True):
    """A "seen before?" that was sent to the co-ordinator: what was typed in, and what it touched, sealed."""

    __tablename__ = "search_sent"
    rows = apart(history=False)
    __table_args__ = (Index(None, "user_name", "at"),)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Apart[str] = Field(unique=True)
    user_name: Apart[str]
    agency: Apart[str] | None = None
    task: Apart[str]
    content: Apart[bytes] = Field(sa_type=LargeBinary)
    at: Apart[datetime] = Field(sa_type=UtcInstant)
    looked_into_at: Apart[datetime] | None = Field(default=None, sa_type=UtcInstant, index=True)
    dealt_with_by: Apart[str] | None = None
    dealt_with_at: Apart[datetime] | None = Field(default=None, sa_type=UtcInstant)
    purge_after: Apart[datetime] = Field(sa_type=UtcInstant)


class ProtectedNoteRow(Row, table=True):
    """A step of a protected note, sealed. The table and ``step`` leave out what notes are about.

    ``about`` is the note's own reference, ``owner`` whose part of the case it goes with.
    """

    __tablename__ = "protected_note"
    rows = deleted("deleted with the part of its owner")
    __table_args__ = (UniqueConstraint("about", "step", "agency"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    ref: WithRow[str] = Field(unique=True)
    about: WithRow[str] = Field(index=True)
    involvement_ref: WithRow[str] = Field(index=True)
    step: WithRow[str]
    content: WithRow[bytes] = Field(sa_type=LargeBinary)
    agency: WithRow[str] = ""
    ground: WithRow[str] | None = None
    by: WithRow[str] = Field(index=True)
    owner: WithRow[str]
    at: WithRow[datetime] = Field(sa_type=UtcInstant)


class PlacesAskedRow(Row, table=True):
    """A record on why ``writer`` named many places of a case; the text sealed.

    ``newest`` is the number of the newest row of ``places_typed`` that it is about.
    """

    __tablename__ = "places_asked"
    rows = apart(history=False)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_ref: Ref = Field(index=True)
    writer: By
    asked: Choice
    asked_on: Day
    found: Choice
    newest: Number
    content: Gone[bytes] | None = Field(default=None, sa_type=LargeBinary)
    by: By = Field(index=True)
    owner: Whose
    at: At = Field(sa_type=UtcInstant, index=True)
