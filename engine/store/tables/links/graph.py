"""The link graph: a projection of the record in small numbers, and what analysts ask of it again and again.

Everything here but the standing queries can be thrown away and made again. No protected value comes here in
any form, and what equals one is left out.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from engine.store.fates import (
    Apart,
    ApartTyped,
    Asked,
    At,
    By,
    Flag,
    Key,
    Of,
    Ref,
    SourceWithRow,
    Text,
    Whose,
    WithRow,
    apart,
    deleted,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class LinkObjectRow(Row, table=True):
    """A thing or a place as it is compared, which many may share. Never one that equals a protected value."""

    __tablename__ = "link_object"
    rows = deleted("deleted with the last case that has it", uncovered="made again from the record")
    __table_args__ = (UniqueConstraint("kind", "compared"),)
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    ref: WithRow[str] = Field(unique=True)
    kind: WithRow[str]
    compared: SourceWithRow[str] = Field(index=True)


class LinkWordRow(Row, table=True):
    """A source or a grade that comes again and again, by a small number."""

    __tablename__ = "link_word"
    rows = apart(history=False, uncovered="made again from the record")
    id: Key | None = Field(default=None, primary_key=True)
    word: Apart[str] = Field(unique=True)


class LinkRow(Row, table=True):
    """One source's word that two nodes belong together, known through one case.

    The two covering indexes carry what cuts it for a viewer: the case and the class of its release. Its
    number never goes down, so that what is newer than a snapshot is found by it.
    """

    __tablename__ = "link"
    rows = deleted("deleted with the case", of="case_id", uncovered="made again from the record")
    __table_args__ = (
        Index("ix_link_onward", "start_node", "case_id", "release_class", "kind", "day", "end_node"),
        Index("ix_link_back", "end_node", "case_id", "release_class", "kind", "day", "start_node"),
        {"sqlite_autoincrement": True},
    )
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    start_node: WithRow[int]
    end_node: WithRow[int]
    kind: WithRow[int]
    role: WithRow[int] = 0
    day: WithRow[int] = 0
    precision: WithRow[int] = 0
    grade: WithRow[int] = 0
    source: WithRow[int] = 0
    case_id: WithRow[int] = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    release_class: WithRow[int] = 0
    given: SourceWithRow[str] | None = None
    """A thing or a place as the source of this link wrote it; other links have none."""


class LinkSameRow(Row, table=True):
    """Two records that are one node to a viewer who may see both."""

    __tablename__ = "link_same"
    rows = deleted("deleted with the case", of="case_id", uncovered="made again from the record")
    __table_args__ = (
        Index("ix_link_same_onward", "one_node", "other_node", "case_id", "other_case_id"),
        Index("ix_link_same_back", "other_node", "one_node", "case_id", "other_case_id"),
        {"sqlite_autoincrement": True},
    )
    id: WithRow[int] | None = Field(default=None, primary_key=True)
    one_node: WithRow[int]
    other_node: WithRow[int]
    because: WithRow[int]
    case_id: WithRow[int] = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    other_case_id: WithRow[int] = Field(
        sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True)
    )


class LinkCaseRow(Row, table=True):
    """Time when the links of a case were last written.

    A snapshot reads again what changed after it was made.
    """

    __tablename__ = "link_case"
    rows = apart(history=False, uncovered="made again from the record")
    case_id: Apart[int] = Field(sa_column=Column(ForeignKey("involvement.id"), primary_key=True))
    turn: Apart[int] = Field(index=True)
    at: Apart[datetime] = Field(sa_type=UtcInstant)


class LinkHeadRow(Row, table=True):
    """The turn of the newest change of links: one row."""

    __tablename__ = "link_head"
    rows = apart(history=False, uncovered="made again from the record")
    id: Key | None = Field(default=None, primary_key=True)
    turn: Apart[int]


class LinkExportRow(Row, table=True):
    """Links were written out: by whom, as what, and why. Append-only."""

    __tablename__ = "link_export"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    form: Apart[str]
    why: ApartTyped[str]
    by: Apart[str]
    at: Apart[datetime] = Field(sa_type=UtcInstant)


class LinkQueryRow(Row, table=True):
    """A question that an analyst asks again and again. Append-only; an end entry ends it."""

    __tablename__ = "link_query"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    owner: Whose = Field(index=True)
    question: Asked = Field(sa_column=Column(DOCUMENT, nullable=False))
    why: Text
    at: At = Field(sa_type=UtcInstant)
    until: At = Field(sa_type=UtcInstant)


class LinkQueryEndedRow(Row, table=True):
    """A question is asked no more. Append-only."""

    __tablename__ = "link_query_ended"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    link_query_id: Of = Field(sa_column=Column(ForeignKey("link_query.id"), nullable=False, unique=True))
    by: By
    at: At = Field(sa_type=UtcInstant)


class LinkAlertRow(Row, table=True):
    """Something answered a question that did not before; asked again before it is shown. Append-only."""

    __tablename__ = "link_alert"
    rows = apart()
    __table_args__ = (UniqueConstraint("link_query_id", "match_key"),)
    id: Key | None = Field(default=None, primary_key=True)
    ref: Ref = Field(unique=True)
    link_query_id: Of = Field(sa_column=Column(ForeignKey("link_query.id"), nullable=False))
    match_key: Ref
    was_there: Flag
    at: At = Field(sa_type=UtcInstant)


class LinkAlertWordRow(Row, table=True):
    """An owner's judgement of an alert. Append-only; one for each."""

    __tablename__ = "link_alert_word"
    rows = apart()
    id: Key | None = Field(default=None, primary_key=True)
    link_alert_id: Of = Field(sa_column=Column(ForeignKey("link_alert.id"), nullable=False, unique=True))
    acted: Flag
    why: Text
    by: By
    at: At = Field(sa_type=UtcInstant)
