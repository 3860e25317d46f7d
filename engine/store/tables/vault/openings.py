"""The life of the vault's keys, and who opened what: only ids and kinds, never a value. Append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import Apart, At, By, Choice, Flag, Key, Of, Ref, Task, Text, Whose, apart, case
from engine.store.tables.base import Row, UtcInstant


class VaultStepRow(Row, table=True):
    """A step in the life of the keys: older rows sealed, a rotation begun or done."""

    __tablename__ = "vault_step"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    step: Apart[str]
    key_name: Apart[str] | None = None
    row_count: Apart[int] | None = None
    at: Apart[datetime] = Field(sa_type=UtcInstant)


class SafeContactOfficerRow(Row, table=True):
    """The chair named the safe-contact officer of a case; the newest holds."""

    __tablename__ = "safe_contact_officer"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: By
    by: By
    at: At = Field(sa_type=UtcInstant)


class OpeningAskRow(Row, table=True):
    """A person's request to open one item for one task."""

    __tablename__ = "opening_ask"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    item_ref: Ref
    kind: Choice
    user_name: By
    agency: Whose | None = None
    task: Task
    why: Text
    at: At = Field(sa_type=UtcInstant)
    lapses_at: At = Field(sa_type=UtcInstant, index=True)


class OpeningWordRow(Row, table=True):
    """An approval of a request, or its withdrawal; of the one who asked, the withdrawal of the request."""

    __tablename__ = "opening_word"
    rows = case("opening_ask_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    opening_ask_id: Of = Field(sa_column=Column(ForeignKey("opening_ask.id"), nullable=False, index=True))
    user_name: By
    agency: Whose | None = None
    agrees: Flag
    at: At = Field(sa_type=UtcInstant)


class OpeningRow(Row, table=True):
    """One item was opened to one person until a time. An ask serves one opening."""

    __tablename__ = "opening"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    item_ref: Ref
    kind: Choice
    user_name: By = Field(index=True)
    agency: Whose | None = None
    basis: Choice
    opening_ask_id: Of | None = Field(
        default=None, sa_column=Column(ForeignKey("opening_ask.id"), nullable=True, unique=True)
    )
    task: Task
    why: Text | None = None
    at: At = Field(sa_type=UtcInstant)
    until: At = Field(sa_type=UtcInstant)


class OpeningToldRow(Row, table=True):
    """Recipients of the notice of an opening, in the moment of opening."""

    __tablename__ = "opening_told"
    rows = case("opening_id.involvement_id")
    __table_args__ = (UniqueConstraint("opening_id", "user_name"),)
    id: Key | None = Field(default=None, primary_key=True)
    opening_id: Of = Field(sa_column=Column(ForeignKey("opening.id"), nullable=False))
    user_name: By = Field(index=True)
    at: At = Field(sa_type=UtcInstant)
