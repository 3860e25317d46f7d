"""Acts of other cases of an alleged perpetrator, as they were shared with the panel of a case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class ActsSharedRow(Row, table=True):
    """A step of sharing with a panel, or a withdrawal. A withdrawal and an erased step have no content.

    The content has counts, kinds and dates, and names no case, no record and no person.
    """

    __tablename__ = "acts_shared"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    is_shared: bool
    content: dict[str, object] | None = Field(default=None, sa_column=Column(DOCUMENT))
    role: str
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
