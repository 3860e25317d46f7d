"""Possible answers where some days are not known: every order of incidents that their dates allow.

An incident without a whole day, and two on one day, have more than one possible order. Pure; judges nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from typing import NamedTuple

from engine.domain.dates import PartialDate
from engine.links.trend import rises

EVER = date.min


class Span(NamedTuple):
    """The first and the last day on which something may have happened."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """True if the day is known."""
        return self.first == self.last


def span_of(happened: PartialDate | None, *, until: date) -> Span:
    """Return the days that a date may mean, none after ``until``; without a date every day until then."""
    if happened is None:
        return Span(EVER, until)
    return Span(happened.earliest, max(happened.earliest, min(happened.latest, until)))


class Split(NamedTuple):
    """One way to cut a series into an earlier and a later half."""

    early: frozenset[int]
    """Places that are in the earlier half for certain."""
    free: tuple[int, ...]
    """Places that may be in either half."""
    room: int
    """Number of the free ones that the earlier half takes."""


def splits(spans: Sequence[Span]) -> Iterator[Split]:
    """Yield every cut into two halves that the dates allow; the later half is the larger one."""
    half = len(spans) // 2
    begins = sorted(span.first for span in spans)[half - 1]
    ends = sorted(span.last for span in spans)[half]
    for day in sorted({day for span in spans for day in span if begins <= day <= ends}):
        early = frozenset(place for place, span in enumerate(spans) if span.last < day)
        free = tuple(place for place, span in enumerate(spans) if span.first <= day <= span.last)
        yield Split(early, free, half - len(early))


def highest_of_halves(spans: Sequence[Span], steps: Sequence[int]) -> set[tuple[int, int]]:
    """Return every pair that the highest step of the earlier half and that of the later half can be."""
    found = set()
    for split in splits(spans):
        chosen = split.early | set(split.free)
        earliest = max((steps[place] for place in split.early), default=0)
        latest = max((step for place, step in enumerate(steps) if place not in chosen), default=0)
        there = sorted(Counter(steps[place] for place in split.free).items())
        for taken in product(*(_shares(number) for _, number in there)):
            if sum(few for few, _ in taken) <= split.room <= sum(many for _, many in taken):
                each = list(zip(there, taken, strict=True))
                before = max((step for (step, _), (_, many) in each if many), default=0)
                after = max((step for (step, number), (few, _) in each if few < number), default=0)
                found.add((max(earliest, before), max(latest, after)))
    return found


def _shares(number: int) -> list[tuple[int, int]]:
    """Return none, some or all of so many: the fewest and the most that are taken."""
    return [(0, 0), (number, number), *([(1, number - 1)] if number > 1 else [])]


def only_in_later_half(spans: Sequence[Span], places: frozenset[int]) -> bool | None:
    """Return whether these places are all in the later half: True, False,
    or None where the dates leave it open.
    """
    flags = set()
    for split in splits(spans):
        free = set(split.free)
        can_be = not (split.early & places) and len(free - places) >= split.room
        must_be = not (split.early & places) and not (split.room and free & places)
        flags |= {must_be, can_be}
    return None if len(flags) > 1 else flags.pop()


def rise_bounds(spans: Sequence[Span], values: Sequence[float]) -> tuple[int, int]:
    """Return the bounds of the sum of rises (later minus earlier, by sign), in every order that is possible.

    Each incident without a whole day is put where it lowers, and where it raises, the sum the most.
    """
    pairs = list(zip(spans, values, strict=True))
    whole = sorted((span.first, value) for span, value in pairs if span.is_day)
    vague = [(span, value) for span, value in pairs if not span.is_day]
    high = rises([value for _, value in whole])
    low = rises([value for _, value in sorted(whole, key=lambda each: (each[0], -each[1]))])
    among = {value: _Among(whole, value) for _, value in vague}
    for place, (span, value) in enumerate(vague):
        least, most = among[value].bounds(span)
        low, high = low + least, high + most
        for other, beside in vague[:place]:
            signs = _signs(span, value, other, beside)
            low, high = low + min(signs), high + max(signs)
    return low, high


class _Among:
    """Addition of one more value to the sum, by the day on which it is put among those with a whole day."""

    def __init__(self, whole: Sequence[tuple[date, float]], value: float) -> None:
        by_day: dict[date, tuple[int, int]] = {}
        for day, other in whole:
            rise = _sign(value - other)
            before, tied = by_day.get(day, (0, 0))
            by_day[day] = (before + rise, tied + abs(rise))
        self._days = sorted(by_day)
        self._sums = [0]
        for day in self._days:
            self._sums.append(self._sums[-1] + by_day[day][0])
        self._tied = [by_day[day][1] for day in self._days]

    def bounds(self, span: Span) -> tuple[int, int]:
        """Return the least and the most that it adds on a day of this span."""
        begins, ends = bisect_left(self._days, span.first), bisect_right(self._days, span.last)
        between = [self._at(begins), self._at(ends)]
        on_a_day = [
            (self._sums[n] - (self._sums[-1] - self._sums[n + 1]), self._tied[n]) for n in range(begins, ends)
        ]
        return (
            min([*between, *(sum_ - tied for sum_, tied in on_a_day)]),
            max([*between, *(sum_ + tied for sum_, tied in on_a_day)]),
        )

    def _at(self, place: int) -> int:
        return self._sums[place] - (self._sums[-1] - self._sums[place])


def _signs(span: Span, value: float, other: Span, beside: float) -> tuple[int, ...]:
    """Return what two of them can add: the later minus the earlier, by sign."""
    rise = _sign(value - beside)
    if span.last < other.first:
        return (-rise,)
    return (rise,) if other.last < span.first else (rise, -rise)


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
