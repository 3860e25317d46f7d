"""Requests of people for what is held about them, and their steps. Append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class AccessRequestRow(Row, table=True):
    """A request by a person as they named themselves, and the person records that are theirs."""

    __tablename__ = "access_request"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    asked_by: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    persons: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    involvements: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    received_on: date
    due_on: date
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class AccessStepRow(Row, table=True):
    """One step of a request: what was recorded, notified, cleared, decided or released."""

    __tablename__ = "access_step"
    id: int | None = Field(default=None, primary_key=True)
    access_request_id: int = Field(
        sa_column=Column(ForeignKey("access_request.id"), nullable=False, index=True)
    )
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)
