"""Orders that protect a victim: their cases, their steps, and notices to the victim."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import At, By, Choice, Day, Flag, Key, Number, Of, Ref, SaidThere, apart, case, stays
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class CourtOrderRow(Row, table=True):
    """A protective order, from when it was considered. Append-only."""

    __tablename__ = "court_order"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    kind: Choice
    by: By
    at: At = Field(sa_type=UtcInstant)


class CourtOrderRelationRow(Row, table=True):
    """A relation of an order to an earlier one, such as "varies". Append-only."""

    __tablename__ = "court_order_relation"
    rows = apart()
    __table_args__ = (UniqueConstraint("order_id", "earlier_id"),)
    id: Key | None = Field(default=None, primary_key=True)
    order_id: Of = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False))
    earlier_id: Of = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False, index=True))
    relation: Choice
    by: By
    at: At = Field(sa_type=UtcInstant)


class CourtOrderCaseRow(Row, table=True):
    """A case that an order serves. Append-only."""

    __tablename__ = "court_order_case"
    rows = case()
    __table_args__ = (UniqueConstraint("order_id", "involvement_id"),)
    id: Key | None = Field(default=None, primary_key=True)
    order_id: Of = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    by: By
    at: At = Field(sa_type=UtcInstant)


class CourtOrderStepRow(Row, table=True):
    """A step of an order, recorded on one of its cases. Append-only."""

    __tablename__ = "court_order_step"
    rows = case()
    __table_args__ = (UniqueConstraint("order_id", "number"),)
    id: Key | None = Field(default=None, primary_key=True)
    order_id: Of = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    number: Number
    act: Choice
    happened_on: Day
    content: SaidThere = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimNoticeRow(Row, table=True):
    """An event that the victim is informed of through the safe contact. Append-only."""

    __tablename__ = "victim_notice"
    rows = case()
    __table_args__ = (UniqueConstraint("involvement_id", "number"),)
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    number: Number
    kind: Choice
    happened_on: Day
    at_time: Annotated[str, stays("a time of day of the procedure")] | None = None
    order_ref: Ref | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)


class VictimNoticeAttemptRow(Row, table=True):
    """An attempt to inform the victim. Append-only."""

    __tablename__ = "victim_notice_attempt"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    notice_id: Of = Field(sa_column=Column(ForeignKey("victim_notice.id"), nullable=False, index=True))
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    reached: Flag
    content: SaidThere = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: By
    at: At = Field(sa_type=UtcInstant)
