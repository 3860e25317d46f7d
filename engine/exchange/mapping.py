"""Mapping files: other people's column names and values in our terms. Knows TOML and our columns, no rows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pydantic import Field, PrivateAttr

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.exchange.columns import (
    BY_NAME,
    INCIDENT_BY_NAME,
    INCIDENT_COLUMNS,
    MOST_NUMBERED_INCIDENTS,
    NUMBERED,
    YES_NO_CHOICES,
    Column,
    Kind,
    place_of,
)
from engine.exchange.plain_files import size_of_plain_file

MAY_HAVE_A_DEFAULT = ("source", "referred_on", "relationship")
"""Elsewhere a blank means "not asked" or "not recorded", and a default would say more than any source did."""
ALL_YES_NO = "yes_no"
"""In [values]: for every yes/no column that has no words of its own."""
NUMBER = "{N}"
_TABLES = ("columns", "incidents", "values", "defaults", "ignore")
_LARGEST = 1_000_000


def header_key(name: str) -> str:
    """Return a column's name without the accidents of case and spacing."""
    return re.sub(r"[\s\-_]+", "_", name.strip().casefold())


class ColumnMapping(Frozen):
    """Other people's names and values, by ours.

    ``columns`` is our name to theirs, and ``numbered`` the same with N for the number of an incident;
    ``incidents`` is for a sheet or list of incidents; ``values`` is, for one of our columns, their term to
    ours; ``ignore`` lists their columns that are left aside on purpose.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    numbered: dict[str, str] = Field(default_factory=dict)
    incidents: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    defaults: dict[str, str] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    _ours: dict[str, str] = PrivateAttr(default_factory=dict)
    _ours_of_incident: dict[str, str] = PrivateAttr(default_factory=dict)
    _ignored: frozenset[str] = PrivateAttr(default=frozenset())

    def model_post_init(self, context: object, /) -> None:
        """Turn the tables round once, for reading every header and cell."""
        for ours, theirs in self.numbered.items():
            for n in range(1, MOST_NUMBERED_INCIDENTS + 1):
                name = ours.replace(NUMBERED, f"incident_{n}_")
                self._ours[header_key(theirs.replace(NUMBER, str(n)))] = name
        self._ours |= {header_key(theirs): ours for ours, theirs in self.columns.items()}
        self._ours_of_incident |= {header_key(theirs): ours for ours, theirs in self.incidents.items()}
        self._ignored = frozenset(header_key(name) for name in self.ignore)

    @property
    def promised(self) -> tuple[str, ...]:
        """Our columns that a file read with this mapping must have, or a name in the mapping is mistyped."""
        return (*self.columns, *(ours.replace(NUMBERED, "incident_1_") for ours in self.numbered))

    @property
    def ignored(self) -> frozenset[str]:
        """Their columns that are left aside, as header keys."""
        return self._ignored

    def ours(self, key: str) -> str | None:
        """Return our name for their column, given as a header key."""
        return self._ours.get(key)

    def ours_of_incident(self, key: str) -> str | None:
        """Return our name for their column of a sheet or list of incidents, given as a header key."""
        return self._ours_of_incident.get(key)

    def our_value(self, column: Column, theirs: str) -> str:
        """Return our term for theirs in this column, or theirs as it is."""
        key = theirs.strip().casefold()
        words = self.values.get(_values_key(column), {})
        if key not in words and column.kind is Kind.YES_NO:
            words = self.values.get(ALL_YES_NO, {})
        return words.get(key, theirs)


def load_mapping(path: Path) -> ColumnMapping:
    """Return the mapping in a TOML file; InvalidInputError names the key that is wrong."""
    if size_of_plain_file(path, "mapping") > _LARGEST:
        raise InvalidInputError("mapping", f"larger than {_LARGEST:,} bytes; a mapping is a page of text")
    try:
        return read_mapping(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise InvalidInputError("mapping", "not UTF-8 text; save it as UTF-8") from wrong


def read_mapping(text: str) -> ColumnMapping:
    """Return the mapping that a TOML text describes; InvalidInputError names the key that is wrong."""
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        place = re.search(r"\(at [a-z0-9, ]+\)$", str(wrong))
        raise InvalidInputError("mapping", f"not TOML {place[0] if place else ''}".strip()) from wrong
    for key in tables:
        if key not in _TABLES:
            raise _wrong(key, f"not known; the tables are {', '.join(_TABLES)}")
    columns, numbered = _columns(_table(tables, "columns"))
    return ColumnMapping(
        columns=columns,
        numbered=numbered,
        incidents=_incidents(_table(tables, "incidents")),
        values=_values(_table(tables, "values")),
        defaults=_defaults(_table(tables, "defaults")),
        ignore=_ignore(tables.get("ignore", [])),
    )


def _columns(table: dict[str, object]) -> tuple[dict[str, str], dict[str, str]]:
    single: dict[str, str] = {}
    numbered: dict[str, str] = {}
    taken: dict[str, str] = {}
    for ours, given in table.items():
        key = f"columns.{ours}"
        theirs = _text(key, given)
        if header_key(theirs) in taken:
            raise _wrong(key, f"names the same column as columns.{taken[header_key(theirs)]}")
        taken[header_key(theirs)] = ours
        if ours.startswith(NUMBERED) and ours.removeprefix(NUMBERED) in INCIDENT_BY_NAME:
            if NUMBER not in theirs:
                raise _wrong(key, f"write {NUMBER} where their column has the number")
            numbered[ours] = theirs
        elif place_of(ours) is not None:
            single[ours] = theirs
        else:
            raise _wrong(key, "not a column of ours")
    return single, numbered


def _incidents(table: dict[str, object]) -> dict[str, str]:
    allowed = ("source_reference", *INCIDENT_BY_NAME)
    whole: dict[str, str] = {}
    for ours, theirs in table.items():
        if ours not in allowed:
            raise _wrong(f"incidents.{ours}", f"not a column of the sheet of incidents: {', '.join(allowed)}")
        whole[ours] = _text(f"incidents.{ours}", theirs)
    return whole


def _values(table: dict[str, object]) -> dict[str, dict[str, str]]:
    columns = {_values_key(column): column for column in (*BY_NAME.values(), *INCIDENT_COLUMNS)}
    whole: dict[str, dict[str, str]] = {}
    for name in table:
        key = f"values.{name}"
        words = _table(table, name, within="values.")
        column = columns.get(name)
        if column is None and name != ALL_YES_NO:
            raise _wrong(key, "not a column of ours")
        choices = column.choices if column else YES_NO_CHOICES
        whole[name] = {}
        for theirs, ours in words.items():
            term = _text(f"{key}.{theirs}", ours)
            if not theirs.strip():
                raise _wrong(key, "a blank cell already has a meaning; remove this line")
            older = column.also_read if column else ()
            if choices and term.casefold() not in (*choices, *older):
                raise _wrong(f"{key}.{theirs}", f"give one of: {', '.join(choices)}")
            whole[name][theirs.strip().casefold()] = term
    return whole


def _defaults(table: dict[str, object]) -> dict[str, str]:
    for name in table:
        if name not in MAY_HAVE_A_DEFAULT:
            raise _wrong(f"defaults.{name}", f"only these may have one: {', '.join(MAY_HAVE_A_DEFAULT)}")
    return {name: _text(f"defaults.{name}", value) for name, value in table.items()}


def _ignore(names: object) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        raise _wrong("ignore", 'a list of their column names, such as ["Notes"]')
    return tuple(names)


def _values_key(column: Column) -> str:
    return column.name if column.name in BY_NAME else f"{NUMBERED}{column.name}"


def _table(tables: dict[str, object], name: str, *, within: str = "") -> dict[str, object]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise _wrong(f"{within}{name}", "a table is expected here")
    return table


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(key, "text in quotation marks is expected here")
    return value.strip()


def _wrong(key: str, reason: str) -> InvalidInputError:
    return InvalidInputError(f"mapping, {key[:200]}", reason)
