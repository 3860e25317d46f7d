"""The parts that a case can be in on a curve, beside its result. Pure.

A part is an ending in a step, and the result beside it: further stalking, another one, or not yet known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil

import numpy as np

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase, Standing
from engine.outcomes.observed.answering import first_ending
from engine.outcomes.observed.windows import WINDOW_DAYS, standing
from engine.outcomes.releases import micro_tables
from engine.outcomes.releases.facts import Known
from engine.outcomes.releases.micro_tables import DAYS_IN_MONTH, GRID_MONTHS, Frame, Ints, group_of
from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT

Parts = tuple[int, ...]
ENDS = tuple(ceil(month * DAYS_IN_MONTH) for month in GRID_MONTHS)
"""The first date after each step, in days. Comparisons begin and end at two of them."""
STEPS = len(ENDS)
ENDINGS = (EVENT, COMPETING, LEFT)
FURTHER, OVER, OPEN = 0, 1, 2
"""Results: further stalking, another one, not yet known."""
RESULTS = (FURTHER, OVER, OPEN)
STILL = len(RESULTS) * len(ENDINGS) * STEPS
_NOT_FOLLOWED = STILL + 1
PARTS = _NOT_FOLLOWED + len(RESULTS)
ALL = tuple(range(PARTS))
NOT_FOLLOWED = tuple(_NOT_FOLLOWED + result for result in RESULTS)
"""Decided cases on no curve: no search, or in custody from the decision on."""
IN_CUSTODY = (_NOT_FOLLOWED + FURTHER,)
"""With further stalking and on no curve. A reader is taken to know how many."""
_FIRST_AFTER = GRID_MONTHS.index(12) + 1


def part(ending: int, result: int, step: int) -> int:
    """Return the part of one ending beside one result in one step."""
    return len(RESULTS) * (len(ENDINGS) * step + ENDINGS.index(ending)) + result


def parts(endings: Sequence[int], begin: int, end: int, results: Sequence[int] = RESULTS) -> Parts:
    """Return the parts that ended so, from one step to before another."""
    return tuple(
        part(ending, each, step) for step in range(begin, end) for ending in endings for each in results
    )


def parts_after(step: int) -> Parts:
    """Return the parts of all who are followed at the end of a step."""
    return (*parts(ENDINGS, step, STEPS), STILL)


def parts_with(result: int) -> Parts:
    """Return the parts of a result, followed or not."""
    still = (STILL,) if result == OVER else ()
    return (*parts(ENDINGS, 0, STEPS, [result]), *still, _NOT_FOLLOWED + result)


def only_come(of: Parts) -> bool:
    """Return whether a case that is counted in these parts stays there, as first acts do.

    Who left in a step, or is not followed, can be followed later: the change of their number counts no one.
    """
    endings = {(part_ // len(RESULTS)) % len(ENDINGS) for part_ in of if part_ < STILL}
    is_followed = any(of == parts_after(step) for step in range(STEPS + 1))
    is_ended = not (set(of) & set(NOT_FOLLOWED)) and endings <= {
        ENDINGS.index(EVENT),
        ENDINGS.index(COMPETING),
    }
    return is_followed or is_ended or of in (ALL, parts_with(FURTHER))


def never(measure: Measure) -> Parts:
    """Return the parts that are taken to be empty.

    Further stalking is an act in 12 months, or after custody in them; who has another result had none, and
    who has no result yet is followed for less.
    """
    before_act = (COMPETING, LEFT) if measure is Measure.REPORTED else (LEFT,)
    return (
        *parts(ENDINGS, _FIRST_AFTER, STEPS, [FURTHER, OPEN]),
        *parts(before_act, 0, _FIRST_AFTER, [FURTHER]),
        *parts([EVENT], 0, _FIRST_AFTER, [OVER]),
    )


def known_of(measure: Measure) -> Known:
    """Return what a reader knows of the parts."""
    further = parts_with(FURTHER)
    return Known(cases=ALL, open=parts_with(OPEN), over=(*further, *parts_with(OVER)), grow=(further,))


def named(name: str) -> Parts:
    """Return the parts of one part of a curve's own table: an ending until a month, or still followed."""
    ending, _, month = name.partition(" until month ")
    if not month:
        return (STILL,)
    step = GRID_MONTHS.index(int(month))
    return parts([_ENDINGS_NAMED[ending]], step, step + 1)


def counts_of(cases: Sequence[ObservedCase], frame: Frame, measure: Measure, as_of: date) -> Ints:
    """Count cases by combination (rows) and part (columns)."""
    rows = {one: row for row, one in enumerate(frame.combinations)}
    counts = np.zeros((len(rows), PARTS), dtype=np.int64)
    for case in cases:
        result = _RESULT_OF.get(standing(case, measure, WINDOW_DAYS, as_of), OVER)
        ended = first_ending(case, measure)
        if ended is None:
            place = _NOT_FOLLOWED + result
        else:
            step = next((at for at, end in enumerate(ENDS) if ended.days < end), None)
            place = STILL if step is None else part(ended.ending, result, step)
        counts[rows[group_of(case)], place] += 1
    return counts


_ENDINGS_NAMED = {micro_tables.EVENT: EVENT, micro_tables.COMPETING: COMPETING, micro_tables.LEFT: LEFT}
_RESULT_OF = {Standing.FURTHER: FURTHER, Standing.NOT_YET_KNOWN: OPEN}
