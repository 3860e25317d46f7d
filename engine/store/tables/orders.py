"""Orders that protect a victim: their cases, their steps, and notices to the victim."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class CourtOrderRow(Row, table=True):
    """A protective order, from when it was considered. Append-only."""

    __tablename__ = "court_order"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    kind: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class CourtOrderRelationRow(Row, table=True):
    """A relation of an order to an earlier one, such as "varies". Append-only."""

    __tablename__ = "court_order_relation"
    __table_args__ = (UniqueConstraint("order_id", "earlier_id"),)
    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False))
    earlier_id: int = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False, index=True))
    relation: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class CourtOrderCaseRow(Row, table=True):
    """A case that an order serves. Append-only."""

    __tablename__ = "court_order_case"
    __table_args__ = (UniqueConstraint("order_id", "involvement_id"),)
    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class CourtOrderStepRow(Row, table=True):
    """A step of an order, recorded on one of its cases. Append-only."""

    __tablename__ = "court_order_step"
    __table_args__ = (UniqueConstraint("order_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(sa_column=Column(ForeignKey("court_order.id"), nullable=False))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    number: int
    act: str
    happened_on: date
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class VictimNoticeRow(Row, table=True):
    """An event that the victim is informed of through the safe contact. Append-only."""

    __tablename__ = "victim_notice"
    __table_args__ = (UniqueConstraint("involvement_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False))
    number: int
    kind: str
    happened_on: date
    at_time: str | None = None
    order_ref: str | None = None
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class VictimNoticeAttemptRow(Row, table=True):
    """An attempt to inform the victim. Append-only."""

    __tablename__ = "victim_notice_attempt"
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(sa_column=Column(ForeignKey("victim_notice.id"), nullable=False, index=True))
    involvement_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    reached: bool
    content: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    by: str
    at: datetime = Field(sa_type=UtcInstant)
