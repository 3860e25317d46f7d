"""Knowledge of a case at all: decisions on restriction, declarations of connection, emergency access,
reviews.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from engine.store.fates import At, By, Choice, Flag, Key, Of, Ref, Said, Whose, case
from engine.store.tables.base import Row, UtcInstant


class RestrictionRow(Row, table=True):
    """A case was restricted, or that was lifted. Append-only; the episode carries its status."""

    __tablename__ = "restriction"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    because: Choice
    why: Said
    by: By
    at: At = Field(sa_type=UtcInstant)


class ConnectionRow(Row, table=True):
    """A declaration that a person is, or is not, connected to a party of a case. Append-only.

    The newest applies.
    """

    __tablename__ = "connection"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: By = Field(index=True)
    is_connected: Flag
    said_by: By
    by: By
    why: Said | None = None
    at: At = Field(sa_type=UtcInstant)


class GlassBrokenRow(Row, table=True):
    """Emergency access to a case that was not open to the person. Append-only."""

    __tablename__ = "glass_broken"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: By = Field(index=True)
    agency: Whose | None = None
    why: Said
    at: At = Field(sa_type=UtcInstant)
    until: At = Field(sa_type=UtcInstant)


class GlassReviewRow(Row, table=True):
    """Another person's review of emergency access. Append-only; one for each."""

    __tablename__ = "glass_review"
    rows = case("glass_broken_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    glass_broken_id: Of = Field(sa_column=Column(ForeignKey("glass_broken.id"), nullable=False, unique=True))
    was_right: Flag
    why: Said
    by: By
    at: At = Field(sa_type=UtcInstant)


class RestrictedReasonRow(Row, table=True):
    """Reason why a person opened a restricted case, for one task of one day. Append-only."""

    __tablename__ = "restricted_reason"
    rows = case()
    __table_args__ = (Index(None, "user_name", "involvement_id"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: By
    purpose: Said
    why: Said
    at: At = Field(sa_type=UtcInstant)
