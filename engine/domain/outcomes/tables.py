"""Named tables of counts: dimensions, one row for each combination, and how small counts are hidden."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from engine.domain.base import Frozen


class Hiding(StrEnum):
    """The way that counts of a table depend on one another, and so are hidden with a small one."""

    EACH_GROUP = "each group"
    """The last dimension makes up a whole in each group; the groups do not add up to anything."""
    JOINED_IN_GROUP = "joined in each group"
    """The same, and small levels of a group are shown together, as one level of it."""
    JOINED = "joined"
    """The first dimension makes up a whole: its small levels are shown together, as one level."""
    EACH_OF_WHOLE = "each of the whole"
    """Counts that overlap, each out of the same whole."""


class FigureRow(Frozen):
    """One row. ``count`` None is hidden, which is not nought."""

    levels: tuple[str, ...]
    count: Annotated[int, Field(ge=0)] | None
    joins: tuple[str, ...] = ()
    """Levels that are shown together as one, of the dimension that makes up the whole; empty: one level."""


class FigureTable(Frozen):
    """Counts by named dimensions. ``whole`` is what they are out of; None is hidden."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    title: str
    counts: str
    """The thing that is counted, in the plural."""
    dimensions: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    whole: int | None
    hiding: Hiding
    rests: Annotated[tuple[int, ...], Field(exclude=True)] = ()
    """Numbers that a reader could work out from this exact table beside another; none may be small."""

    behind: Annotated[tuple[int, ...], Field(exclude=True)] = ()
    """The cases behind each row of an exact table that counts other things than cases."""

    @model_validator(mode="after")
    def _rows_have_all_dimensions(self) -> FigureTable:
        if any(len(row.levels) != len(self.dimensions) for row in self.rows):
            raise ValueError("rows: each has one level for each dimension")
        return self

    @property
    def has_groups(self) -> bool:
        """True if its first dimension has groups that do not add up to anything."""
        return self.hiding in (Hiding.EACH_GROUP, Hiding.JOINED_IN_GROUP)

    def sum_of(self, levels: Collection[str]) -> int | None:
        """Return the sum of these levels of its first dimension; None where the rows do not show it.

        Of levels that are shown together either all are in the sum or none.
        """
        total = 0
        for row in self.rows:
            of_row = row.joins or row.levels[:1]
            inside = sum(level in levels for level in of_row)
            if inside and (inside < len(of_row) or row.count is None):
                return None
            total += (row.count or 0) if inside else 0
        return total

    @property
    def is_hidden(self) -> bool:
        """True if no count of it may be shown."""
        return all(row.count is None for row in self.rows)


class Spread(Frozen):
    """The middle and the quarters of some numbers of days; None where too few cases are behind it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    title: str
    cases: int | None
    median: int | None
    lower_quartile: int | None
    upper_quartile: int | None
