"""The result of reading an agency's own files: read, stored, not understood and why. Has no record's content.

Every record that was read is in exactly one of three places: it is stored, it was stored already, or it is
among those that were not understood. Nothing is dropped silently.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Frozen, Sentence

Count = Annotated[int, Field(ge=0)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=255)]
MOST_NAMED = 200
"""The number of records not understood that are named one by one for each kind; the rest are counted."""


class NotUnderstood(Frozen):
    """One record that was not stored, or a part of one that was not: its place and the reason."""

    where: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reason: Sentence


class KindRead(Frozen):
    """One kind of record in one file. A record not stored, now or before, was not understood."""

    kind: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    read: Count
    kept: Count
    held_already: Count = Field(
        default=0, description="the same, or a newer version of it, was stored before"
    )
    not_understood: Annotated[tuple[NotUnderstood, ...], Field(max_length=MOST_NAMED)] = ()
    identifiers_kept: Count = 0
    notes: Annotated[tuple[NotUnderstood, ...], Field(max_length=MOST_NAMED)] = Field(
        default=(), description="stored, with something to note"
    )

    @model_validator(mode="after")
    def _every_record_is_somewhere(self) -> KindRead:
        if self.not_kept < 0:
            raise ValueError("read: more records were stored than were read")
        if len(self.not_understood) != min(self.not_kept, MOST_NAMED):
            raise ValueError(
                "not_understood: give the place and a reason for each record that was not stored"
            )
        return self

    @property
    def not_kept(self) -> int:
        """The count read and not understood, with those past the first named ones."""
        return self.read - self.kept - self.held_already


class FileRead(Frozen):
    """One file: the error that stopped it, or its content by kind."""

    file: FileName
    error: Sentence | None = None
    kinds: tuple[KindRead, ...] = ()

    @property
    def whole(self) -> bool:
        """True if everything in the file is now stored."""
        return self.error is None and not any(kind.not_kept for kind in self.kinds)


class AgencyFilesRead(Frozen):
    """Each file in the order given."""

    files: tuple[FileRead, ...]

    @property
    def whole(self) -> bool:
        """True if everything in every file is now stored."""
        return all(file.whole for file in self.files)


class RowsUnmatchable(Frozen):
    """Rows of a table that no person can be found by, for one reason; the first of them by their lines."""

    reason: Sentence
    rows: Count
    lines: Annotated[tuple[int, ...], Field(max_length=MOST_NAMED)] = ()


class TableRows(Frozen):
    """Rows of one table as a mapping reads it. One is matchable if a person, or whose it is, can be found."""

    table: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    rows: Count
    matchable: Count

    @property
    def in_words(self) -> str:
        """Return its rows, and how many of them a person can be found by."""
        rows = f"{self.rows:,} row{'' if self.rows == 1 else 's'}"
        return f"{self.table}: {rows}, {self.matchable:,} can be matched on"


class TableRead(TableRows):
    """The same with the rows that cannot be matched on, by reason."""

    unmatchable: tuple[RowsUnmatchable, ...] = ()


class OwnRowsAsked(Frozen):
    """Result of asking about the persons of the rows as the sheet's columns are called.

    ``not_found`` are the lines of rows whose person was not found, ``other_row`` those that found another.
    """

    asked: Count
    found: Count
    unclear: Count
    not_found: tuple[int, ...] = ()
    other_row: tuple[int, ...] = ()


class ExtractRead(Frozen):
    """An extract as a mapping reads it, people first. ``own_rows`` None: no column is called a name."""

    tables: Annotated[tuple[TableRead, ...], Field(min_length=1)]
    doubts: tuple[Sentence, ...] = ()
    own_rows: OwnRowsAsked | None = None


class TableCompared(Frozen):
    """The same beside those of the extract before; None if that one did not have the table."""

    now: TableRows
    before: TableRows | None = None
    unmatchable: tuple[RowsUnmatchable, ...] = ()


class TableSealed(Frozen):
    """One file of a sealed extract. ``rows`` is None unless it is a table, ``rows_before`` also if new."""

    name: str
    rows: int | None
    rows_before: int | None = None


class ExtractSealed(Frozen):
    """An agency's extract sealed as whole; beside each table the rows of the extract before."""

    as_of: date
    before_as_of: date | None
    files: tuple[TableSealed, ...]
    tables: tuple[TableCompared, ...] = ()
    doubts: tuple[Sentence, ...] = ()
    reason: str | None = None
