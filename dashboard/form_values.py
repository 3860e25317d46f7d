"""The values of the short fields of a form, as one text that a draft stores, and back. Pure."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import Enum

from pydantic import TypeAdapter, ValidationError

from engine.domain.base import Frozen

Value = str | int | float | bool | Enum
"""A value of such a field; a list, a table and an empty field are left out."""
_WORDS_OF = "engine.domain."


class _Choice(Frozen):
    """One of our own enumerations, by its name."""

    of: str
    value: str | int


_STORED: TypeAdapter[dict[str, _Choice | bool | int | float | str]] = TypeAdapter(
    dict[str, _Choice | bool | int | float | str]
)


def as_text(values: Mapping[str, object]) -> str:
    """Return the values as one text, the same for the same values; blank where there is none."""
    there = {name: _stored(value) for name, value in sorted(values.items()) if _is_filled_in(value)}
    return _STORED.dump_json(there).decode() if there else ""


def from_text(text: str) -> dict[str, Value]:
    """Return the values of such a text; what cannot be read is left out."""
    try:
        stored = _STORED.validate_json(text)
    except ValidationError:
        return {}
    values = {name: _read(value) for name, value in stored.items()}
    return {name: value for name, value in values.items() if value is not None}


def _is_filled_in(value: object) -> bool:
    return isinstance(value, str | int | float | Enum) and value not in ("", False)


def _stored(value: object) -> _Choice | bool | int | float | str:
    if isinstance(value, Enum):
        return _Choice(of=f"{type(value).__module__}:{type(value).__name__}", value=value.value)
    assert isinstance(value, str | int | float)
    return value


def _read(value: _Choice | bool | int | float | str) -> Value | None:
    """Return a value again; a choice only of the domain, by what its form has loaded already."""
    if not isinstance(value, _Choice):
        return value
    module, _, name = value.of.partition(":")
    found = getattr(sys.modules.get(module), name, None) if module.startswith(_WORDS_OF) else None
    if not (isinstance(found, type) and issubclass(found, Enum)):
        return None
    try:
        return found(value.value)
    except ValueError:
        return None
