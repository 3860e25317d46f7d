"""The terms of a network's files for types and roles, each with how it was read. Reads no file."""

from __future__ import annotations

from typing import NamedTuple

from engine.links.kinds import folded


class TermRead(NamedTuple):
    """A term of the files, what it was read as, and in how many rows it is."""

    term: str
    read_as: str
    number: int


class TermCount:
    """Counts the terms of one column. Terms that differ only in case are one, as in a mapping."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def add(self, term: str) -> None:
        """Count a term once more; an empty cell is none."""
        self._numbers[term] = self._numbers.get(term, 0) + 1

    def terms(self) -> tuple[tuple[str, int], ...]:
        """Return each term as it was first written and its number, the most frequent first."""
        first: dict[str, str] = {}
        numbers: dict[str, int] = {}
        for term, number in self._numbers.items():
            if plain := folded(term):
                first.setdefault(plain, term)
                numbers[plain] = numbers.get(plain, 0) + number
        found = [(first[plain], number) for plain, number in numbers.items()]
        return tuple(sorted(found, key=lambda each: (-each[1], each[0])))
