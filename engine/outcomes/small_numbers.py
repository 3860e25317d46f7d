"""Which figures may be shown: none under ten, and none from which such a figure can be worked out. Pure.

A part is hidden with its complement ("16 of 17" shows the one), a total with a near one that it holds, and a
step of a curve until ten reports are in it. Hidden is None, which is not nought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

HIDDEN_UNDER = 10
Name = TypeVar("Name")


def is_small(number: int) -> bool:
    """Whether a figure is under ten; nought is no small one where nobody could be told from it."""
    return 0 < number < HIDDEN_UNDER


def part(number: int, whole: int) -> int | None:
    """Cases in which something was found, out of a whole: shown where those and the others are enough."""
    return number if min(number, whole - number) >= HIDDEN_UNDER else None


def progress(number: int, whole: int) -> int | None:
    """How far the work has come: as a part, save that all and none may be shown, as nothing was found yet."""
    return None if is_small(number) or is_small(whole - number) or is_small(whole) else number


def apart(number: int | None, *others: int | None) -> int | None:
    """A figure that is not within ten of another one that holds it."""
    near = (other is not None and number is not None and is_small(abs(other - number)) for other in others)
    return None if any(near) else number


def cells(counts: Mapping[Name, int], whole: int | None) -> dict[Name, int | None]:
    """Cells that make up a whole: all or none, as the whole less the others is the one."""
    may = whole is not None and min(counts.values()) >= HIDDEN_UNDER
    return {name: count if may else None for name, count in counts.items()}


def falling(counts: Sequence[int]) -> list[int | None]:
    """Numbers that fall with time, such as those at risk: each is ten or more, and differs by none or ten."""
    shown: list[int | None] = []
    last: int | None = None
    for count in counts:
        may = count >= HIDDEN_UNDER and (last is None or not is_small(last - count))
        shown.append(count if may else None)
        last = count if may else last
    return shown
