"""Users, their means of proof, and sign-ins. No token or password is here: digests and hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import Apart, ApartTyped, Key, apart
from engine.store.tables.base import Row, UtcInstant


class SignInRow(Row, table=True):
    """One sign-in, in a browser or at the command, found by the digest of its token.

    ``keyed_check`` is over all that it grants: without it there is no sign-in.
    """

    __tablename__ = "sign_in"
    rows = apart(history=False, uncovered="machinery: who is signed in, for some hours")
    id: Key | None = Field(default=None, primary_key=True)
    digest: Apart[str] = Field(unique=True)
    keyed_check: Apart[str] | None = None
    user_name: Apart[str] = Field(index=True)
    role: Apart[str]
    agency: Apart[str] | None = None
    way: Apart[str]
    account: Apart[str] | None = None
    task: Apart[str] | None = None
    began_at: Apart[datetime] = Field(sa_type=UtcInstant)
    lapses_at: Apart[datetime] = Field(sa_type=UtcInstant)
    seen_at: Apart[datetime] = Field(sa_type=UtcInstant)
    ended_at: Apart[datetime] | None = Field(default=None, sa_type=UtcInstant)
    ended_because: Apart[str] | None = None


class LocalAccountRow(Row, table=True):
    """A user with a password of this installation; only its slow hash is stored."""

    __tablename__ = "local_account"
    rows = apart(history=False)
    id: Key | None = Field(default=None, primary_key=True)
    user_name: Apart[str] = Field(unique=True)
    password_hash: Apart[str]
    must_change: Apart[bool]
    changed_at: Apart[datetime] = Field(sa_type=UtcInstant)


class ProviderSubjectRow(Row, table=True):
    """User represented by a provider's subject."""

    __tablename__ = "provider_subject"
    rows = apart(history=False)
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Key | None = Field(default=None, primary_key=True)
    issuer: Apart[str]
    subject: Apart[str]
    user_name: Apart[str] = Field(unique=True)
    at: Apart[datetime] = Field(sa_type=UtcInstant)


class SignInAttemptRow(Row, table=True):
    """An attempt to sign in with a password under some name, which need not be a user's; stored for a day."""

    __tablename__ = "sign_in_attempt"
    rows = apart(history=False, uncovered="machinery: counted and dropped")
    __table_args__ = (Index(None, "name_digest", "at"),)
    id: Key | None = Field(default=None, primary_key=True)
    name_digest: Apart[str]
    succeeded: Apart[bool]
    at: Apart[datetime] = Field(sa_type=UtcInstant)


class OneUseRow(Row, table=True):
    """One-time action of one signed-in user, within a minute or so: fetch a file,
    prove a name at a command. ``keyed_check`` as of a sign-in.
    """

    __tablename__ = "one_use"
    rows = apart(history=False, uncovered="machinery of a sign-in: links that are good once")
    id: Key | None = Field(default=None, primary_key=True)
    digest: Apart[str] = Field(unique=True)
    keyed_check: Apart[str] | None = None
    kind: Apart[str]
    subject: Apart[str] | None = None
    user_name: Apart[str]
    sign_in_id: Apart[int] = Field(sa_column=Column(ForeignKey("sign_in.id"), nullable=False, index=True))
    lapses_at: Apart[datetime] = Field(sa_type=UtcInstant, index=True)
    used_at: Apart[datetime] | None = Field(default=None, sa_type=UtcInstant)


class UserRow(Row, table=True):
    """A person who works with the record."""

    __tablename__ = "app_user"
    rows = apart(history=False)
    id: Key | None = Field(default=None, primary_key=True)
    name: Apart[str] = Field(unique=True)
    display_name: ApartTyped[str]
    role: Apart[str]
    agency: Apart[str] | None = Field(default=None, index=True)
    active: Apart[bool] = True
    created_at: Apart[datetime] = Field(sa_type=UtcInstant)
