"""Maps of links and marks on findings: places of nodes by user, saved and exported maps. No values."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import (
    Asked,
    At,
    By,
    Choice,
    Gone,
    InRole,
    Key,
    Number,
    Ref,
    Said,
    Whose,
    WithRow,
    Words,
    apart,
    deleted,
    goes,
    stays,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class LinkMapPlacesRow(Row, table=True):
    """Places of the nodes round one middle on one person's screen."""

    __tablename__ = "link_map_places"
    rows = deleted("deleted where it is about the case", uncovered="where a user moved items in a picture")
    __table_args__ = (UniqueConstraint("user_name", "middle"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    user_name: WithRow[str]
    middle: WithRow[str]
    places: WithRow[dict[str, list[float]]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    at: WithRow[datetime] = Field(sa_type=UtcInstant)
    drawn_at: WithRow[datetime] | None = Field(default=None, sa_type=UtcInstant, nullable=True)
    """The last drawing on the Links page; None if there was none, only the picture of a case."""


class SavedLinkMapRow(Row, table=True):
    """Settings of a map, under a name of its owner's own."""

    __tablename__ = "saved_link_map"
    rows = deleted("deleted where it is about the case", uncovered="a user's own convenience")
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    ref: WithRow[str] = Field(unique=True)
    user_name: WithRow[str] = Field(index=True)
    name: Annotated[str, stays("it goes with its row", Words.OF_NO_CASE)]
    asked: WithRow[dict[str, object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    notes: Annotated[dict[str, object], stays("it goes with its row", Words.OF_NO_CASE)] | None = Field(
        default=None, sa_column=Column(DOCUMENT, nullable=True)
    )
    at: WithRow[datetime] = Field(sa_type=UtcInstant)


class FindingMarkRow(Row, table=True):
    """A user's mark on a finding of a pattern. Append-only: a changed one is another row."""

    __tablename__ = "finding_mark"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    user_name: By
    pattern: Choice = Field(index=True)
    subject: Annotated[list[list[int | str]], goes(erased.no_entries)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    """Of each person every node that was one with them, so that another viewer's first record finds them; of
    a thing its reference, because the number of a deleted thing may be given again.
    """
    reason: Gone[str] | None
    """By its code; None: the mark was removed, or erased."""
    at: At = Field(sa_type=UtcInstant)


class LinkMapExportRow(Row, table=True):
    """A map or a path that a user exported as a file, and why. Append-only."""

    __tablename__ = "link_map_export"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    user_name: By = Field(index=True)
    middle: Ref
    asked: Asked = Field(sa_column=Column(DOCUMENT, nullable=False))
    notes: Annotated[dict[str, object], goes(erased.map_notes, Words.TYPED)] | None = Field(
        default=None, sa_column=Column(DOCUMENT, nullable=True)
    )
    form: Choice
    nodes: Number
    links: Number
    why: Said
    at: At = Field(sa_type=UtcInstant)


class LinkShareRow(Row, table=True):
    """A step of sharing a saved search or map with another user. Append-only: the newest applies."""

    __tablename__ = "link_share"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    item: Ref = Field(index=True)
    act: Choice
    owner: By = Field(index=True)
    owner_role: InRole
    """The owner's role and agency at that moment: a share ends when either changes."""
    owner_agency: Whose | None
    recipient: By = Field(index=True)
    at: At = Field(sa_type=UtcInstant)
