"""Mapping files for files of persons: which column holds which field. Knows TOML text, reads no file."""

from __future__ import annotations

import re
import tomllib

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.identity.fields import EXTRA, StandardField

ID, TRUE_PERSON, FURTHER = "id", "true_person", "extra"
FILES = ("a", "b")
_COLUMNS = "columns"
_FIELDS = tuple(field.value for field in StandardField)
_KEYS = (ID, *_FIELDS, FURTHER, TRUE_PERSON)


class PersonMapping(Frozen):
    """The columns of one file. A field of several columns is those cells after one another."""

    id: str | None = None
    true_person: str | None = None
    """True identity of each record: only for scoring, and never handed to the matching."""
    fields: dict[str, tuple[str, ...]]

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Every column that the mapping names, each after the key that names it."""
        single = ((ID, self.id), (TRUE_PERSON, self.true_person))
        whole = [(key, column) for key, column in single if column is not None]
        return (*whole, *((key, column) for key, columns in self.fields.items() for column in columns))


def read_person_mapping(text: str) -> tuple[PersonMapping, PersonMapping]:
    """Return the mappings of the first and the second file; InvalidInputError names the key that is wrong.

    Keys are at the top or in ``[columns]``, for both files; ``[a]`` and ``[b]`` hold what is another in one
    of them.
    """
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        place = re.search(r"\(at [a-z0-9, ]+\)$", str(wrong))
        raise InvalidInputError("mapping", f"not TOML {place[0] if place else ''}".strip()) from None
    common = {key: value for key, value in tables.items() if key not in (_COLUMNS, *FILES)}
    common |= _table(tables, _COLUMNS)
    first, second = (_one({**common, **_table(tables, file)}) for file in FILES)
    if len(_further(first)) != len(_further(second)):
        raise InvalidInputError("mapping, extra", "[a] and [b] must list as many columns, in the same order")
    alike = dict(zip(_further(second), _further(first), strict=True))
    return first, second.model_copy(
        update={"fields": {alike.get(field, field): columns for field, columns in second.fields.items()}}
    )


def _one(given: dict[str, object]) -> PersonMapping:
    fields: dict[str, tuple[str, ...]] = {}
    for key, value in given.items():
        if key not in _KEYS:
            raise InvalidInputError(f"mapping, {key[:60]}", f"not a key; the keys are {', '.join(_KEYS)}")
        if key == FURTHER:
            fields |= {f"{EXTRA}{column}": (column,) for column in _list(key, value)}
        elif key in _FIELDS:
            fields[key] = _list(key, value)
    if not fields:
        raise InvalidInputError(
            "mapping", f'names no column to compare; write lines such as surname = "Surname", or {FURTHER}'
        )
    return PersonMapping(
        id=_text(ID, given[ID]) if ID in given else None,
        true_person=_text(TRUE_PERSON, given[TRUE_PERSON]) if TRUE_PERSON in given else None,
        fields=fields,
    )


def _further(mapping: PersonMapping) -> list[str]:
    return [field for field in mapping.fields if field.startswith(EXTRA)]


def _table(tables: dict[str, object], name: str) -> dict[str, object]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise InvalidInputError(f"mapping, {name}", "a table is expected here")
    return table


def _list(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_text(key, column) for column in value)
    return (_text(key, value),)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInputError(f"mapping, {key}", "a column's name in quotation marks is expected here")
    return value.strip()
