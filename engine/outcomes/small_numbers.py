"""Figures that may be shown: none under ten, and none from which such a figure can be worked out. Pure.

A part is hidden with its complement ("16 of 17" shows the one), a total with a near one that it includes, and
a step of a curve until ten reports are in it. Hidden is None, which is not nought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

HIDDEN_UNDER = 10
Name = TypeVar("Name")


def is_small(number: int) -> bool:
    """Return whether a figure is under ten; nought is not a small one where it discloses no person."""
    return 0 < number < HIDDEN_UNDER


def part(number: int, whole: int) -> int | None:
    """Return cases with a finding, out of a whole: shown where those and the others are enough."""
    return number if min(number, whole - number) >= HIDDEN_UNDER else None


def progress(number: int, whole: int) -> int | None:
    """Return the progress of the work: as a part, save that all and none may be shown,
    as nothing was found yet.
    """
    return None if is_small(number) or is_small(whole - number) or is_small(whole) else number


def apart(number: int | None, *others: int | None) -> int | None:
    """Return a figure that is not within ten of another one that includes it."""
    near = (other is not None and number is not None and is_small(abs(other - number)) for other in others)
    return None if any(near) else number


def cells(counts: Mapping[Name, int], whole: int | None) -> dict[Name, int | None]:
    """Return cells that make up a whole: all or none, as the whole less the others is the one."""
    may = whole is not None and min(counts.values()) >= HIDDEN_UNDER
    return {name: count if may else None for name, count in counts.items()}


def falling(counts: Sequence[int]) -> list[int | None]:
    """Return numbers that fall with time, such as those at risk: each is ten or more,
    and differs by none or ten.
    """
    shown: list[int | None] = []
    last: int | None = None
    for count in counts:
        may = count >= HIDDEN_UNDER and (last is None or not is_small(last - count))
        shown.append(count if may else None)
        last = count if may else last
    return shown


def joined(levels: Mapping[Name, Sequence[int]]) -> tuple[tuple[tuple[Name, ...], list[int | None]], ...]:
    """Return levels that make up a whole, the small ones as one level where those together are enough.

    Each level has one count or more, such as those with a plan and those without. At least two levels are
    joined, so that neither can be worked out from the whole. A level of nought is joined too: that a group is
    empty is a fact about people. Where they are too few together, the smallest level that is enough
    joins them.
    """
    alone = [name for name, counts in levels.items() if min(counts) >= HIDDEN_UNDER]
    together = [name for name in levels if name not in alone]

    def added() -> list[int]:
        return [sum(counts) for counts in zip(*(levels[name] for name in together), strict=True)]

    while together and alone and (len(together) < 2 or min(added()) < HIDDEN_UNDER):
        smallest = min(alone, key=lambda name: sum(levels[name]))
        alone.remove(smallest)
        together.append(smallest)
    shown: list[tuple[tuple[Name, ...], list[int | None]]] = [((name,), list(levels[name])) for name in alone]
    if together:
        names = tuple(sorted(together, key=list(levels).index))
        is_enough = min(added()) >= HIDDEN_UNDER
        shown.append((names, [number if is_enough else None for number in added()]))
    return tuple(shown)
