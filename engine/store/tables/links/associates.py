"""Questions by people's associates that need a second person: requests, answers, uses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class AssociatesAskRow(Row, table=True):
    """A question that waits for a second person. Append-only."""

    __tablename__ = "associates_ask"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    user_name: str = Field(index=True)
    role: str
    """The role and agency of the person who asks, at that moment: another one ends the request."""
    agency: str | None = None
    question: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    purpose: str
    why: str
    at: datetime = Field(sa_type=UtcInstant)
    lapses_at: datetime = Field(sa_type=UtcInstant, index=True)


class AssociatesWordRow(Row, table=True):
    """An approval or a refusal; of the person who asked, the withdrawal. Append-only."""

    __tablename__ = "associates_word"
    id: int | None = Field(default=None, primary_key=True)
    associates_ask_id: int = Field(
        sa_column=Column(ForeignKey("associates_ask.id"), nullable=False, index=True)
    )
    user_name: str
    role: str
    agency: str | None = None
    agrees: bool
    at: datetime = Field(sa_type=UtcInstant)


class AssociatesRunRow(Row, table=True):
    """The question was asked of the record: once for each request. Append-only."""

    __tablename__ = "associates_run"
    id: int | None = Field(default=None, primary_key=True)
    associates_ask_id: int = Field(
        sa_column=Column(ForeignKey("associates_ask.id"), nullable=False, unique=True)
    )
    at: datetime = Field(sa_type=UtcInstant)
