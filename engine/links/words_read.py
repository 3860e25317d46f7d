"""The words of a network's files for types and roles, each with how it was read. Reads no file."""

from __future__ import annotations

from typing import NamedTuple

from engine.links.kinds import folded


class WordRead(NamedTuple):
    """A word of the files, what it was read as, and in how many rows it is."""

    word: str
    read_as: str
    number: int


class WordCount:
    """Counts the terms of one column. Terms that differ only in case are one, as in a mapping."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def add(self, word: str) -> None:
        """Count a term once more; an empty cell is none."""
        if word not in self._words:
            self._words[word] = folded(word)
        self._numbers[word] = self._numbers.get(word, 0) + 1

    def words(self) -> tuple[tuple[str, int], ...]:
        """Return each term as it was first written and its number, the most frequent first."""
        first: dict[str, str] = {}
        numbers: dict[str, int] = {}
        for word, term in self._words.items():
            if term:
                first.setdefault(term, word)
                numbers[term] = numbers.get(term, 0) + self._numbers[word]
        found = [(first[term], number) for term, number in numbers.items()]
        return tuple(sorted(found, key=lambda each: (-each[1], each[0])))
