"""Users, their means of proof, and sign-ins. No token or password is here: digests and hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import Row, UtcInstant


class SignInRow(Row, table=True):
    """One sign-in, in a browser or at the command, found by the digest of its token.

    ``keyed_check`` is over all that it grants: without it there is no sign-in.
    """

    __tablename__ = "sign_in"
    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    keyed_check: str | None = None
    user_name: str = Field(index=True)
    role: str
    agency: str | None = None
    way: str
    account: str | None = None
    task: str | None = None
    began_at: datetime = Field(sa_type=UtcInstant)
    lapses_at: datetime = Field(sa_type=UtcInstant)
    seen_at: datetime = Field(sa_type=UtcInstant)
    ended_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    ended_because: str | None = None


class LocalAccountRow(Row, table=True):
    """A user with a password of this installation; only its slow hash is stored."""

    __tablename__ = "local_account"
    id: int | None = Field(default=None, primary_key=True)
    user_name: str = Field(unique=True)
    password_hash: str
    must_change: bool
    changed_at: datetime = Field(sa_type=UtcInstant)


class ProviderSubjectRow(Row, table=True):
    """User represented by a provider's subject."""

    __tablename__ = "provider_subject"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: int | None = Field(default=None, primary_key=True)
    issuer: str
    subject: str
    user_name: str = Field(unique=True)
    at: datetime = Field(sa_type=UtcInstant)


class SignInAttemptRow(Row, table=True):
    """An attempt to sign in with a password under some name, which need not be a user's; stored for a day."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "name_digest", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    name_digest: str
    succeeded: bool
    at: datetime = Field(sa_type=UtcInstant)


class OneUseRow(Row, table=True):
    """One-time action of one signed-in user, within a minute or so: fetch a file,
    prove a name at a command. ``keyed_check`` as of a sign-in.
    """

    __tablename__ = "one_use"
    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    keyed_check: str | None = None
    kind: str
    subject: str | None = None
    user_name: str
    sign_in_id: int = Field(sa_column=Column(ForeignKey("sign_in.id"), nullable=False, index=True))
    lapses_at: datetime = Field(sa_type=UtcInstant, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class UserRow(Row, table=True):
    """A person who works with the record."""

    __tablename__ = "app_user"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    display_name: str
    role: str
    agency: str | None = Field(default=None, index=True)
    active: bool = True
    created_at: datetime = Field(sa_type=UtcInstant)
