"""Person records as sources described them, what ties them to objects, and claims about roles."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class PersonRecordRow(Row, table=True):
    """A person as one source described them; never re-pointed."""

    __tablename__ = "person_record"
    __table_args__ = (Index(None, "surname_folded", "forename_folded", "born"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    owner: str
    described: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    surname_folded: str | None = None
    forename_folded: str | None = None
    born: str | None = None
    born_earliest: date | None = None
    born_latest: date | None = None
    created_at: datetime = Field(sa_type=UtcInstant)


class PersonIdentifierRow(Row, table=True):
    """A register's number for a person record, by which two records may be proposed as the same person.

    NHS numbers never come here: they are matched inside health's own answer.
    """

    __tablename__ = "person_identifier"
    __table_args__ = (UniqueConstraint("person_record_id", "scheme", "value"), Index(None, "scheme", "value"))
    id: int | None = Field(default=None, primary_key=True)
    person_record_id: int = Field(
        sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True)
    )
    scheme: str
    value: str


class ThingRow(Row, table=True):
    """An object that a source ties to a person: phone, account, vehicle, device. Never a victim's own."""

    __tablename__ = "thing"
    __table_args__ = (UniqueConstraint("kind", "value"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    value: str


class PlaceRow(Row, table=True):
    """A place that a source ties to an alleged perpetrator. A victim's places are protected instead."""

    __tablename__ = "place"
    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(unique=True)


class PersonThingRow(Row, table=True):
    """A source's statement that this object is this person's."""

    __tablename__ = "person_thing"
    __table_args__ = (Index(None, "thing_id", "person_record_id"),)
    id: int | None = Field(default=None, primary_key=True)
    person_record_id: int = Field(
        sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True)
    )
    thing_id: int | None = Field(default=None, sa_column=Column(ForeignKey("thing.id")))
    place_id: int | None = Field(default=None, sa_column=Column(ForeignKey("place.id"), index=True))
    told_by: str
    at: datetime = Field(sa_type=UtcInstant)


class RoleClaimRow(Row, table=True):
    """A source's claim that this person is perpetrator or victim; append-only."""

    __tablename__ = "role_claim"
    id: int | None = Field(default=None, primary_key=True)
    person_record_id: int = Field(
        sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True)
    )
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    role: str
    status: str
    asserted_by: str
    since: str | None = None
    at: datetime = Field(sa_type=UtcInstant)
