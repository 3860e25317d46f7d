"""Person records as sources described them, what ties them to objects, and claims about roles."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import (
    At,
    Choice,
    Identity,
    Key,
    Of,
    Ref,
    SourceWithRow,
    Whose,
    WithRow,
    Words,
    case,
    deleted,
    goes,
    stays,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class PersonRecordRow(Row, table=True):
    """A person as one source described them; never re-pointed."""

    __tablename__ = "person_record"
    rows = case()
    __table_args__ = (Index(None, "surname_folded", "forename_folded", "born"),)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: Whose
    described: Annotated[dict[str, object], goes(erased.described, Words.IDENTITY)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    surname_folded: Identity[str] | None = None
    forename_folded: Identity[str] | None = None
    born: Identity[str] | None = None
    born_earliest: Identity[date] | None = None
    born_latest: Identity[date] | None = None
    created_at: At = Field(sa_type=UtcInstant)


class PersonIdentifierRow(Row, table=True):
    """A register's number for a person record, by which two records may be proposed as the same person.

    NHS numbers never come here: they are matched inside health's own answer.
    """

    __tablename__ = "person_identifier"
    rows = deleted("deleted with the people of the case", of="person_record_id.involvement_id")
    __table_args__ = (UniqueConstraint("person_record_id", "scheme", "value"), Index(None, "scheme", "value"))
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    person_record_id: WithRow[int] = Field(
        sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True)
    )
    scheme: WithRow[str]
    value: SourceWithRow[str]


class ThingRow(Row, table=True):
    """An object that a source ties to a person: phone, account, vehicle, device. Never a victim's own."""

    __tablename__ = "thing"
    rows = deleted("deleted with the last case that has it")
    __table_args__ = (UniqueConstraint("kind", "value"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    kind: WithRow[str]
    value: SourceWithRow[str]


class PlaceRow(Row, table=True):
    """A place that a source ties to an alleged perpetrator. A victim's places are protected instead."""

    __tablename__ = "place"
    rows = deleted("deleted with the last case that has it")
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    text: SourceWithRow[str] = Field(unique=True)


class PersonThingRow(Row, table=True):
    """A source's statement that this object is this person's."""

    __tablename__ = "person_thing"
    rows = deleted("deleted with the people of the case", of="person_record_id.involvement_id")
    __table_args__ = (Index(None, "thing_id", "person_record_id"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    person_record_id: WithRow[int] = Field(
        sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True)
    )
    thing_id: WithRow[int] | None = Field(default=None, sa_column=Column(ForeignKey("thing.id")))
    place_id: WithRow[int] | None = Field(default=None, sa_column=Column(ForeignKey("place.id"), index=True))
    told_by: WithRow[str]
    at: WithRow[datetime] = Field(sa_type=UtcInstant)


class RoleClaimRow(Row, table=True):
    """A source's claim that this person is perpetrator or victim; append-only."""

    __tablename__ = "role_claim"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    person_record_id: Of = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    role: Choice
    status: Choice
    asserted_by: Whose
    since: Annotated[str, stays("a date of the procedure")] | None = None
    at: At = Field(sa_type=UtcInstant)
