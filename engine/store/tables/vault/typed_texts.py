"""Texts that repeat something protected: who typed one, where and when; never the text. Append-only."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from engine.store.fates import At, By, Choice, Key, Number, Of, Text, case
from engine.store.tables.base import Row, UtcInstant


class TextThatTellsRow(Row, table=True):
    """A text of this case repeats a protected value.

    ``number`` is random: what a person is shown must not count what is hidden from them. None is from before,
    and the id stands for it.
    """

    __tablename__ = "text_that_tells"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    typed_where: Choice
    by: By = Field(index=True)
    at: At = Field(sa_type=UtcInstant)
    number: Number | None = Field(default=None, index=True, unique=True)


class PlacesTypedRow(Row, table=True):
    """The number of places that one person's texts of one act name, by their shape; a count, and no place."""

    __tablename__ = "places_typed"
    rows = case()
    id: Key | None = Field(default=None, primary_key=True)
    involvement_id: Of = Field(sa_column=Column(ForeignKey("involvement.id"), nullable=False, index=True))
    typed_where: Choice
    places: Number
    by: By
    at: At = Field(sa_type=UtcInstant, index=True)


class TextSeenToRow(Row, table=True):
    """Resolution by the STAC coordinator or the chair; one for each."""

    __tablename__ = "text_seen_to"
    rows = case("text_that_tells_id.involvement_id")
    id: Key | None = Field(default=None, primary_key=True)
    text_that_tells_id: Of = Field(
        sa_column=Column(ForeignKey("text_that_tells.id"), nullable=False, unique=True)
    )
    how: Text
    by: By
    at: At = Field(sa_type=UtcInstant)
