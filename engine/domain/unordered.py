"""Words that must not be put in order or added up, though they are text and text could be."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn


class UnorderedWord(StrEnum):
    """A word such as a level: comparing two by size, sorting and adding them raise a TypeError.

    As text "low" would be more than "high", and the largest of some levels would be the wrong one.
    """

    def __lt__(self, other: object) -> NoReturn:
        self._refuse("put in order")

    def __le__(self, other: object) -> NoReturn:
        self._refuse("put in order")

    def __gt__(self, other: object) -> NoReturn:
        self._refuse("put in order")

    def __ge__(self, other: object) -> NoReturn:
        self._refuse("put in order")

    def __add__(self, other: object) -> NoReturn:
        self._refuse("added")

    def __radd__(self, other: object) -> NoReturn:
        self._refuse("added")

    def _refuse(self, done: str) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is a label and cannot be {done}; use its value for text")
