"""Formal classifications: their short names, and the values that propose that a case is urgent, as data."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from engine.domain.base import Frozen
from engine.domain.responses.formal import Formal, FormalKind

_ANY = "any"


class FormalRow(Frozen):
    """One kind: its name on top of a case, and the values of it that propose "urgent"."""

    kind: FormalKind
    says: str
    urgent: tuple[str, ...] = ()


class _Table(Frozen):
    version: str
    formal: tuple[FormalRow, ...]


@cache
def _table() -> _Table:
    text = files("engine.instruments").joinpath("data", "formal.toml").read_text(encoding="utf-8")
    return _Table.model_validate(tomllib.loads(text))


def formal_version() -> str:
    """Return the version of the data file: what was worked out by another one is worked out again."""
    return _table().version


@cache
def formal_rows() -> dict[FormalKind, FormalRow]:
    """Return the data file by kind."""
    return {row.kind: row for row in _table().formal}


def proposes_urgent(formal: Formal) -> bool:
    """Return whether its value is one of the table's: by equality, in small letters, and by nothing else."""
    urgent = formal_rows()[formal.kind].urgent
    return _ANY in urgent or (formal.value or "").casefold() in urgent


def short_of(formal: Formal) -> str:
    """Return it in a few words, such as ``RoSH very high``; a name that its value repeats is said once."""
    name, value = formal_rows()[formal.kind].says, formal.value
    if not value or name.casefold() in value.casefold():
        return value or name
    repeats = name.casefold().split()[-1] in value.casefold()
    return f"{name}: {value}" if repeats else f"{name} {value}"
