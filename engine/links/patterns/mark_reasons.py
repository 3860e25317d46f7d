"""The closed list of reasons for marking a finding, as data. Stores no mark."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.links.marks import MarkReason


class _Listed(Frozen):
    code: str
    says: str
    useful: bool
    offered: bool = True


class _Data(Frozen):
    reasons: tuple[_Listed, ...]


def mark_reasons() -> tuple[MarkReason, ...]:
    """Return the reasons that are offered, in the order of the list."""
    return tuple(known_reason(each.code) for each in _data().reasons if each.offered)


def known_reason(code: str) -> MarkReason:
    """Return a reason by its code, one that is no longer offered too. Raises InvalidInputError."""
    for each in _data().reasons:
        if each.code == code:
            return MarkReason(code=each.code, says=each.says, useful=each.useful)
    offered = ", ".join(each.code for each in _data().reasons if each.offered)
    raise InvalidInputError("reason", f"choose one of: {offered}")


@cache
def _data() -> _Data:
    text = files("engine.links").joinpath("data", "marks.toml").read_text(encoding="utf-8")
    return _Data.model_validate(tomllib.loads(text))
