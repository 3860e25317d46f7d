"""Maps of links and marks on findings: places of nodes by user, saved and exported maps. No values."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class LinkMapPlacesRow(Row, table=True):
    """Places of the nodes round one middle on one person's screen."""

    __tablename__ = "link_map_places"
    __table_args__ = (UniqueConstraint("user_name", "middle"),)
    id: int | None = Field(default=None, primary_key=True)
    user_name: str
    middle: str
    places: dict[str, list[float]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    at: datetime = Field(sa_type=UtcInstant)
    drawn_at: datetime | None = Field(default=None, sa_type=UtcInstant, nullable=True)
    """The last drawing on the Links page; None if there was none, only the picture of a case."""


class SavedLinkMapRow(Row, table=True):
    """Settings of a map, under a name of its owner's own."""

    __tablename__ = "saved_link_map"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    user_name: str = Field(index=True)
    name: str
    asked: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    notes: dict[str, object] | None = Field(default=None, sa_column=Column(DOCUMENT, nullable=True))
    at: datetime = Field(sa_type=UtcInstant)


class FindingMarkRow(Row, table=True):
    """A user's mark on a finding of a pattern. Append-only: a changed one is another row."""

    __tablename__ = "finding_mark"
    id: int | None = Field(default=None, primary_key=True)
    user_name: str
    pattern: str = Field(index=True)
    subject: list[list[int | str]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    """Of each person every node that was one with them, so that another viewer's first record finds them; of
    a thing its reference, because the number of a deleted thing may be given again.
    """
    reason: str | None
    """By its code; None: the mark was removed, or erased."""
    at: datetime = Field(sa_type=UtcInstant)


class LinkMapExportRow(Row, table=True):
    """A map or a path that a user exported as a file, and why. Append-only."""

    __tablename__ = "link_map_export"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    user_name: str = Field(index=True)
    middle: str
    asked: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    notes: dict[str, object] | None = Field(default=None, sa_column=Column(DOCUMENT, nullable=True))
    form: str
    nodes: int
    links: int
    why: str
    at: datetime = Field(sa_type=UtcInstant)


class LinkShareRow(Row, table=True):
    """A step of sharing a saved search or map with another user. Append-only: the newest applies."""

    __tablename__ = "link_share"
    id: int | None = Field(default=None, primary_key=True)
    item: str = Field(index=True)
    act: str
    owner: str = Field(index=True)
    owner_role: str
    """The owner's role and agency at that moment: a share ends when either changes."""
    owner_agency: str | None
    recipient: str = Field(index=True)
    at: datetime = Field(sa_type=UtcInstant)
