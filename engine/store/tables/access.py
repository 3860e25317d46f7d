"""Knowledge of a case at all: decisions on restriction, declarations of connection, emergency access,
reviews.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class RestrictionRow(Row, table=True):
    """A case was restricted, or that was lifted. Append-only; the episode carries its status."""

    __tablename__ = "restriction"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    because: str
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class ConnectionRow(Row, table=True):
    """A declaration that a person is, or is not, connected to a party of a case. Append-only.

    The newest applies.
    """

    __tablename__ = "connection"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: str = Field(index=True)
    is_connected: bool
    said_by: str
    by: str
    why: str | None = None
    at: datetime = Field(sa_type=UtcInstant)


class GlassBrokenRow(Row, table=True):
    """Emergency access to a case that was not open to the person. Append-only."""

    __tablename__ = "glass_broken"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: str = Field(index=True)
    agency: str | None = None
    why: str
    at: datetime = Field(sa_type=UtcInstant)
    until: datetime = Field(sa_type=UtcInstant)


class GlassReviewRow(Row, table=True):
    """Another person's review of emergency access. Append-only; one for each."""

    __tablename__ = "glass_review"
    id: int | None = Field(default=None, primary_key=True)
    glass_broken_id: int = Field(sa_column=Column(ForeignKey("glass_broken.id"), nullable=False, unique=True))
    was_right: bool
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class RestrictedReasonRow(Row, table=True):
    """Reason why a person opened a restricted case, for one task of one day. Append-only."""

    __tablename__ = "restricted_reason"
    __table_args__ = (Index(None, "user_name", "involvement_id"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: str
    purpose: str
    why: str
    at: datetime = Field(sa_type=UtcInstant)
