"""What a benchmark says, and how times are taken. Knows nothing of what is measured."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One figure with what it is to reach, beside a yardstick in the same unit from the same run."""

    name: str
    figure: float
    unit: str
    target: float
    yardstick: float
    against: str
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        """How many yardsticks it is."""
        return self.figure / self.yardstick

    @property
    def is_reached(self) -> bool:
        """Whether the target is reached."""
        return self.figure >= self.target if self.more_is_better else self.figure <= self.target

    def as_told(self) -> dict[str, str | float]:
        """The shape in which it is told to other programs."""
        return {
            "name": self.name,
            "figure": round(self.figure, 4),
            "unit": self.unit,
            "target": self.target,
            "yardstick": round(self.yardstick, 4),
            "ratio": round(self.ratio, 3),
        }


def seconds(work: Callable[[], object], *, clock: Callable[[], float] = time.perf_counter) -> float:
    """How long it takes, once."""
    gc.collect()
    began = clock()
    work()
    return clock() - began


def in_turns(
    works: dict[str, Callable[[], object]],
    *,
    times: int,
    warm: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """How long each takes, in turns, so that a busy machine is busy for all of them.

    With ``time.process_time`` it is the processor time of this process, which other work hardly changes.
    """
    for _ in range(warm):
        for work in works.values():
            work()
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(times):
        for name in _rotated(tuple(works), turn):
            taken[name].append(seconds(works[name], clock=clock))
    return taken


def median(times: list[float]) -> float:
    """The one in the middle."""
    return statistics.median(times)


def _rotated(names: tuple[str, ...], by: int) -> Iterator[str]:
    start = by % len(names)
    yield from names[start:] + names[:start]
