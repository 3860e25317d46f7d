"""Answers to the questions that a case's first alarm opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class AlarmQuestionRow(Row, table=True):
    """An answer to a question that a case's first alarm opens. Append-only: the newest applies."""

    __tablename__ = "alarm_question"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    question: str
    answer: str
    agency: str | None = None
    why: str | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)
