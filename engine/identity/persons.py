"""Files of persons as columns of normal forms, each value held once. Knows no pair and no true answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import assert_never

import numpy as np
import numpy.typing as npt

from engine.identity import contacts, names
from engine.identity.birth_dates import date_parts, months_come_first
from engine.identity.fields import EXTRA, KIND_BY_FIELD, Kind, StandardField
from engine.identity.words import is_recorded

Ints = npt.NDArray[np.int64]
PersonColumns = Mapping[str, Sequence[str]]
"""The cells of one file by field: standard fields by name, others as ``extra:COLUMN``; all equally long."""
NOT_RECORDED = -1
_FEW = 30
"""In so few records one value throughout does not prove that all have it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """One field of every record: ``codes`` are places in ``values``, NOT_RECORDED where it is blank."""

    name: str
    kind: Kind
    values: tuple[str, ...]
    codes: Ints
    unread: int

    @property
    def recorded(self) -> int:
        """Number of records with a value."""
        return int(np.count_nonzero(self.codes >= 0))

    def counts(self) -> Ints:
        """Return the number of records with each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))


@dataclass(frozen=True, kw_only=True, eq=False)
class Persons:
    """One file, or two one after the other: records from ``second`` on are the second file's."""

    size: int
    second: int | None
    columns: tuple[Column, ...]

    @property
    def possible_pairs(self) -> int:
        """Number of pairs to decide about."""
        if self.second is None:
            return self.size * (self.size - 1) // 2
        return self.second * (self.size - self.second)

    def column(self, kind: Kind) -> Column | None:
        """Return the first column of a kind."""
        return next((column for column in self.columns if column.kind is kind), None)


def prepared(files: Sequence[PersonColumns]) -> Persons:
    """Return the persons of one file or two, ready to be compared.

    A column without information is left out.
    """
    sizes = [len(next(iter(file.values()))) if file else 0 for file in files]
    with_names = [_with_names_divided(file, size) for file, size in zip(files, sizes, strict=True)]
    fields = list(dict.fromkeys(field for file in with_names for field in file))
    columns = [
        _column(field, [file.get(field, [""] * size) for file, size in zip(with_names, sizes, strict=True)])
        for field in fields
    ]
    return Persons(
        size=sum(sizes),
        second=sizes[0] if len(sizes) == 2 else None,
        columns=tuple(column for column in columns if len(column.values) > 1 or 1 < column.recorded <= _FEW),
    )


def column_of(name: str, kind: Kind, values: Sequence[str]) -> Column:
    """Return a column of values that are in their normal form already; an empty text is not recorded."""
    places = {value: place for place, value in enumerate(dict.fromkeys(filter(None, values)))}
    codes = [places.get(value, NOT_RECORDED) for value in values]
    return Column(name=name, kind=kind, values=tuple(places), codes=np.array(codes, dtype=np.int64), unread=0)


def kind_of(field: str) -> Kind:
    """Return the kind of a field; a further column is words."""
    return Kind.WORDS if field.startswith(EXTRA) else KIND_BY_FIELD[StandardField(field)]


def _with_names_divided(file: PersonColumns, size: int) -> dict[str, Sequence[str]]:
    """Return the columns, with full names filling forename and surname wherever those are blank."""
    columns = dict(file)
    whole = columns.pop(StandardField.FULL_NAME, None)
    if whole is None:
        return columns
    parts = [names.divided(name) if is_recorded(name) else ("", "") for name in whole]
    for place, field in enumerate((StandardField.FORENAME, StandardField.SURNAME)):
        given = columns.get(field, [""] * size)
        columns[field] = [cell or part[place] for cell, part in zip(given, parts, strict=True)]
    return columns


def _column(field: str, files: list[Sequence[str]]) -> Column:
    kind = kind_of(field)
    place_by_value: dict[str, int] = {}
    codes: list[int] = []
    unread = 0
    for cells in files:
        normal_form = _normal_form(kind, cells)
        known: dict[str, int] = {}
        for cell in cells:
            place = known.get(cell)
            if place is None:
                value = normal_form(cell) if is_recorded(cell) else ""
                place = place_by_value.setdefault(value, len(place_by_value)) if value else NOT_RECORDED
                known[cell] = place
            if place == NOT_RECORDED and is_recorded(cell):
                unread += 1
            codes.append(place)
    return Column(
        name=field,
        kind=kind,
        values=tuple(place_by_value),
        codes=np.array(codes, dtype=np.int64),
        unread=unread,
    )


def _normal_form(kind: Kind, cells: Sequence[str]) -> Callable[[str], str]:
    match kind:
        case Kind.FORENAME:
            return names.forename
        case Kind.SURNAME:
            return names.surname
        case Kind.SEX:
            return contacts.sex
        case Kind.DATE:
            return partial(_date, months_first=months_come_first(cells))
        case Kind.POSTCODE:
            return contacts.postcode
        case Kind.ADDRESS:
            return contacts.address
        case Kind.WORDS:
            return contacts.plain
        case Kind.PHONE:
            return contacts.phone
        case Kind.EMAIL:
            return contacts.email
        case Kind.NHS_NUMBER | Kind.NUMBER:
            return contacts.number
        case _:
            assert_never(kind)


def _date(text: str, *, months_first: bool) -> str:
    parts = date_parts(text, months_first=months_first)
    return parts.as_digits() if parts else ""
