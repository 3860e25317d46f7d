"""The protected tables: details that locate a victim. Joined to nothing; reached by only one service."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class ProtectedValueRow(Row, table=True):
    """One protected value of one involvement. ``digest`` is keyed; the key is never in the database."""

    __tablename__ = "protected_value"
    __table_args__ = (Index(None, "involvement_ref", "kind"), Index(None, "kind", "digest"))
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_ref: str
    kind: str
    content: bytes = Field(sa_type=LargeBinary)
    digest: str
    told_by: str
    at: datetime = Field(sa_type=UtcInstant)


class ProtectedOriginalRow(Row, table=True):
    """An imported row as it came, for the coordinator: of a referral, or rejected and stored until purged."""

    __tablename__ = "protected_original"
    __table_args__ = (Index(None, "import_id", "row_number"),)
    id: int | None = Field(default=None, primary_key=True)
    import_id: int
    row_number: int
    involvement_ref: str | None = Field(default=None, index=True)
    is_rejected: bool = False
    column_name: str | None = None
    reason: str | None = None
    alarms: list[str] | None = Field(default=None, sa_column=Column(DOCUMENT))
    dealt_with_by: str | None = None
    content: bytes = Field(sa_type=LargeBinary)
    purge_after: datetime | None = Field(default=None, sa_type=UtcInstant, index=True)
    at: datetime = Field(sa_type=UtcInstant)


class TypedAnswerRow(Row, table=True):
    """One version of an agency's answer as a person typed it, sealed: only its writer reads it."""

    __tablename__ = "typed_answer"
    __table_args__ = (UniqueConstraint("involvement_ref", "agency", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_ref: str
    agency: str
    version: int
    by: str = Field(index=True)
    content: bytes = Field(sa_type=LargeBinary)


class SearchSentRow(Row, table=True):
    """A "seen before?" that was sent to the co-ordinator: what was typed in, and what it touched, sealed."""

    __tablename__ = "search_sent"
    __table_args__ = (Index(None, "user_name", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    user_name: str
    agency: str | None = None
    task: str
    content: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcInstant)
    looked_into_at: datetime | None = Field(default=None, sa_type=UtcInstant, index=True)
    dealt_with_by: str | None = None
    dealt_with_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    purge_after: datetime = Field(sa_type=UtcInstant)


class ProtectedNoteRow(Row, table=True):
    """A step of a protected note, sealed. The table and ``step`` leave out what notes are about.

    ``about`` is the note's own reference, ``owner`` whose part of the case it goes with.
    """

    __tablename__ = "protected_note"
    __table_args__ = (UniqueConstraint("about", "step", "agency"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    about: str = Field(index=True)
    involvement_ref: str = Field(index=True)
    step: str
    content: bytes = Field(sa_type=LargeBinary)
    agency: str = ""
    ground: str | None = None
    by: str = Field(index=True)
    owner: str
    at: datetime = Field(sa_type=UtcInstant)


class PlacesAskedRow(Row, table=True):
    """A record on why ``writer`` named many places of a case; the text sealed.

    ``newest`` is the number of the newest row of ``places_typed`` that it is about.
    """

    __tablename__ = "places_asked"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_ref: str = Field(index=True)
    writer: str
    asked: str
    asked_on: date
    found: str
    newest: int
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    by: str = Field(index=True)
    owner: str
    at: datetime = Field(sa_type=UtcInstant, index=True)
