"""Rows of the sheet of people as persons who can be found, and which of them cannot. Guesses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.hooks.nocode.cell_marks import Mark
from engine.hooks.nocode.mapping import PeopleMapped
from engine.hooks.nocode.sentences import plain
from engine.hooks.nocode.sheets import Row
from engine.hooks.v1 import (
    Identifier,
    NotMatchable,
    PartialDate,
    PersonOnRecord,
    name_in_cell,
    number,
    sentence,
)

_BETWEEN = ";"
_OLDEST_YEARS, _YOUNGEST_YEARS = 110, 10
"""Ages that a date of birth may give: below ten no person can be charged, so few sheets name one."""
_FEWEST_ODD, _MOST_ODD_PERCENT = 2, 10
_NOT_READ = {
    Mark.MERGED: NotMatchable.MERGED,
    Mark.FORMULA: NotMatchable.FORMULA,
    Mark.ERROR: NotMatchable.ERROR,
}


@dataclass(frozen=True, kw_only=True)
class PersonsDescribed:
    """Every row as a person; ``odd_births`` are the rows whose date of birth cannot be one."""

    table: str
    persons: tuple[PersonOnRecord, ...]
    dated: int
    odd_births: tuple[int, ...]
    births_used: bool

    @property
    def doubts(self) -> tuple[str, ...]:
        """Gaps of an answer: the dates of birth that were not used."""
        if not self.odd_births:
            return ()
        odd, of = number(len(self.odd_births)), number(self.dated)
        cannot = f"{odd} of {of} dates of birth in {self.table} cannot be right"
        if self.births_used:
            were = "it was" if len(self.odd_births) == 1 else "they were"
            return (sentence(f"{cannot}, so {were} not used"),)
        return (sentence(f"{cannot}, so none was used: another date may be in their column"),)


def described(mapped: PeopleMapped, rows: Mapping[str, Row], *, on: date | None) -> PersonsDescribed:
    """Return who the rows describe; ``on`` is when the extract was written.

    A date of birth that cannot be right is not used. Where many cannot, the column is another date, and none
    of it is used.
    """
    births = {key: _birth(mapped, row) for key, row in rows.items()}
    dated = [key for key, born in births.items() if born is not None]
    odd = [key for key in dated if not _can_be(births[key], on=on, children=mapped.children)]
    usable = len(odd) < _FEWEST_ODD or len(odd) * 100 <= len(dated) * _MOST_ODD_PERCENT
    left_out = set(odd) if usable else set(dated)
    return PersonsDescribed(
        table=plain(mapped.sheet or mapped.file),
        persons=tuple(
            _person(mapped, key, row, None if key in left_out else births[key]) for key, row in rows.items()
        ),
        dated=len(dated),
        odd_births=tuple(rows[key].line for key in odd),
        births_used=usable,
    )


def _person(mapped: PeopleMapped, key: str, row: Row, born: PartialDate | None) -> PersonOnRecord:
    parts = [cell for column in mapped.name if (cell := row.cells[column])]
    known = [part for cell in parts if (part := name_in_cell(cell))]
    others = (row.cells[mapped.other_names] or "") if mapped.other_names else ""
    names = [" ".join(known or parts), *(name.strip() for name in others.split(_BETWEEN))]
    marks = [row.marks[column] for column in mapped.name if column in row.marks]
    return PersonOnRecord(
        key=key,
        names=tuple(name for name in names if name),
        date_of_birth=born,
        identifiers=tuple(
            Identifier(scheme=scheme, value=cell)
            for scheme, column in mapped.identifiers.items()
            if (cell := name_in_cell(row.cells[column] or ""))
        ),
        unread=_NOT_READ[marks[0]] if marks else None,
    )


def _birth(mapped: PeopleMapped, row: Row) -> PartialDate | None:
    """Return the date of birth; None for a blank cell and for one that says that it is not known."""
    column = mapped.date_of_birth
    if column is None or not name_in_cell(row.cells[column] or ""):
        return None
    return row.day(column)


def _can_be(born: PartialDate | None, *, on: date | None, children: bool) -> bool:
    if born is None or on is None:
        return True
    youngest = 0 if children else _YOUNGEST_YEARS
    return on.year - _OLDEST_YEARS <= born.latest.year and _years_before(on, youngest) >= born.earliest


def _years_before(on: date, years: int) -> date:
    return on.replace(year=on.year - years, day=min(on.day, 28))
