"""Panel's choices of the primary role, people who work both sides, and victim information requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class RoleAssessmentRow(Row, table=True):
    """The panel's assessment that the claimed roles are, or are not, primary. Append-only.

    The newest applies.
    """

    __tablename__ = "role_assessment"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    is_primary: bool
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class InvestigatorRow(Row, table=True):
    """A person whom the chair lets work both sides of a counter-allegation. Append-only."""

    __tablename__ = "investigator"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: str
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class VictimRequestRow(Row, table=True):
    """A victim information request as it was drafted. Append-only."""

    __tablename__ = "victim_request"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: str
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class VictimRequestWordRow(Row, table=True):
    """The decision on a request, or the agency's answer to it. Append-only."""

    __tablename__ = "victim_request_word"
    id: int | None = Field(default=None, primary_key=True)
    victim_request_id: int = Field(
        sa_column=Column(ForeignKey("victim_request.id"), nullable=False, index=True)
    )
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class VictimToldRow(Row, table=True):
    """A notice, a decision on the Right to Know, or a pack prepared or taken. Append-only."""

    __tablename__ = "victim_told"
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    kind: str
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)
