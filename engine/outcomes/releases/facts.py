"""A reader's knowledge of the cases of any releases, whatever was published. Pure.

Cases are only added, and to a year that is over none. A result is not yet known for 365 days, so that those
not yet known are the cases of the last year. An act that was found stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from engine.domain.outcomes.follow_up import Measure
from engine.outcomes.observed.windows import DAYS_FOR_PROOF, WINDOW_DAYS
from engine.outcomes.releases.attacking import Bools, Fact
from engine.outcomes.releases.micro_tables import Frame

_Parts = tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """Parts of a table by what is known of them."""

    cases: _Parts = ()
    """All parts, where they add up to the decided cases."""
    open: _Parts = ()
    """Not yet known."""
    over: _Parts = ()
    """Of a result that is known."""
    grow: tuple[_Parts, ...] = ()


def facts_of(days: Sequence[date], frame: Frame, known: Known, measure: Measure | None) -> list[Fact]:
    """Return what is true of the parts of a table at these dates of releases, the oldest first."""
    return [*_of_cases(days, frame, known), *_of_results(days, frame, known, measure)]


def _of_cases(days: Sequence[date], frame: Frame, known: Known) -> Iterator[Fact]:
    years = np.array([int(period) for period, _, _ in frame.combinations], dtype=np.int64)
    for place, (earlier, later) in enumerate(pairwise(days)):
        for parts in known.grow:
            yield Fact(years > 0, ((place, parts),), ((place + 1, parts),))
        if known.cases:
            closed = np.array([_ends(year) <= earlier for year in years], dtype=np.bool_)
            then, now = (place, known.cases), (place + 1, known.cases)
            yield Fact(~closed, (then,), (now,))
            yield Fact(closed, (then,), (now,), is_equal=True)
            yield Fact(years > later.year, (now,))
    if known.cases and days:
        yield Fact(years > days[0].year, ((0, known.cases),))


def _of_results(days: Sequence[date], frame: Frame, known: Known, measure: Measure | None) -> Iterator[Fact]:
    if measure is None:
        return
    years = [int(period) for period, _, _ in frame.combinations]
    window = timedelta(days=WINDOW_DAYS)
    proof = timedelta(days=DAYS_FOR_PROOF + 1 if measure is Measure.PROVEN else 0)
    for place, day in enumerate(days):
        if known.over:
            none_over: Bools = np.array([date(year, 1, 1) + window > day for year in years], dtype=np.bool_)
            yield Fact(none_over, ((place, known.over),))
        if known.open:
            all_over: Bools = np.array(
                [_ends(year) + window + proof <= day for year in years], dtype=np.bool_
            )
            yield Fact(all_over, ((place, known.open),))
        if known.open and known.cases and measure is not Measure.PROVEN and day - window in days:
            then = (days.index(day - window), known.cases)
            everybody: Bools = np.ones(len(years), dtype=np.bool_)
            yield Fact(everybody, (then, (place, known.open)), ((place, known.cases),), is_equal=True)


def _ends(year: int) -> date:
    return date(year, 12, 31)
