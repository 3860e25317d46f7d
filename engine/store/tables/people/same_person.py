"""Possible same persons: normal forms, keys, proposals, and people's judgements on them.

Forms, keys and proposals can be made again; a judgement is append-only. Nothing protected is here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

import engine.store.tables.people.persons  # noqa: F401  a form and a word refer to person records
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class IdentityFormRow(Row, table=True):
    """A person record in normal form.

    ``party_id`` is the first record of the same role in the same involvement: a source's correction makes a
    new record of the same party. ``compared_version`` is that of the weights of the last comparison.
    """

    __tablename__ = "identity_form"
    __table_args__ = (Index(None, "compared_version", "person_record_id"),)
    person_record_id: int = Field(
        sa_column=Column(ForeignKey("person_record.id"), primary_key=True, autoincrement=False)
    )
    party_id: int = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    role: str
    version: int
    forename: str
    surname: str
    born: str
    sex: str
    numbers: list[list[str]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    things: list[list[str]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    address: int | None = Field(default=None, sa_type=BigInteger)
    postcode: str
    compared_version: str | None = None


class IdentityKeyRow(Row, table=True):
    """A key under which a person record is found: its values' digest as a whole number, and nothing else."""

    __tablename__ = "identity_key"
    __table_args__ = {"sqlite_with_rowid": False}  # only its key finds it
    key: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    person_record_id: int = Field(
        sa_column=Column(ForeignKey("person_record.id"), primary_key=True, autoincrement=False, index=True)
    )
    involvement_id: int


class IdentityProposalRow(Row, table=True):
    """Two parties that may be one person, since the weights of that version say so. Nothing depends on it."""

    __tablename__ = "identity_proposal"
    __table_args__ = (UniqueConstraint("low_id", "high_id"),)
    id: int | None = Field(default=None, primary_key=True)
    low_id: int = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False))
    high_id: int = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True))
    weight: float = Field(index=True)
    version: str
    at: datetime = Field(sa_type=UtcInstant)


class IdentityJudgementRow(Row, table=True):
    """A judgement on whether two parties are one person; the newest on a pair applies. Append-only."""

    __tablename__ = "identity_judgement"
    __table_args__ = (Index(None, "low_id", "high_id"),)
    id: int | None = Field(default=None, primary_key=True)
    low_id: int = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False))
    high_id: int = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True))
    verdict: str
    by: str
    by_rule: bool = False
    why: str
    at: datetime = Field(sa_type=UtcInstant)
