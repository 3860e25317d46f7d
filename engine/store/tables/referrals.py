"""Files of referrals that were imported."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from engine.store.fates import Apart, Key, apart
from engine.store.tables.base import Row, UtcInstant


class ImportRow(Row, table=True):
    """One imported file: its digest and counts. A file's name may hold a person's, so it is not stored."""

    __tablename__ = "import_file"
    rows = apart(history=False)
    id: Key | None = Field(default=None, primary_key=True)
    digest: Apart[str] = Field(index=True)
    accepted: Apart[int]
    corrected: Apart[int]
    unchanged: Apart[int]
    rejected: Apart[int]
    by: Apart[str]
    at: Apart[datetime] = Field(sa_type=UtcInstant)
