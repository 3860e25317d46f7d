"""Keeps what would find the victim out of every sentence. Knows values and texts, no files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from engine.hooks.v1 import ProtectedValue

INSTEAD = "[protected]"
_SHORTEST = 3


def keeper_out(protected: Sequence[ProtectedValue]) -> Callable[[str], str]:
    """A function that takes these values out of a text, however they are spaced, and changes nothing else."""
    letters = (re.sub(r"\W", "", each.value) for each in protected)
    loosely = [
        r"\W*".join(map(re.escape, each))
        for each in sorted(set(letters), key=len, reverse=True)
        if len(each) >= _SHORTEST
    ]
    if not loosely:
        return str
    pattern = re.compile("|".join(loosely), re.IGNORECASE)
    return lambda text: pattern.sub(INSTEAD, text)
