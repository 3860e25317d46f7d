"""Answers to the questions that a case's first alarm opens."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import At, By, Choice, Key, Of, Said, Whose, case
from engine.store.tables.base import Row, UtcInstant


class AlarmQuestionRow(Row, table=True):
    """An answer to a question that a case's first alarm opens. Append-only: the newest applies."""

    __tablename__ = "alarm_question"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    question: Choice
    answer: Choice
    agency: Whose | None = None
    why: Said | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)
