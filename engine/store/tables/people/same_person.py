"""Possible same persons: normal forms, keys, proposals, and people's judgements on them.

Forms, keys and proposals can be made again; a judgement is append-only. Nothing protected is here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

import engine.store.tables.people.persons  # noqa: F401  a form and a word refer to person records
from engine.store.fates import At, By, Choice, Flag, Key, Of, Said, SourceWithRow, WithRow, case, deleted
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class IdentityFormRow(Row, table=True):
    """A person record in normal form.

    ``party_id`` is the first record of the same role in the same involvement: a source's correction makes a
    new record of the same party. ``compared_version`` is that of the weights of the last comparison.
    """

    __tablename__ = "identity_form"
    rows = deleted(
        "deleted with the people of the case", of="involvement_id", uncovered="made again from person records"
    )
    __table_args__ = (Index(None, "compared_version", "person_record_id"),)
    person_record_id: WithRow[int] = Field(
        sa_column=Column(ForeignKey("person_record.id"), primary_key=True, autoincrement=False)
    )
    party_id: WithRow[int] = Field(
        sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True)
    )
    involvement_id: WithRow[int] = Field(
        sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True)
    )
    role: WithRow[str]
    version: WithRow[int]
    forename: SourceWithRow[str]
    surname: SourceWithRow[str]
    born: SourceWithRow[str]
    sex: WithRow[str]
    numbers: SourceWithRow[list[list[str]]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    things: SourceWithRow[list[list[str]]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    address: WithRow[int] | None = Field(default=None, sa_type=BigInteger)
    postcode: SourceWithRow[str]
    compared_version: WithRow[str] | None = None


class IdentityKeyRow(Row, table=True):
    """A key under which a person record is found: its values' digest as a whole number, and nothing else."""

    __tablename__ = "identity_key"
    rows = deleted(
        "deleted with the people of the case",
        of="person_record_id.involvement_id",
        uncovered="made again from person records",
    )
    __table_args__ = {"sqlite_with_rowid": False}  # only its key finds it
    key: WithRow[int] = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    person_record_id: WithRow[int] = Field(
        sa_column=Column(ForeignKey("person_record.id"), primary_key=True, autoincrement=False, index=True)
    )
    involvement_id: WithRow[int]


class IdentityProposalRow(Row, table=True):
    """Two parties that may be one person, since the weights of that version say so. Nothing depends on it."""

    __tablename__ = "identity_proposal"
    rows = deleted(
        "deleted with the people of the case",
        of="low_id.involvement_id",
        uncovered="made again from person records",
    )
    __table_args__ = (UniqueConstraint("low_id", "high_id"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    low_id: WithRow[int] = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False))
    high_id: WithRow[int] = Field(
        sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True)
    )
    weight: WithRow[float] = Field(index=True)
    version: WithRow[str]
    at: WithRow[datetime] = Field(sa_type=UtcInstant)


class IdentityJudgementRow(Row, table=True):
    """A judgement on whether two parties are one person; the newest on a pair applies. Append-only."""

    __tablename__ = "identity_judgement"
    rows = case("low_id.involvement_id", "high_id.involvement_id")
    __table_args__ = (Index(None, "low_id", "high_id"),)
    id: Key | None = Field(default=None, primary_key=True)
    low_id: Of = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False))
    high_id: Of = Field(sa_column=Column(ForeignKey("person_record.id"), nullable=False, index=True))
    verdict: Choice
    by: By
    by_rule: Flag = False
    why: Said
    at: At = Field(sa_type=UtcInstant)
