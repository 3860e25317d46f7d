"""Joins and counts of columns side by side, as array work. Knows no person and no pattern."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Small = NDArray[np.int32]
_Kind = TypeVar("_Kind", bound=np.generic)


class Joined(NamedTuple):
    """Two columns side by side, a row for each meeting."""

    one: Small
    other: Small


def each_once(joined: Joined) -> Joined:
    """Return the rows without repetition, in no order.

    What comes once in the second column need not be sorted.
    """
    if not len(joined.one):
        return joined
    wide = int(joined.other.max()) + 1
    alone = _comes_once(joined.other, wide)[joined.other]
    keys, _ = counted(keys_of(joined.one[~alone], joined.other[~alone], wide))
    rest = split(keys, wide)
    return Joined(
        np.concatenate([joined.one[alone], rest.one]), np.concatenate([joined.other[alone], rest.other])
    )


def keys_of(one: Small, other: Small, wide: int) -> Numbers:
    """Return one number for each row, in the order of the first column and then of the second."""
    return one.astype(np.int64) * wide + other


def split(keys: Numbers, wide: int) -> Joined:
    """Return the two columns of such numbers."""
    return Joined((keys // max(1, wide)).astype(np.int32), (keys % max(1, wide)).astype(np.int32))


def together(parts: list[NDArray[_Kind]]) -> NDArray[_Kind]:
    """Join columns one below the other."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def counted(keys: Numbers) -> tuple[Numbers, Numbers]:
    """Return each of these once, in order, and how often it came.

    Sorted: a table of hashes misses every cache.
    """
    ordered = np.sort(keys)
    begins = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return ordered[begins], np.diff(begins, append=len(ordered))


def _by_other(joined: Joined) -> Joined:
    """Return the same rows in the order of the second column."""
    wide = int(joined.one.max(initial=0)) + 1
    found = split(np.sort(keys_of(joined.other, joined.one, wide)), wide)
    return Joined(found.other, found.one)


def meetings_of(ones: Joined, others: Joined) -> Numbers:
    """Return, for each value of the second column, how many pairs it joins."""
    size = int(max(ones.other.max(initial=-1), others.other.max(initial=-1))) + 1
    meetings: Numbers = np.bincount(ones.other, minlength=size) * np.bincount(others.other, minlength=size)
    return meetings


def joined_by(ones: Joined, others: Joined) -> Joined:
    """Return the first columns of every two rows that have the second in common.

    Most incidents have one perpetrator and one victim: those are read directly, and only the rest is sorted.
    """
    size = int(max(ones.other.max(initial=-1), others.other.max(initial=-1))) + 1
    alone = _comes_once(ones.other, size) & _comes_once(others.other, size)
    opposite = np.zeros(size, dtype=np.int32)
    opposite[others.other] = others.one
    quick = alone[ones.other]
    met = Joined(ones.one[quick], opposite[ones.other[quick]])
    left, right = ~quick, ~alone[others.other]
    rest = _sorted_together(
        Joined(ones.one[left], ones.other[left]), Joined(others.one[right], others.other[right])
    )
    return Joined(np.concatenate([met.one, rest.one]), np.concatenate([met.other, rest.other]))


def _comes_once(values: Small, size: int) -> NDArray[np.bool_]:
    """Return, of each value below this, whether it comes exactly once."""
    once: NDArray[np.bool_] = np.bincount(values, minlength=size) == 1
    return once


def _sorted_together(ones: Joined, others: Joined) -> Joined:
    ones, (there, values) = _by_other(ones), _by_other(others)
    first = np.searchsorted(values, ones.other, side="left")
    counts = np.searchsorted(values, ones.other, side="right") - first
    begins = np.cumsum(counts) - counts
    at = np.repeat(first - begins, counts) + np.arange(int(counts.sum()))
    return Joined(np.repeat(ones.one, counts), there[at])


def at_least(values: Small, number: int, size: int) -> list[int]:
    """Return the values that come so often, in order."""
    found: list[int] = np.flatnonzero(np.bincount(values, minlength=size) >= number).tolist()
    return found


def as_pairs(joined: Joined, those: NDArray[np.bool_] | None = None) -> list[tuple[int, int]]:
    """Return the rows, or those that are marked, as pairs."""
    one, other = (joined.one, joined.other) if those is None else (joined.one[those], joined.other[those])
    return list(zip(one.tolist(), other.tolist(), strict=True))
