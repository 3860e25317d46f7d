"""Questions by people's associates that need a second person: requests, answers, uses."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import Asked, At, By, Flag, InRole, Key, Of, Ref, Said, Task, Whose, apart
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class AssociatesAskRow(Row, table=True):
    """A question that waits for a second person. Append-only."""

    __tablename__ = "associates_ask"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    user_name: By = Field(index=True)
    role: InRole
    """The role and agency of the person who asks, at that moment: another one ends the request."""
    agency: Whose | None = None
    question: Asked = Field(sa_column=Column(DOCUMENT, nullable=False))
    purpose: Task
    why: Said
    at: At = Field(sa_type=UtcInstant)
    lapses_at: At = Field(sa_type=UtcInstant, index=True)


class AssociatesWordRow(Row, table=True):
    """An approval or a refusal; of the person who asked, the withdrawal. Append-only."""

    __tablename__ = "associates_word"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    associates_ask_id: Of = Field(
        sa_column=Column(ForeignKey("associates_ask.id"), nullable=False, index=True)
    )
    user_name: By
    role: InRole
    agency: Whose | None = None
    agrees: Flag
    at: At = Field(sa_type=UtcInstant)


class AssociatesRunRow(Row, table=True):
    """The question was asked of the record: once for each request. Append-only."""

    __tablename__ = "associates_run"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    associates_ask_id: Of = Field(
        sa_column=Column(ForeignKey("associates_ask.id"), nullable=False, unique=True)
    )
    at: At = Field(sa_type=UtcInstant)
