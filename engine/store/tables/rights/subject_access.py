"""Requests of people for what is held about them, and their steps. Append-only."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import At, By, Day, Key, Of, Ref, Words, apart, goes
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class AccessRequestRow(Row, table=True):
    """A request by a person as they named themselves, and the person records that are theirs."""

    __tablename__ = "access_request"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    asked_by: Annotated[dict[str, object], goes(erased.described, Words.OF_NO_CASE)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    persons: Annotated[list[str], goes(erased.no_entries)] = Field(sa_column=Column(DOCUMENT, nullable=False))
    involvements: Annotated[list[str], goes(erased.no_entries)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    received_on: Day
    due_on: Day
    by: By
    at: At = Field(sa_type=UtcInstant)


class AccessStepRow(Row, table=True):
    """One step of a request: what was recorded, notified, cleared, decided or released."""

    __tablename__ = "access_step"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    access_request_id: Of = Field(
        sa_column=Column(ForeignKey("access_request.id"), nullable=False, index=True)
    )
    content: Annotated[dict[str, object], goes(erased.access_step, Words.BY_USE_CASE)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    by: By
    at: At = Field(sa_type=UtcInstant)
