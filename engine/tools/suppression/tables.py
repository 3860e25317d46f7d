"""Tables whose small figures are hidden: what may be published of each cell. No arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CellState(StrEnum):
    """The state of a cell: published, hidden as it is small, or hidden to protect another."""

    PUBLISHED = "published"
    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(frozen=True)
class TableCell:
    """One cell of a table. A hidden ``count`` is None, so that the answer itself may be passed on.

    ``low`` and ``high`` are the smallest and largest whole number that a reader of everything published can
    work out; a ``high`` of None has no limit.
    """

    table: str
    dimensions: Mapping[str, str]
    count: int | None
    state: CellState
    low: int
    high: int | None


@dataclass(frozen=True)
class SuppressedTables:
    """All cells of all tables, in the order of the files; ``optimal``: no smaller set of cells would do."""

    cells: tuple[TableCell, ...]
    optimal: bool
