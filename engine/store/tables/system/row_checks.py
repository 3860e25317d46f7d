"""Keyed checks of rows that grant something. They show nothing of the rows."""

from __future__ import annotations

from sqlmodel import Field

from engine.store.fates import Machinery, apart
from engine.store.tables.base import Row


class RowCheckRow(Row, table=True):
    """The keyed check of one row as the software wrote it last; without it the row grants nothing."""

    __tablename__ = "row_check"
    rows = apart(history=False, uncovered="it is a digest of a row itself: verification compares the two")
    __table_args__ = {"sqlite_with_rowid": False}  # only its key finds it
    table: Machinery[str] = Field(primary_key=True)
    row_number: Machinery[int] = Field(primary_key=True)
    keyed_check: Machinery[str]
