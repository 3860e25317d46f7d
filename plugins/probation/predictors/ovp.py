"""OVP: the likelihood of violent reoffending proven within one and two years, from points.

Figures and their source are in ``data/points.toml``. It says nothing about stalking or about any victim.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from engine.hooks.v1 import InvalidInputError, ScoreResult, not_scored
from plugins.probation.predictors.inputs import ScorerInput, pointed, whole_years
from plugins.probation.predictors.tables import OvpTable, band_of, points_table

_LEVELS = (0, 1, 2)
_FLAGS = ("recognises_impact", "no_fixed_abode", "unemployed", "psychiatric_treatment")
_GRADED = ("alcohol_current", "alcohol_excessive", "temper_control", "pro_criminal_attitudes")
_COUNTS = ("total_sanctions", "violent_sanctions")
_DAYS = ("date_of_birth", "followup_date")
_AGE = "age_at_followup"


def score(inputs: dict[str, object]) -> ScoreResult:
    """Score one line; an input that cannot be scored is reported and never raises."""
    try:
        return _scored(ScorerInput(inputs))
    except InvalidInputError as error:
        return not_scored(str(error))


def _scored(given: ScorerInput) -> ScoreResult:
    table = points_table().ovp
    dated = not given.has(_AGE) and any(given.has(day) for day in _DAYS)
    given.require(("sex", *(_DAYS if dated else (_AGE,)), *_COUNTS, *_FLAGS, *_GRADED))
    points = _points(given, table)
    total = sum(worth for _, worth in points)
    one, two = (
        1 / (1 + math.exp(-(table.point * total - constant)))
        for constant in (table.one_year, table.two_years)
    )
    percents = [_percent(probability) for probability in (one, two)]
    return ScoreResult(
        result={
            "points": total,
            "probability_1y": one,
            "probability_2y": two,
            "percent_1y": percents[0],
            "percent_2y": percents[1],
            "band": band_of(percents[1], table.bands),
        },
        reasons=(
            *(sentence for message, worth in points for sentence in pointed(message, worth)),
            *given.not_used(frozenset({"sex", *_DAYS, _AGE, *_COUNTS, *_FLAGS, *_GRADED})),
        ),
    )


def _points(given: ScorerInput, table: OvpTable) -> tuple[tuple[str, int], ...]:
    sanctions = given.whole("total_sanctions", least=1, most=table.sanctions_most)
    violent = given.whole("violent_sanctions", least=0, most=table.sanctions_most)
    if violent > sanctions:
        raise InvalidInputError("violent_sanctions", "there are more of them than total_sanctions")
    others, age = sanctions - violent, _age(given, table)
    male = given.choice("sex", ("M", "F")) == "M"
    drinking = sum(given.one_of(key, _LEVELS) for key in ("alcohol_current", "alcohol_excessive"))
    temper, attitudes = (given.one_of(key, _LEVELS) for key in ("temper_control", "pro_criminal_attitudes"))
    return (
        ("Any sanction", table.any_sanction),
        (f"The number of violent sanctions, {violent},", table.violent[min(violent, len(table.violent) - 1)]),
        (f"The number of other sanctions, {others},", _from(table.non_violent, others)),
        (f"The age of {age} at the start of follow-up", _from(table.ages, age)),
        ("Being a man", table.male * male),
        ("Not recognising the impact on others", table.impact_not_recognised * (not given.yes(_FLAGS[0]))),
        ("Having no fixed abode", table.no_fixed_abode * given.yes("no_fixed_abode")),
        ("Being out of work", table.unemployed * given.yes("unemployed")),
        (f"Use of alcohol (both answers together {drinking})", math.ceil(table.alcohol * drinking)),
        ("Psychiatric treatment now or pending", table.psychiatric_treatment * given.yes(_FLAGS[3])),
        (f"Control of temper (answer {temper})", table.temper * temper),
        (f"Pro-criminal attitudes (answer {attitudes})", table.attitudes * attitudes),
    )


def _age(given: ScorerInput, table: OvpTable) -> int:
    least, most = table.age_from, table.age_below - 1
    born, followup = (given.day(day) if given.has(day) else None for day in _DAYS)
    by_dates = None
    if born is not None and followup is not None:
        if followup <= born:
            raise InvalidInputError("followup_date", "it does not come after the date of birth")
        by_dates = whole_years(born, followup)
    if given.has(_AGE):
        stated = given.whole(_AGE, least=least, most=most)
        if by_dates is not None and by_dates != stated:
            raise InvalidInputError(_AGE, "it is not the age that the two dates come to")
        return stated
    assert by_dates is not None, "a key that was required is there"
    if not least <= by_dates <= most:
        raise InvalidInputError("followup_date", f"the person was then outside the ages of {least} to {most}")
    return by_dates


def _from(points: dict[int, int], number: int) -> int:
    return points[max(start for start in points if start <= number)]


def _percent(probability: float) -> int:
    """Return a whole number from 1 to 99, rounded half up."""
    whole = (Decimal(repr(probability)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return min(max(int(whole), 1), 99)
