"""Requests to agencies and their answers, in append-only versions."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

import engine.store.tables.cases.incidents  # noqa: F401  an answer refers to a release class, which is there
from engine.store import erased
from engine.store.fates import (
    At,
    By,
    Choice,
    Digest,
    Key,
    Number,
    Of,
    Part,
    Refs,
    Version,
    Whose,
    Words,
    agencys,
    goes,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant

ANSWERED_AGAIN = "answer.version > 1 AND answer.prepared_version IS NULL"
"""The condition of an index of answers after the first of their request that release none: prepared
again, or written by hand. Beside them a prepared one may still wait.
"""


class RequestRow(Row, table=True):
    """One agency asked about one involvement, with a due time. "Overdue" is derived, never stored."""

    __tablename__ = "request"
    rows = Part(of=("involvement_id",), agency="agency", history=False)
    __table_args__ = (UniqueConstraint("involvement_id", "agency"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    agency: Whose = Field(index=True)
    asked_at: At = Field(sa_type=UtcInstant)
    due_at: At = Field(sa_type=UtcInstant)
    was_shown: Refs = Field(sa_column=Column(DOCUMENT, nullable=False))


class AnswerRow(Row, table=True):
    """One version of one agency's answer, prepared or released. Append-only."""

    __tablename__ = "answer"
    rows = agencys("request_id.involvement_id", agency="request_id.agency", asked=True)
    __table_args__ = (
        UniqueConstraint("request_id", "version"),
        Index(
            "ix_answer_again",
            "request_id",
            sqlite_where=text(ANSWERED_AGAIN),
            postgresql_where=text(ANSWERED_AGAIN),
        ),
    )
    id: Key | None = Field(default=None, primary_key=True)
    request_id: Of = Field(sa_column=Column(ForeignKey("request.id"), nullable=False))
    version: Number
    stage: Choice
    kind: Choice
    content: Annotated[
        dict[str, object], goes(erased.answer, Words.BY_USE_CASE, left=("kind", *erased.GROUND))
    ] = Field(sa_column=Column(DOCUMENT, nullable=False))
    digest: Digest
    author: By
    plugin_version: Version | None = None
    released_by: By | None = None
    prepared_version: Number | None = None
    release_class_id: Of | None = Field(default=None, sa_column=Column(ForeignKey("release_class.id")))
    at: At = Field(sa_type=UtcInstant)


class AnswerConfirmedRow(Row, table=True):
    """An equal answer adds no version, only the time at which it was confirmed."""

    __tablename__ = "answer_confirmed"
    rows = agencys("answer_id.request_id.involvement_id", agency="answer_id.request_id.agency")
    id: Key | None = Field(default=None, primary_key=True)
    answer_id: Of = Field(sa_column=Column(ForeignKey("answer.id"), nullable=False, index=True))
    at: At = Field(sa_type=UtcInstant)
