"""Columns that identify a person, by the names that a sheet gives them. Knows no row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

_LETTERS = re.compile(r"[^\W\d_]+")
_WHOSE = frozenset(
    {"tenant", "tenants", "client", "customer", "person", "resident", "occupant", "patient", "applicant"}
    | {"s", "main", "lead", "service", "user", "subject", "nominal", "perpetrator", "offender", "name"}
)


class Part(StrEnum):
    """A part of what identifies a person."""

    FORENAME = "forename"
    SURNAME = "surname"
    WHOLE_NAME = "whole name"
    BORN = "date of birth"


_CALLED: dict[str, Part] = {
    **dict.fromkeys(("forename", "forenames", "first name", "first names", "given name"), Part.FORENAME),
    **dict.fromkeys(("given names", "christian name"), Part.FORENAME),
    **dict.fromkeys(("surname", "last name", "family name", "second name"), Part.SURNAME),
    **dict.fromkeys(("name", "full name", "whole name", "tenant", "client", "customer"), Part.WHOLE_NAME),
    **dict.fromkeys(("person", "resident", "occupant", "patient", "applicant"), Part.WHOLE_NAME),
    **dict.fromkeys(("date of birth", "dob", "d o b", "birth date", "birthdate", "born"), Part.BORN),
    **dict.fromkeys(("born on", "birthday"), Part.BORN),
}


def part_called(column: str) -> Part | None:
    """Return the part that a column is called; None for any other column.

    Examples
    --------
    >>> part_called("Tenant's D.O.B.").value, part_called("Tenancy began")
    ('date of birth', None)
    """
    words = _LETTERS.findall(column.casefold())
    while words:
        found = _CALLED.get(" ".join(words))
        if found is not None:
            return found
        if words[0] not in _WHOSE:
            return None
        words = words[1:]
    return None


def misread(
    columns: Iterable[str], *, name: Sequence[str], date_of_birth: str | None, other_names: str | None
) -> Iterator[str]:
    """Yield each column that is called part of a name or a date of birth, and another one is read as it."""
    names_read = {part_called(column) for column in name}
    for column in columns:
        part = part_called(column)
        if part in {Part.FORENAME, Part.SURNAME} and column not in {*name, other_names}:
            if part not in names_read and Part.WHOLE_NAME not in names_read:
                yield f"'{column}' is called a {part.value} and is not read as a part of the name"
        elif part is Part.BORN and date_of_birth is not None and part_called(date_of_birth) is not Part.BORN:
            yield f"'{column}' is called a date of birth and '{date_of_birth}' is read as it"
