"""Marks of the values of one column, worked out once for each value and read for many pairs."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from engine.identity.persons import NOT_RECORDED, Ints

Steps = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
NEARLY, ALIKE = 0.92, 0.82
"""Jaro-Winkler likeness from which two words differ by about a letter, and from which they are alike."""


class Marks:
    """The values of a column and what was asked about them.

    ``frozen`` is for the register, whose weights were trained on likeness in full precision and without the
    sound of names: its levels must stay as they are.
    """

    def __init__(self, values: tuple[str, ...], *, frozen: bool = False) -> None:
        self.values, self.frozen = values, frozen
        self.texts: Texts = np.array(values, dtype=object)
        self._places: dict[str, Ints] = {}
        self._flags: dict[str, Flags] = {}
        self._parts: dict[str, Texts] = {}

    def same(self, name: str, mark: Callable[[str], Hashable], one: Ints, other: Ints) -> Flags:
        """Return where the two values have the same mark; a mark of None is like no other."""
        if name not in self._places:
            seen: dict[Hashable, int] = {}
            self._places[name] = np.array(
                [
                    NOT_RECORDED if found is None else seen.setdefault(found, len(seen))
                    for found in map(mark, self.values)
                ],
                dtype=np.int64,
            )
        places = self._places[name]
        ours, theirs = places[one], places[other]
        found: Flags = (ours == theirs) & (ours != NOT_RECORDED)
        return found

    def flags(self, name: str, flag: Callable[[str], bool]) -> Flags:
        """Return, for each value, whether it is so."""
        if name not in self._flags:
            self._flags[name] = np.array([flag(value) for value in self.values], dtype=np.bool_)
        return self._flags[name]

    def parts(self, name: str, part: Callable[[str], str]) -> Texts:
        """Return, for each value, a part of it."""
        if name not in self._parts:
            self._parts[name] = np.array([part(value) for value in self.values], dtype=object)
        return self._parts[name]


def likeness(ours: Texts, theirs: Texts, *, frozen: bool = False) -> npt.NDArray[np.floating]:
    """Return the Jaro-Winkler likeness of each pair, 0 to 1;
    in full precision for the register's frozen weights.
    """
    dtype = np.float64 if frozen else np.float32
    return cpdist(list(ours), list(theirs), scorer=JaroWinkler.similarity, dtype=dtype)


def letters_kept(ours: Texts, theirs: Texts) -> npt.NDArray[np.float32]:
    """Return the share of letters that stay when one is turned into the other, 0 to 1."""
    return cpdist(list(ours), list(theirs), scorer=OSA.normalized_similarity, dtype=np.float32)


def edits(ours: Texts, theirs: Texts, most: int) -> npt.NDArray[np.int32]:
    """Return how many signs are added, removed, changed or exchanged with the next; ``most`` + 1 for more."""
    return cpdist(list(ours), list(theirs), scorer=OSA.distance, score_cutoff=most, dtype=np.int32)


def put(steps: Steps, where: Flags, step: int) -> Steps:
    """Return the steps with this one where it applies and is nearer than the one there."""
    return np.where(where & (steps > step), step, steps).astype(np.uint8)
