"""Files of referrals that were imported."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class ImportRow(Row, table=True):
    """One imported file: its digest and counts. A file's name may hold a person's, so it is not stored."""

    __tablename__ = "import_file"
    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(index=True)
    accepted: int
    corrected: int
    unchanged: int
    rejected: int
    by: str
    at: datetime = Field(sa_type=UtcInstant)
