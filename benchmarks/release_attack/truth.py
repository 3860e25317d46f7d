"""What is true of the cases, in the numbers that a reader does not know: a range is compared with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from benchmarks.release_attack.published import CURVES, ENDINGS, FURTHER, HARM, MEASURES, NOT_YET
from benchmarks.release_attack.unknowns import Codes, Name, Unknowns
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase
from engine.outcomes.observed.answering import first_ending
from engine.outcomes.observed.windows import WINDOW_DAYS, acts_within, standing
from engine.outcomes.statistics.risk_table import COMPETING, EVENT

_DAYS_IN_MONTH = 30.4375
_FROM = (0.0, 10.0, 100.0, 365.0)


def codes_of(case: ObservedCase) -> Codes:
    """Return the year, borough and type of a case."""
    return str(case.anchor.year), case.borough or "not recorded", case.typology or "not recorded"


def codes_in(cases: Sequence[ObservedCase]) -> list[list[str]]:
    """Return every year, borough and type."""
    return [sorted(set(column)) for column in zip(*map(codes_of, cases), strict=True)]


def true_numbers(unknowns: Unknowns, cases: Mapping[date, Sequence[ObservedCase]]) -> npt.NDArray[np.float64]:
    """Return each unknown number as it is."""
    numbers = np.zeros(len(unknowns.place))
    for day in unknowns.days:
        for case in cases[day]:
            for name in _names_of(case, day, unknowns):
                numbers[unknowns.place[day, codes_of(case), name]] += 1
    return numbers


def _names_of(case: ObservedCase, day: date, unknowns: Unknowns) -> list[Name]:
    found: list[Name] = [("cases",)]
    for name in MEASURES:
        measure = Measure(name)
        result = standing(case, measure, WINDOW_DAYS, day).value
        found.append(("result", name, result))
        if result == FURTHER:
            acts = acts_within(case, measure, WINDOW_DAYS)
            found.append(("against", name, acts[0].against.value))
            harm = max((act.harm for act in acts if act.harm is not None), default=None)
            band = 0 if harm is None else sum(harm >= each for each in _FROM)
            found.append(("harm", name, HARM[band]))
        if name in CURVES.values():
            beside = result if result in (FURTHER, NOT_YET) else "over"
            ended = first_ending(case, measure)
            if ended is None:
                found.append(("off curve", name, beside))
                continue
            month = next(end for end in unknowns.ends[name] if ended.days < end * _DAYS_IN_MONTH)
            how = 0 if ended.ending == EVENT else 1 if ended.ending == COMPETING else 2
            found.append(("curve", name, str(month), ENDINGS[how], beside))
    return found
