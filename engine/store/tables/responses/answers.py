"""Requests to agencies and their answers, in append-only versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

import engine.store.tables.cases.incidents  # noqa: F401  an answer refers to a release class, which is there
from engine.store.tables.base import DOCUMENT, Row, UtcInstant

ANSWERED_AGAIN = "answer.version > 1 AND answer.prepared_version IS NULL"
"""The condition of an index of answers after the first of their request that release none: prepared
again, or written by hand. Beside them a prepared one may still wait.
"""


class RequestRow(Row, table=True):
    """One agency asked about one involvement, with a due time. "Overdue" is derived, never stored."""

    __tablename__ = "request"
    __table_args__ = (UniqueConstraint("involvement_id", "agency"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    agency: str = Field(index=True)
    asked_at: datetime = Field(sa_type=UtcInstant)
    due_at: datetime = Field(sa_type=UtcInstant)
    was_shown: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False))


class AnswerRow(Row, table=True):
    """One version of one agency's answer, prepared or released. Append-only."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("request_id", "version"),
        Index(
            "ix_answer_again",
            "request_id",
            sqlite_where=text(ANSWERED_AGAIN),
            postgresql_where=text(ANSWERED_AGAIN),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=Column(ForeignKey("request.id"), nullable=False))
    version: int
    stage: str
    kind: str
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    digest: str
    author: str
    plugin_version: str | None = None
    released_by: str | None = None
    prepared_version: int | None = None
    release_class_id: int | None = Field(default=None, sa_column=Column(ForeignKey("release_class.id")))
    at: datetime = Field(sa_type=UtcInstant)


class AnswerConfirmedRow(Row, table=True):
    """An equal answer adds no version, only the time at which it was confirmed."""

    __tablename__ = "answer_confirmed"
    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(sa_column=Column(ForeignKey("answer.id"), nullable=False, index=True))
    at: datetime = Field(sa_type=UtcInstant)
