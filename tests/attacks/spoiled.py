"""Makes views in which every text tries to be something else: script, markup, a link, a formula.

Which texts there are the models say themselves: a field that is added tomorrow is tried tomorrow.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, NewType, Union

from pydantic import BaseModel

from engine.domain.cases.lifecycle import State
from engine.domain.dates import PartialDate
from engine.domain.responses.answers import AnswerState

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
_CHOSEN: dict[type[Enum], Enum] = {AnswerState: AnswerState.CONTRIBUTION, State: State.IN_DELIVERY}
_PLAIN: dict[type, object] = {
    bool: False,
    int: 2,
    float: 1.5,
    datetime: AT,
    date: AT.date(),
    bytes: b"",
    PartialDate: PartialDate("2026-02"),
    type(None): None,
}


MARKS = "\u202e\u2067\u200f\x1b"
"""Right to left from here on, twice over, and the sign by which a terminal takes a command."""


def hostile(number: int) -> str:
    """A text that breaks out of an attribute, runs a script, loads a picture, is a link, is a formula.

    It turns the direction of what comes after it.
    """
    return (
        f"=cmd({number})\"'><script>bad({number})</script><img src=x onerror=bad({number})>[m](http://evil)"
        f"{MARKS}"
    )


class Spoiler:
    """Builds values of any type, with a hostile text of its own number for each text."""

    def __init__(self, keep: Mapping[type, object] | None = None) -> None:
        self.texts: dict[int, str] = {}
        self._keep = {**_PLAIN, **(keep or {})}

    def of(self, hint: Any, path: str) -> Any:
        """A value of this type; ``path`` says where it stands."""
        if hint in self._keep:
            return self._keep[hint]
        origin, within = typing.get_origin(hint), typing.get_args(hint)
        if hasattr(hint, "__value__"):
            return self.of(hint.__value__, path)
        if isinstance(hint, NewType):
            return self.of(hint.__supertype__, path)
        if origin is Annotated:
            return self.of(within[0], path)
        if origin is Literal:
            return within[0]
        if origin in (Union, types.UnionType):
            return self.of(next(each for each in within if each is not type(None)), path)
        if origin is not None:
            return self._several(origin, within, path)
        return self._one(hint, path)

    def _one(self, hint: Any, path: str) -> Any:
        if hint is str:
            number = len(self.texts) + 1
            self.texts[number] = path
            return hostile(number)
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            fields = typing.get_type_hints(hint, include_extras=True)
            made = {name: self.of(fields[name], f"{hint.__name__}.{name}") for name in hint.model_fields}
            return hint.model_construct(**made)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return _CHOSEN.get(hint, next(iter(hint)))
        if isinstance(hint, type) and hasattr(hint, "_fields"):
            fields = typing.get_type_hints(hint)
            return hint(**{name: self.of(fields[name], f"{path}.{name}") for name in fields})
        if hint is Decimal:
            return Decimal(1)
        raise TypeError(f"no value for {hint} at {path}")

    def _several(self, origin: Any, within: tuple[Any, ...], path: str) -> Any:
        if origin in (tuple,) and (len(within) != 2 or within[1] is not Ellipsis):
            return tuple(self.of(each, f"{path}[{n}]") for n, each in enumerate(within))
        if origin in (tuple, list, Sequence, Collection, frozenset, set, Iterator):
            one = self.of(within[0], f"{path}[]")
            if origin in (frozenset, set):
                return frozenset([one])
            return [one] if origin is list else (one,)
        if origin is Callable:
            return lambda *_given, **_named: self.of(within[1], f"{path}()")
        if origin in (dict, Mapping):
            return self._by_key(within[0], self.of(within[1], path), path)
        raise TypeError(f"no value for {origin} at {path}")

    def _by_key(self, key: Any, value: Any, path: str) -> dict[Any, Any]:
        if isinstance(key, type) and issubclass(key, Enum):
            return dict.fromkeys(key, value)
        return _Whatever({self.of(key, path): value})


class _Whatever(dict[Any, Any]):
    """Gives its one value for whatever it is asked."""

    def __missing__(self, key: object) -> Any:
        return next(iter(self.values()))
