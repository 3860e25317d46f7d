"""Invented cases as they were observed after the panel's decision, for the demonstration and for simulations.

Nothing of a record is in them. A case has the same course whenever it is asked for: a later day only shows
more of it.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Ending, FurtherAct, MeasureObserved, ObservedCase

BOROUGHS = (
    ("Northmere", 0.24),
    ("Eastwick", 0.20),
    ("Southbrook", 0.17),
    ("Westholme", 0.14),
    ("Millgate", 0.10),
    ("Fairlock", 0.07),
    ("Oldbury Park", 0.05),
    ("Ravensworth", 0.03),
)
TYPOLOGIES = (
    ("rejected", 0.55),
    ("resentful", 0.13),
    ("incompetent suitor", 0.13),
    ("intimacy seeking", 0.10),
    ("predatory", 0.04),
    ("not assessed", 0.05),
)
INTERVENTIONS = (
    ("advocacy accepted", 0.61),
    ("home security fitted", 0.44),
    ("police contact plan", 0.52),
    ("psychological work started", 0.24),
    ("accredited programme", 0.015),
)
_HARM = (1.0, 5.0, 10.0, 20.0, 120.0, 365.0, 1460.0)
_LOOKED_EVERY = 91


def invented_observed_cases(
    *, seed: int, since: date, until: date, in_a_quarter: int = 57
) -> tuple[ObservedCase, ...]:
    """Return the cases decided between two days, as they are known on the second."""
    chance = np.random.default_rng(seed)
    found = []
    number, day = 0, since
    while day <= until:
        number += 1
        case = _case(number, day, until, np.random.default_rng((seed, number)))
        found.append(case)
        day += timedelta(days=int(chance.poisson(91.3 / in_a_quarter)))
    return tuple(found)


def _case(number: int, anchor: date, until: date, chance: np.random.Generator) -> ObservedCase:
    typology = _one(TYPOLOGIES, chance)
    borough = _one(BOROUGHS, chance)
    interventions = frozenset(name for name, share in INTERVENTIONS if chance.random() < share)
    frailty = 0.45 * chance.gamma(0.55) * (1.5 if typology == "rejected" else 1.0)
    ends = _ending(chance)
    custody = _custody(chance)
    acts = _acts(frailty, chance)
    days = (until - anchor).days
    is_checked = chance.random() > 0.09
    looked = days - days % _LOOKED_EVERY if is_checked and days >= _LOOKED_EVERY else None
    ended_day = ends[0] if ends is not None and ends[0] <= days else None
    last = min(day for day in (looked, ended_day) if day is not None) if looked is not None else -1
    seen = [act for act in acts if act[0] <= last]
    measures = {
        Measure.REPORTED: _measure(Measure.REPORTED, looked, seen),
        Measure.RECORDED: _measure(
            Measure.RECORDED,
            looked,
            [act for act in seen if act[3] < 0.5 and not _is_inside(act[0], custody)],
        ),
        Measure.PROVEN: _measure(
            Measure.PROVEN,
            looked,
            [
                act
                for act in seen
                if act[3] < 0.12 and not _is_inside(act[0], custody) and last - act[0] > 120
            ],
        ),
    }
    return ObservedCase(
        reference=f"invented-{number}",
        person=f"invented-person-{number - 1 if number % 17 == 0 else number}",
        anchor=anchor,
        ended_day=ended_day,
        ending=ends[1] if ends is not None and ended_day is not None else None,
        custody=tuple((begin, end) for begin, end in custody if begin <= days),
        measures=measures,
        typology=typology,
        borough=borough,
        interventions=interventions,
        orders=tuple((begin, end) for begin, end in _orders(chance) if begin <= days),
    )


def _measure(
    measure: Measure, looked: int | None, acts: list[tuple[int, AgainstWhom, float | None, float]]
) -> MeasureObserved:
    return MeasureObserved(
        measure=measure,
        looked_until=looked,
        acts=tuple(
            sorted(
                (FurtherAct(day=day, against=whom, harm=harm) for day, whom, harm, _ in acts),
                key=lambda act: (act.day, act.against, act.harm is None, act.harm or 0.0),
            )
        ),
    )


def _acts(frailty: float, chance: np.random.Generator) -> list[tuple[int, AgainstWhom, float | None, float]]:
    """Return acts of three years: most soon after the decision, each with the chance that it is recorded."""
    rates = frailty * np.array([2.4, 1.2, 0.9, 0.7, *([0.35] * 8)])
    found = []
    for quarter, rate in enumerate(rates):
        for _ in range(min(int(chance.poisson(rate * 0.8)), 12)):
            day = quarter * 91 + int(chance.integers(0, 91))
            draw = chance.random()
            whom = (
                AgainstWhom.SAME_VICTIM
                if draw < 0.74
                else AgainstWhom.NEW_VICTIM
                if draw < 0.88
                else AgainstWhom.BY_PROXY
            )
            harm = None if chance.random() < 0.2 else float(_HARM[int(chance.integers(0, len(_HARM)))])
            found.append((day, whom, harm, float(chance.random())))
    return found


def _ending(chance: np.random.Generator) -> tuple[int, Ending] | None:
    if chance.random() > 0.08:
        return None
    kinds = tuple(Ending)
    return int(chance.integers(20, 900)), kinds[int(chance.integers(0, len(kinds)))]


def _custody(chance: np.random.Generator) -> tuple[tuple[int, int | None], ...]:
    if chance.random() > 0.22:
        return ()
    begin = int(chance.exponential(240))
    return ((begin, begin + int(chance.integers(30, 300))),)


def _orders(chance: np.random.Generator) -> tuple[tuple[int, int | None], ...]:
    """Return the time of an order, without any effect on what happens: most are served in weeks."""
    if chance.random() > 0.38:
        return ()
    begin = int(chance.exponential(45))
    return ((begin, begin + 730),)


def _is_inside(day: int, spans: tuple[tuple[int, int | None], ...]) -> bool:
    return any(begin <= day and (end is None or day < end) for begin, end in spans)


def _one(shares: tuple[tuple[str, float], ...], chance: np.random.Generator) -> str:
    names = [name for name, _ in shares]
    return names[int(chance.choice(len(names), p=[share for _, share in shares]))]
