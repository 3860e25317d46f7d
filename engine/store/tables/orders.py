"""Orders that protect a victim."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class OrderRow(Row, table=True):
    """A protective order about an involvement's people. Recorded once orders can be recorded."""

    __tablename__ = "protective_order"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    kind: str
    status: str
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)
