"""Release rules of what agencies answered, and the ledger of what was shared and refused. Append-only."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store import erased
from engine.store.fates import (
    At,
    By,
    Choice,
    Grounds,
    Key,
    Number,
    Of,
    Ref,
    Said,
    Words,
    agencys,
    goes,
    stays,
)
from engine.store.tables.base import DOCUMENT, Row, UtcInstant


class ItemRuleRow(Row, table=True):
    """An owner's rule on one item of its answer, or on the whole of it; the newest holds."""

    __tablename__ = "item_rule"
    rows = agencys("request_id.involvement_id", agency="request_id.agency")
    id: Key | None = Field(default=None, primary_key=True)
    request_id: Of = Field(sa_column=Column(ForeignKey("request.id"), nullable=False, index=True))
    item: Ref
    release_class_id: Of = Field(sa_column=Column(ForeignKey("release_class.id"), nullable=False))
    grounds: Grounds = Field(sa_column=Column(DOCUMENT, nullable=False))
    narrowed_by_plugin: Annotated[str, goes(erased.sentence, Words.SOURCE)] | None = None
    why: Said
    by: By
    at: At = Field(sa_type=UtcInstant)


class LedgerRow(Row, table=True):
    """A line of the ledger: keys of items, with whom, on which basis, by whom; never their text."""

    __tablename__ = "ledger"
    rows = agencys("request_id.involvement_id", agency="request_id.agency")
    id: Key | None = Field(default=None, primary_key=True)
    request_id: Of = Field(sa_column=Column(ForeignKey("request.id"), nullable=False, index=True))
    version: Number | None = None
    act: Choice
    items: Annotated[list[dict[str, object]], stays("keys of items and codes, without their text")] = Field(
        sa_column=Column(DOCUMENT, nullable=False)
    )
    whom: Choice
    grounds: Grounds = Field(sa_column=Column(DOCUMENT, nullable=False))
    why: Annotated[str, goes(erased.ledger_reason, Words.TYPED)] | None = None
    by: By
    at: At = Field(sa_type=UtcInstant)
