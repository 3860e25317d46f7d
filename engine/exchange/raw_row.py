"""A row as a file gave it, before its meaning is read. Knows no column's rules and no file shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple

from engine.domain.dates import PartialDate
from engine.exchange.columns import Place
from engine.exchange.rows import CellFault

_MOST_PARTS = 1_000


class Unread(NamedTuple):
    """A cell that its reader would not read, and why: a formula, an error, a value inside a value."""

    reason: str
    given: str = ""


Cell = str | int | float | bool | PartialDate | Unread
"""Content of a cell. Blank cells are left out of a row altogether."""


class Bound(NamedTuple):
    """A column of the file: where its values belong, and its name in the file's own words."""

    place: Place
    shown: str


class GivenIncident(NamedTuple):
    """One incident given as a row or a list of its own. ``where`` says which one, for a fault's sentence."""

    where: str
    cells: list[tuple[Bound, Cell]]


class Given(NamedTuple):
    """One row: its filled cells, the incidents given apart, and what its reader already found wrong."""

    row: int
    cells: list[tuple[Bound, Cell]]
    original: str
    incidents: tuple[GivenIncident, ...] = ()
    faults: tuple[CellFault, ...] = ()


class Broken(NamedTuple):
    """One row that could not be taken apart into cells."""

    row: int
    column: str | None
    reason: str
    original: str
    may_hold_an_alarm: bool = True


class Shape(NamedTuple):
    """Context of a file's rows, besides the rows: the day that its numbers count from, if they do."""

    counts_days_from: date | None = None


def original_of(given: Mapping[str, object], *, longest: int) -> str:
    """Return the row as JSON, for the protected tables; a text that is far too long is cut and says so."""
    return json.dumps(_cut(given, longest), default=str)


def _cut(value: object, longest: int) -> object:
    if isinstance(value, str):
        return (
            value
            if len(value) <= longest
            else f"{value[:longest]} (cut here: {len(value)} characters in the file)"
        )
    if isinstance(value, Mapping):
        return {  # nearly every cell is a text that is short enough, and needs no call of its own
            name[:200]: part if type(part) is str and len(part) <= longest else _cut(part, longest)
            for name, part in islice(value.items(), _MOST_PARTS)
        }
    if isinstance(value, list):
        return [_cut(part, longest) for part in islice(value, _MOST_PARTS)]
    return value
