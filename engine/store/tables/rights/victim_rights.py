"""Panel's choices of the primary role, people who work both sides, and victim information requests."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import At, By, Choice, Flag, Key, Of, Ref, Said, SaidThere, Whose, Words, case, goes
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class RoleAssessmentRow(Row, table=True):
    """The panel's assessment that the claimed roles are, or are not, primary. Append-only.

    The newest applies.
    """

    __tablename__ = "role_assessment"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    is_primary: Flag
    why: Said
    by: By
    at: At = Field(sa_type=UtcInstant)


class InvestigatorRow(Row, table=True):
    """A person whom the chair lets work both sides of a counter-allegation. Append-only."""

    __tablename__ = "investigator"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    user_name: By
    why: Said
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimRequestRow(Row, table=True):
    """A victim information request as it was drafted. Append-only."""

    __tablename__ = "victim_request"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    agency: Whose
    content: Annotated[dict[str, object], goes(erased.VICTIM_REQUEST, Words.TYPED)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimRequestWordRow(Row, table=True):
    """The decision on a request, or the agency's answer to it. Append-only."""

    __tablename__ = "victim_request_word"
    rows = case("victim_request_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    victim_request_id: Of = Field(
        sa_column=Column(ForeignKey("victim_request.id"), nullable=False, index=True)
    )
    content: Annotated[dict[str, object], goes(erased.VICTIM_REQUEST_WORD, Words.TYPED)] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimToldRow(Row, table=True):
    """A notice, a decision on the Right to Know, or a pack prepared or taken. Append-only."""

    __tablename__ = "victim_told"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    kind: Choice
    content: SaidThere = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)
