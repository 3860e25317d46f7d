"""A sheet of an agency without Python, as its mapping names it. Reads no record."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.hooks.v1 import Frozen

Column = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^{}\n]+$")]
_FILE = r"^[A-Za-z0-9][A-Za-z0-9 _.\-]{0,58}\.(csv|xlsx)$"


class SheetMapped(Frozen):
    """One table: a CSV file, or a sheet of a workbook. ``record`` is the column of a row's number.

    ``columns`` are the names in its first row, as the agency's own file has them: what a sentence or a part
    names has to be one of them, and invented sheets are made of them.
    """

    file: Annotated[str, StringConstraints(pattern=_FILE)]
    sheet: Annotated[str, StringConstraints(min_length=1, max_length=31)] | None = None
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=200)]
    record: Column

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that is read; no other one is stored."""
        raise NotImplementedError

    @property
    def is_workbook(self) -> bool:
        """True if it is in a workbook and not in a CSV file."""
        return self.file.endswith(".xlsx")

    @model_validator(mode="after")
    def _a_sheet_is_named_in_a_workbook(self) -> SheetMapped:
        if self.is_workbook != (self.sheet is not None):
            raise ValueError("name a sheet for a workbook, and none for a CSV file")
        return self
