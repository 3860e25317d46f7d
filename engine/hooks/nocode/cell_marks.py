"""Cells of a workbook's sheet that have no value and are not blank. Knows one sheet's XML; reads no value.

A cell that is merged with the one above or beside it has no value of its own, and neither has a formula that
a program saved without working it out. Read as blank, either would lose a person.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAY_MARK = re.compile(rb"<(?:[A-Za-z0-9]+:)?(?:f|mergeCell)[\s/>]")
_TALL = 100
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})


class Mark(StrEnum):
    """Reason why a cell without a value is not blank."""

    MERGED = "merged with another cell"
    FORMULA = "a formula that was saved without its value"
    ERROR = "a spreadsheet's error"


@dataclass(frozen=True)
class Merged:
    """One block of merged cells, by its first and last row and column; the first cell has the value."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def hides(self, row: int, column: int) -> bool:
        """Return whether the cell is in the block and not the one with the value."""
        inside = self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column
        return inside and (row, column) != (self.first_row, self.first_column)


class Marks:
    """All marks of one sheet, by row and column, both from one."""

    def __init__(self, formulas: Iterable[tuple[int, int]] = (), merged: Iterable[Merged] = ()) -> None:
        self._formulas = frozenset(formulas)
        self._rows = frozenset(row for row, _ in self._formulas)
        self._merged_by_row: dict[int, list[Merged]] = defaultdict(list)
        self._tall: list[Merged] = []
        for block in merged:
            if block.last_row - block.first_row > _TALL:
                self._tall.append(block)
                continue
            for row in range(block.first_row, block.last_row + 1):
                self._merged_by_row[row].append(block)

    def of_blank(self, row: int, column: int) -> Mark | None:
        """Return why a cell without a value is not blank; None for one that is."""
        if (row, column) in self._formulas:
            return Mark.FORMULA
        blocks = (*self._merged_by_row.get(row, ()), *self._tall)
        return Mark.MERGED if any(block.hides(row, column) for block in blocks) else None

    def has_formula(self, row: int) -> bool:
        """Return whether a row has a formula without its value, so that it is not blank."""
        return row in self._rows


def mark_of_text(text: str | None) -> Mark | None:
    """Return that a cell's text is a spreadsheet's error."""
    return Mark.ERROR if text is not None and text.upper() in _ERRORS else None


def marks_in(sheet: bytes) -> Marks:
    """Return the marks of a sheet's XML; most sheets have none, and are not gone through again.

    A formula whose value is an empty text has a value.
    """
    if not _MAY_MARK.search(sheet):
        return Marks()
    from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
    from openpyxl.xml.functions import iterparse

    formulas: list[tuple[int, int]] = []
    merged: list[Merged] = []
    row = column = 0  # a cell or a row without its place is the next one
    for event, part in iterparse(io.BytesIO(sheet), events=("start", "end")):
        match event, part.tag.rpartition("}")[2]:
            case "start", "row":
                row, column = int(part.get("r") or row + 1), 0
            case "end", "c":
                place = part.get("r")
                column = coordinate_to_tuple(place)[1] if place else column + 1
                if _is_without_value(part):
                    formulas.append((row, column))
                part.clear()
            case "end", "mergeCell":
                left, top, right, bottom = range_boundaries(part.get("ref"))
                merged.append(Merged(int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)))
            case _:
                pass
    return Marks(formulas, merged)


def _is_without_value(cell: Element) -> bool:
    inside = {child.tag.rpartition("}")[2]: child for child in cell}
    if "f" not in inside:
        return False
    value = inside.get("v")
    is_text = cell.get("t") == "str"
    return value is None or not (value.text or is_text)
