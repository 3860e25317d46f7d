"""Release rules of what agencies answered, and the ledger of what was shared and refused. Append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class ItemRuleRow(Row, table=True):
    """An owner's rule on one item of its answer, or on the whole of it; the newest holds."""

    __tablename__ = "item_rule"
    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=Column(ForeignKey("request.id"), nullable=False, index=True))
    item: str
    release_class_id: int = Field(sa_column=Column(ForeignKey("release_class.id"), nullable=False))
    grounds: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    narrowed_by_plugin: str | None = None
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class LedgerRow(Row, table=True):
    """A line of the ledger: keys of items, with whom, on which basis, by whom; never their text."""

    __tablename__ = "ledger"
    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=Column(ForeignKey("request.id"), nullable=False, index=True))
    version: int | None = None
    act: str
    items: list[dict[str, object]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    whom: str
    grounds: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    why: str | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)
