"""Text that a person is typing and has not recorded, sealed. Joined to nothing; in no list and no search."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class DraftRow(Row, table=True):
    """One person's draft of one form about one case: all its fields, sealed as one content.

    Without content it says only that what was sent before ``saved_at`` comes too late.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_name", "role", "agency", "form", "involvement_ref"),)
    id: int | None = Field(default=None, primary_key=True)
    user_name: str
    role: str
    agency: str
    form: str
    involvement_ref: str = Field(index=True)
    generation: int
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    saved_at: datetime = Field(sa_type=UtcInstant, index=True)
