"""Text that a person is typing and has not recorded, sealed. Joined to nothing; in no list and no search."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import WithRow, deleted
from engine.store.tables.base import Row, UtcInstant


class DraftRow(Row, table=True):
    """One person's draft of one form about one case: all its fields, sealed as one content.

    Without content it says only that what was sent before ``saved_at`` comes too late.
    """

    __tablename__ = "draft"
    rows = deleted(
        "destroyed with the part of the case that it was typed for",
        uncovered="what a person is typing: not yet part of the record",
    )
    __table_args__ = (UniqueConstraint("user_name", "role", "agency", "form", "involvement_ref"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    user_name: WithRow[str]
    role: WithRow[str]
    agency: WithRow[str]
    form: WithRow[str]
    involvement_ref: WithRow[str] = Field(index=True)
    generation: WithRow[int]
    content: WithRow[bytes] | None = Field(default=None, sa_type=LargeBinary)
    saved_at: WithRow[datetime] = Field(sa_type=UtcInstant, index=True)
