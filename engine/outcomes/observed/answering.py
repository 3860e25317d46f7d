"""Answers to whether, how often and how soon, over observed cases. Pure, exact, and hides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.domain.outcomes.analysis import Median
from engine.domain.outcomes.answers import HowOften, HowSoon, Severity, Whether
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Ending, FurtherAct, ObservedCase, Standing
from engine.outcomes.observed.clustering import clustered_rate, clustered_share
from engine.outcomes.observed.windows import (
    AT_RISK_IN_CUSTODY,
    acts_observed,
    acts_within,
    days_observed,
    is_in_custody,
    is_searched_throughout,
    standing,
    time_at_risk,
    time_in_custody,
)
from engine.outcomes.statistics.curves import cumulative_incidence, median, survival
from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT, risk_table

DAYS_IN_YEAR = 365.25
BANDS = (("under 10", 10.0), ("10 to 99", 100.0), ("100 to 364", 365.0), ("365 or more", float("inf")))
"""Days of the crime harm index, each band under its limit: 365 are a year in prison."""


def whether(cases: Sequence[ObservedCase], measure: Measure, window_days: int, today: date) -> Whether:
    """Return how many cases had further stalking in the window, out of those that are counted."""
    results = [(case, standing(case, measure, window_days, today)) for case in cases]
    of = Counter(result for _, result in results)
    counted = [(case, result is Standing.FURTHER) for case, result in results if _is_counted(result)]
    further = [case for case, had in counted if had]
    open_cases = [case for case, result in results if result is Standing.NOT_YET_KNOWN]
    over = len(cases) - of[Standing.NOT_YET_KNOWN]
    firsts = Counter(acts_within(case, measure, window_days)[0].against for case in further)
    ever = Counter(
        whom for case in further for whom in {act.against for act in acts_within(case, measure, window_days)}
    )
    return Whether(
        measure=measure,
        window_days=window_days,
        followed=len(cases),
        people=len({case.person for case, _ in counted}),
        looked_at=sum(case.measures[measure].looked_until is not None for case in cases),
        window_over=over,
        not_yet_known=of[Standing.NOT_YET_KNOWN],
        not_looked=of[Standing.NOT_LOOKED],
        never_looked=sum(
            result is Standing.NOT_LOOKED and case.measures[measure].looked_until is None
            for case, result in results
        ),
        ended_early=_endings(case for case, result in results if result is Standing.ENDED_EARLY),
        counted=len(counted),
        further=len(further),
        none_found=of[Standing.NONE_FOUND],
        share=clustered_share([had for _, had in counted], [case.person for case, _ in counted]),
        first_against={whom: firsts[whom] for whom in AgainstWhom},
        ever_against={whom: ever[whom] for whom in AgainstWhom},
        further_not_looked_on=sum(not is_searched_throughout(case, measure, window_days) for case in further),
        further_before_window_over=sum(bool(acts_within(case, measure, window_days)) for case in open_cases),
        in_custody_throughout=sum(time_in_custody(case, window_days) == window_days for case, _ in counted),
        least=len(further) / over if over else None,
        most=(len(further) + over - len(counted)) / over if over else None,
    )


def how_often(cases: Sequence[ObservedCase], measure: Measure, window_days: int) -> HowOften:
    """Return how many acts came in the observed part of the window.

    Every case with a search counts, for as long as it was observed.
    """
    looked = [case for case in cases if case.measures[measure].looked_until is not None]
    acts = [acts_observed(case, measure, window_days) for case in looked]
    numbers = [len(each) for each in acts]
    times = [time_at_risk(case, measure, window_days) for case in looked]
    observed = [days_observed(case, measure, window_days) for case in looked]
    by_number = Counter(numbers)
    return HowOften(
        measure=measure,
        window_days=window_days,
        cases=len(looked),
        people=len({case.person for case in looked}),
        acts=sum(numbers),
        days_observed=sum(observed),
        days_at_risk=sum(times),
        days_in_custody=sum(time_in_custody(case, days) for case, days in zip(looked, observed, strict=True)),
        rate=clustered_rate(
            numbers, [days / DAYS_IN_YEAR for days in times], [case.person for case in looked]
        ),
        by_number={number: by_number[number] for number in sorted(by_number)},
    )


@dataclass(frozen=True, slots=True)
class FirstEnding:
    """The first thing that ended a case, as an estimator reads it: ``ending`` is LEFT, EVENT or COMPETING."""

    days: int
    ending: int


def first_ending(case: ObservedCase, measure: Measure, window_days: int | None = None) -> FirstEnding | None:
    """Return what came first, and when; None without a search, or if not at risk on day 0.

    A death competes with the act. So does custody, for recorded crime and proven reoffending. Moving away,
    deportation and withdrawal do not: such a case leaves, as one does that is followed no longer.
    """
    days = days_observed(case, measure, window_days)
    if not days or _begins_in_custody(case, measure):
        return None
    acts = acts_observed(case, measure, window_days)
    first = acts[0].day if acts else None
    taken = case.custody[0][0] if case.custody and measure not in AT_RISK_IN_CUSTODY else None
    if taken is not None and taken < days and (first is None or taken <= first):
        return FirstEnding(taken, COMPETING)
    if first is not None:
        return FirstEnding(first, EVENT)
    has_died = case.ending is Ending.DIED and case.ended_day == days - 1
    return FirstEnding(days - 1, COMPETING if has_died else LEFT)


def how_soon(cases: Sequence[ObservedCase], measure: Measure, window_days: int | None = None) -> HowSoon:
    """Return how soon the first act came. Without a window, cases count for as long as they were observed."""
    ends = [end for case in cases if (end := first_ending(case, measure, window_days)) is not None]
    firsts = sorted(end.days for end in ends if end.ending == EVENT)
    table = risk_table(
        np.array([float(end.days) for end in ends]), np.array([end.ending for end in ends], dtype=np.int64)
    )
    half = median(survival(table)) if ends else None
    incidence = cumulative_incidence(table) if ends else None
    quarter = (
        None
        if incidence is None
        else next(
            (
                float(at)
                for at, share in zip(incidence.times, incidence.estimates, strict=True)
                if share >= 0.25 - 1e-9
            ),
            None,
        )
    )
    return HowSoon(
        measure=measure,
        cases=len(ends),
        with_act=len(firsts),
        competing=sum(end.ending == COMPETING for end in ends),
        in_custody_at_first=sum(
            bool(days_observed(case, measure, window_days)) and _begins_in_custody(case, measure)
            for case in cases
        ),
        half_of_first_acts_by=firsts[(len(firsts) - 1) // 2] if firsts else None,
        quarter_of_cases_by=quarter,
        median=Median(None, half.estimate, half.low, half.high) if half else Median(None, None, None, None),
    )


def severity(cases: Sequence[ObservedCase], measure: Measure, window_days: int, today: date) -> Severity:
    """Return the counted cases with further stalking by their most serious act within the window."""
    further = [
        acts_within(case, measure, window_days)
        for case in cases
        if standing(case, measure, window_days, today) is Standing.FURTHER
    ]
    bands = Counter(band for acts in further if (band := _band(acts)) is not None)
    return Severity(
        measure=measure,
        window_days=window_days,
        further=len(further),
        no_score=sum(_band(acts) is None for acts in further),
        bands={name: bands[name] for name, _ in BANDS},
        partly_scored=sum(
            _band(acts) is not None and any(act.harm is None for act in acts) for acts in further
        ),
    )


def _band(acts: Iterable[FurtherAct]) -> str | None:
    most = max((act.harm for act in acts if act.harm is not None), default=None)
    return None if most is None else next(name for name, limit in BANDS if most < limit)


def _is_counted(result: Standing) -> bool:
    return result in (Standing.FURTHER, Standing.NONE_FOUND)


def _endings(cases: Iterable[ObservedCase]) -> dict[Ending, int]:
    of = Counter(case.ending for case in cases)
    return {ending: of[ending] for ending in Ending}


def _begins_in_custody(case: ObservedCase, measure: Measure) -> bool:
    return measure not in AT_RISK_IN_CUSTODY and is_in_custody(case, 0)
