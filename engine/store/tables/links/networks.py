"""Networks that people imported for themselves. What is in them, and their terms, are sealed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from engine.store.fates import Apart, Key, apart
from engine.store.tables.base import Row, UtcInstant


class ImportedNetworkRow(Row, table=True):
    """One network, or the files that it will be made of. Deleted on its date, with the key of its file."""

    __tablename__ = "imported_network"
    rows = apart(
        history=False, uncovered="a user's own, apart from the record: sealed, and deleted on its date"
    )
    id: Key | None = Field(default=None, primary_key=True)
    ref: Apart[str] = Field(unique=True)
    user_name: Apart[str] = Field(index=True)
    is_ready: Apart[bool]
    delete_on: Apart[date] = Field(index=True)
    content: Apart[bytes] = Field(sa_type=LargeBinary)
    at: Apart[datetime] = Field(sa_type=UtcInstant)
