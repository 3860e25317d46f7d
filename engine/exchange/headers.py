"""A file's header, column by column, as the standard columns. Knows no rows; repeats no header's text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from engine.domain.errors import InvalidInputError
from engine.exchange.columns import BY_NAME, INCIDENT_BY_NAME, REQUIRED, place_of, placed
from engine.exchange.mapping import ColumnMapping, header_key
from engine.exchange.raw_row import Bound

_INCIDENT_REFERENCE = "source_reference"
BELOW_A_BLANK_HEADER = "is below a blank header; name the column"


def column_letter(index: int) -> str:
    """Return the letters by which a spreadsheet calls the column at this place, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def bind(name: str, mapping: ColumnMapping) -> Bound | None:
    """Return the standard column that this name of a file means; None if it means none."""
    key = header_key(name)
    ours = mapping.ours(key)
    place = place_of(ours or key)
    if place is None:
        return None
    return Bound(place, " ".join(name.split()) if ours else place.name)


def bind_header(
    names: Sequence[str], *, mapping: ColumnMapping, default_source: str | None
) -> list[Bound | None]:
    """Return the standard column of each column of the file; None for one that is blank or to be ignored.

    A name that is not ours is refused, not skipped: a mistyped alarm column must not vanish. Its text is not
    repeated, for a file without a header would betray its first row.
    """
    if not any(bind(name, mapping) for name in names):
        raise InvalidInputError(
            "header", "the first row has none of the standard column names; give one header row at the top"
        )
    bound: list[Bound | None] = []
    for index, name in enumerate(names):
        found = bind(name, mapping) if name.strip() else None
        if found is None and name.strip() and header_key(name) not in mapping.ignored:
            raise InvalidInputError(f"header, column {column_letter(index)}", _not_ours(name))
        bound.append(found)
    _refuse_duplicates(names, bound)
    present = {column.place.name for column in bound if column}
    given = set(mapping.defaults) | ({"source"} if default_source else set())
    missing = [name for name in REQUIRED if name not in present and name not in given]
    if missing:
        raise InvalidInputError("header", f"the column {missing[0]} is missing; {BY_NAME[missing[0]].help}")
    unmet = [name for name in mapping.promised if name not in present]
    if unmet:
        raise InvalidInputError(
            f"mapping, columns.{unmet[0]}",
            "the file has no column with this name; correct the mapping or the file",
        )
    return bound


def bind_incident_header(names: Sequence[str], *, mapping: ColumnMapping) -> list[Bound | None]:
    """Return the columns of the sheet of incidents: the referral's source_reference,
    and the columns of each.
    """
    bound: list[Bound | None] = []
    for index, name in enumerate(names):
        found = bind_incident(name, mapping)
        if found is None and name.strip() and header_key(name) not in mapping.ignored:
            raise InvalidInputError(
                f"sheet 'incidents', header, column {column_letter(index)}", _not_ours(name)
            )
        bound.append(found)
    _refuse_duplicates(names, bound, where="sheet 'incidents', header")
    present = {column.place.column.name for column in bound if column}
    for needed in (_INCIDENT_REFERENCE, "kind"):
        if needed not in present:
            raise InvalidInputError("sheet 'incidents', header", f"the column {needed} is missing")
    return bound


def bind_incident(name: str, mapping: ColumnMapping) -> Bound | None:
    """Return the column of an incident given apart (a sheet's row, an entry of a list).

    Return None if it is not one of them.
    """
    key = mapping.ours_of_incident(header_key(name)) or header_key(name)
    column = BY_NAME[key] if key == _INCIDENT_REFERENCE else INCIDENT_BY_NAME.get(key)
    return Bound(placed(column), column.name) if column else None


def _refuse_duplicates(names: Sequence[str], bound: Sequence[Bound | None], *, where: str = "header") -> None:
    seen: dict[str, int] = {}
    for index, (name, column) in enumerate(zip(names, bound, strict=True)):
        key = column.place.name if column else header_key(name)
        if not key:
            continue
        if key in seen:
            shown = f"{key} is" if column else "the same name is"
            raise InvalidInputError(
                where,
                f"{shown} in the columns {column_letter(seen[key])} and {column_letter(index)}; remove one",
            )
        seen[key] = index


def _not_ours(name: str) -> str:
    near = difflib.get_close_matches(
        re.sub(r"\W+", "_", header_key(name[:80])), list(BY_NAME), n=1, cutoff=0.8
    )
    meant = f"; is {near[0]} meant?" if near else ""
    return f"not a standard column{meant or '; rename it, map it, or list it under ignore in a mapping file'}"
