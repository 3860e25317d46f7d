"""Counts and lists as a panel member reads them aloud. Knows words only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


_LISTED_MOST = 6


def number(count: int) -> str:
    """Return the number in words up to ten, past it in figures."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a counted noun: ``counted(3, "report")`` is "three reports"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Return a list: ``listed(["a", "b", "c"])`` is "a, b and c";
    of very many it says how many more there are.
    """
    if len(parts) > _LISTED_MOST:
        parts = [*parts[: _LISTED_MOST - 1], f"{number(len(parts) - _LISTED_MOST + 1)} more"]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def was(count: int) -> str:
    """Return the verb that goes with so many."""
    return "was" if count == 1 else "were"


def key_of(kind: str, record: str) -> str:
    """Return a finding's key from the record that it rests on: the same for the same record,
    whatever its name.
    """
    plain = f"{kind}-{record.lower()}"
    if re.fullmatch(r"[a-z][a-z0-9\-]{1,39}", plain):
        return plain
    return f"{kind}-{hashlib.sha256(record.encode()).hexdigest()[:12]}"


def sentence(text: str) -> str:
    """Return it with a capital at its start and a stop at its end."""
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "!", "?", ".\u201d", "!\u201d", "?\u201d")) else whole + "."
