"""Networks that people imported for themselves. What is in them, and their terms, are sealed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class ImportedNetworkRow(Row, table=True):
    """One network, or the files that it will be made of. Deleted on its date, with the key of its file."""

    __tablename__ = "imported_network"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    user_name: str = Field(index=True)
    is_ready: bool
    delete_on: date = Field(index=True)
    content: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcInstant)
