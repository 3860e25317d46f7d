"""Figures that may be shown: none under a limit, and none from which such a figure can be worked out. Pure.

A part is hidden with its complement ("16 of 17" shows the one), a total with a near one that it includes, and
a step of a curve until enough reports are in it. Hidden is None, which is not nought. A limit of 0 hides
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

HIDDEN_UNDER = 10
Name = TypeVar("Name")


def is_small(number: int, limit: int = HIDDEN_UNDER) -> bool:
    """Return whether a figure is under the limit; nought is not a small one where it discloses no person."""
    return 0 < number < limit


def part(number: int, whole: int, limit: int = HIDDEN_UNDER) -> int | None:
    """Return cases with a finding, out of a whole: shown where those and the others are enough."""
    return number if min(number, whole - number) >= limit else None


def progress(number: int, whole: int, limit: int = HIDDEN_UNDER) -> int | None:
    """Return the progress of the work: as a part, save that all and none may be shown,
    as nothing was found yet.
    """
    return None if any(is_small(each, limit) for each in (number, whole - number, whole)) else number


def apart(number: int | None, *others: int | None, limit: int = HIDDEN_UNDER) -> int | None:
    """Return a figure that is not within the limit of another one that includes it."""
    near = (
        other is not None and number is not None and is_small(abs(other - number), limit) for other in others
    )
    return None if any(near) else number


def cells(counts: Mapping[Name, int], whole: int | None, limit: int = HIDDEN_UNDER) -> dict[Name, int | None]:
    """Return cells that make up a whole: all or none, as the whole less the others is the one."""
    may = whole is not None and min(counts.values()) >= limit
    return {name: count if may else None for name, count in counts.items()}


def joined(
    levels: Mapping[Name, Sequence[int]],
    limit: int = HIDDEN_UNDER,
    *,
    behind: Mapping[Name, int] | None = None,
) -> tuple[tuple[tuple[Name, ...], list[int | None]], ...]:
    """Return levels that make up a whole, the small ones as one level where those together are enough.

    Each level has one count or more, such as those with a plan and those without. At least two levels are
    joined, so that neither can be worked out from the whole. A level of nought is joined too: that a group is
    empty is a fact about people. Where they are too few together, the smallest level that is enough
    joins them. ``behind`` are the cases behind counts of other things; those of a joined level are at least
    those of its largest.
    """

    def counts_of(names: Sequence[Name]) -> list[int]:
        return [sum(counts) for counts in zip(*(levels[name] for name in names), strict=True)]

    def is_enough(names: Sequence[Name]) -> bool:
        cases = [max(behind[name] for name in names)] if behind is not None else []
        return min(*counts_of(names), *cases, limit) >= limit

    alone = [name for name in levels if is_enough([name])]
    together = [name for name in levels if name not in alone]
    while together and alone and (len(together) < 2 or not is_enough(together)):
        smallest = min(alone, key=lambda name: sum(levels[name]))
        alone.remove(smallest)
        together.append(smallest)
    shown: list[tuple[tuple[Name, ...], list[int | None]]] = [((name,), list(levels[name])) for name in alone]
    if together:
        names = tuple(sorted(together, key=list(levels).index))
        may = is_enough(names)
        shown.append((names, [number if may else None for number in counts_of(names)]))
    return tuple(shown)
