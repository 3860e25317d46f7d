"""Maps of links: where nodes lie for whom, what was saved, what was taken out. References, no values."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class LinkMapPlacesRow(Row, table=True):
    """Where the nodes round one middle lie on one person's screen."""

    __tablename__ = "link_map_places"
    __table_args__ = (UniqueConstraint("user_name", "middle"),)
    id: int | None = Field(default=None, primary_key=True)
    user_name: str
    middle: str
    places: dict[str, list[float]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    at: datetime = Field(sa_type=UtcInstant)


class SavedLinkMapRow(Row, table=True):
    """What a map was asked to show, under a name of its owner's own."""

    __tablename__ = "saved_link_map"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    user_name: str = Field(index=True)
    name: str
    asked: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    at: datetime = Field(sa_type=UtcInstant)


class LinkMapExportRow(Row, table=True):
    """A map that somebody took out as a file, and why. Append-only."""

    __tablename__ = "link_map_export"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    user_name: str = Field(index=True)
    middle: str
    asked: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    form: str
    nodes: int
    links: int
    why: str
    at: datetime = Field(sa_type=UtcInstant)
