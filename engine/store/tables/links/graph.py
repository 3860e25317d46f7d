"""The link graph: a projection of the record in small numbers, and what analysts ask of it again and again.

Everything here but the standing queries can be thrown away and made again. No protected value comes here in
any form, and what equals one is left out.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class LinkObjectRow(Row, table=True):
    """A thing or a place as it is compared, which many may share. Never one that equals a protected value."""

    __tablename__ = "link_object"
    __table_args__ = (UniqueConstraint("kind", "compared"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    kind: str
    compared: str = Field(index=True)


class LinkWordRow(Row, table=True):
    """A source or a grade that comes again and again, by a small number."""

    __tablename__ = "link_word"
    id: int | None = Field(default=None, primary_key=True)
    word: str = Field(unique=True)


class LinkRow(Row, table=True):
    """One source's word that two nodes belong together, known through one case.

    The two covering indexes carry what cuts it for a viewer: the case and the class of its release. Its
    number never goes down, so that what is newer than a snapshot is found by it.
    """

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_onward", "start_node", "case_id", "release_class", "kind", "day", "end_node"),
        Index("ix_link_back", "end_node", "case_id", "release_class", "kind", "day", "start_node"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True)
    start_node: int
    end_node: int
    kind: int
    role: int = 0
    day: int = 0
    precision: int = 0
    grade: int = 0
    source: int = 0
    case_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    release_class: int = 0
    given: str | None = None
    """A thing or a place as the source of this link wrote it; other links have none."""


class LinkSameRow(Row, table=True):
    """Two records that are one node to a viewer who may see both."""

    __tablename__ = "link_same"
    __table_args__ = (
        Index("ix_link_same_onward", "one_node", "other_node", "case_id", "other_case_id"),
        Index("ix_link_same_back", "other_node", "one_node", "case_id", "other_case_id"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True)
    one_node: int
    other_node: int
    because: int
    case_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    other_case_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))


class LinkCaseRow(Row, table=True):
    """Time when the links of a case were last written.

    A snapshot reads again what changed after it was made.
    """

    __tablename__ = "link_case"
    case_id: int = Field(sa_column=Column(ForeignKey("involvement.id"), primary_key=True))
    turn: int = Field(index=True)
    at: datetime = Field(sa_type=UtcInstant)


class LinkHeadRow(Row, table=True):
    """The turn of the newest change of links: one row."""

    __tablename__ = "link_head"
    id: int | None = Field(default=None, primary_key=True)
    turn: int


class LinkExportRow(Row, table=True):
    """Links were written out: by whom, as what, and why. Append-only."""

    __tablename__ = "link_export"
    id: int | None = Field(default=None, primary_key=True)
    form: str
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class LinkQueryRow(Row, table=True):
    """A question that an analyst asks again and again. Append-only; an end entry ends it."""

    __tablename__ = "link_query"
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    owner: str = Field(index=True)
    question: dict[str, object] = Field(sa_column=Column(DOCUMENT, nullable=False))
    why: str
    at: datetime = Field(sa_type=UtcInstant)
    until: datetime = Field(sa_type=UtcInstant)


class LinkQueryEndedRow(Row, table=True):
    """A question is asked no more. Append-only."""

    __tablename__ = "link_query_ended"
    id: int | None = Field(default=None, primary_key=True)
    link_query_id: int = Field(sa_column=Column(ForeignKey("link_query.id"), nullable=False, unique=True))
    by: str
    at: datetime = Field(sa_type=UtcInstant)


class LinkAlertRow(Row, table=True):
    """Something answered a question that did not before; asked again before it is shown. Append-only."""

    __tablename__ = "link_alert"
    __table_args__ = (UniqueConstraint("link_query_id", "match_key"),)
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    link_query_id: int = Field(sa_column=Column(ForeignKey("link_query.id"), nullable=False))
    match_key: str
    was_there: bool
    at: datetime = Field(sa_type=UtcInstant)


class LinkAlertWordRow(Row, table=True):
    """An owner's judgement of an alert. Append-only; one for each."""

    __tablename__ = "link_alert_word"
    id: int | None = Field(default=None, primary_key=True)
    link_alert_id: int = Field(sa_column=Column(ForeignKey("link_alert.id"), nullable=False, unique=True))
    acted: bool
    why: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
