"""Acts of other cases of an alleged perpetrator, as they were shared with the panel of a case."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import At, By, Flag, Gone, InRole, Key, Of, Said, case
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class ActsSharedRow(Row, table=True):
    """A step of sharing with a panel, or a withdrawal. A withdrawal and an erased step have no content.

    The content has counts, kinds and dates, and names no case, no record and no person.
    """

    __tablename__ = "acts_shared"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    is_shared: Flag
    content: Gone[dict[str, object]] | None = Field(default=None, sa_column=Column(DOCUMENT))
    role: InRole
    why: Said
    by: By
    at: At = Field(sa_type=UtcInstant)
