"""The life of the vault's keys, and who opened what: only ids and kinds, never a value. Append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class VaultStepRow(Row, table=True):
    """A step in the life of the keys: older rows sealed, a rotation begun or done."""

    __tablename__ = "vault_step"
    id: int | None = Field(default=None, primary_key=True)
    step: str
    key_name: str | None = None
    row_count: int | None = None
    at: datetime = Field(sa_type=UtcInstant)


class SafeContactOfficerRow(Row, table=True):
    """The chair named the safe-contact officer of a case; the newest holds."""

    __tablename__ = "safe_contact_officer"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class OpeningAskRow(Row, table=True):
    """A person's request to open one item for one task."""

    __tablename__ = "opening_ask"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    item_ref: str
    kind: str
    user_name: str
    agency: str | None = None
    task: str
    why: str
    at: datetime = Field(sa_type=UtcInstant)
    lapses_at: datetime = Field(sa_type=UtcInstant, index=True)


class OpeningWordRow(Row, table=True):
    """An approval of a request, or its withdrawal; of the one who asked, the withdrawal of the request."""

    __tablename__ = "opening_word"
    id: int | None = Field(default=None, primary_key=True)
    opening_ask_id: int = Field(sa_column=Column(ForeignKey("opening_ask.id"), nullable=False, index=True))
    user_name: str
    agency: str | None = None
    agrees: bool
    at: datetime = Field(sa_type=UtcInstant)


class OpeningRow(Row, table=True):
    """One item was opened to one person until a time. An ask serves one opening."""

    __tablename__ = "opening"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    item_ref: str
    kind: str
    user_name: str = Field(index=True)
    agency: str | None = None
    basis: str
    opening_ask_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("opening_ask.id"), nullable=True, unique=True)
    )
    task: str
    why: str | None = None
    at: datetime = Field(sa_type=UtcInstant)
    until: datetime = Field(sa_type=UtcInstant)


class OpeningToldRow(Row, table=True):
    """Recipients of the notice of an opening, in the moment of opening."""

    __tablename__ = "opening_told"
    __table_args__ = (UniqueConstraint("opening_id", "user_name"),)
    id: int | None = Field(default=None, primary_key=True)
    opening_id: int = Field(sa_column=Column(ForeignKey("opening.id"), nullable=False))
    user_name: str = Field(index=True)
    at: datetime = Field(sa_type=UtcInstant)
