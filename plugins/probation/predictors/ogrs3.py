"""OGRS3: the likelihood of proven reoffending within one and two years, from age, sex, history and offence.

Figures and their sources are in ``data/ogrs3.toml``. It says nothing about stalking or about any victim.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from engine.hooks.v1 import InvalidInputError, ScoreResult, not_scored
from plugins.probation.predictors.inputs import ScorerInput, moved, whole_years
from plugins.probation.predictors.tables import Ogrs3Limits, Ogrs3Profile, band_of, offence_of, ogrs3_table

_AGES = ("age_at_conviction", "age_at_first_sanction", "age_at_followup")
_DAYS = ("date_of_birth", "conviction_date", "followup_date")
_KNOWN = frozenset(
    {*_AGES, *_DAYS, "first_sanction_date", "sex", "previous_sanctions", "offence_group", "offence_code"}
) | {"profile"}
_DEFAULT = "nine-decimal"
_PERSON = {"M": "a man", "F": "a woman"}


@dataclass(frozen=True, kw_only=True)
class _Ages:
    conviction: int
    first_sanction: int
    followup: int


def score(inputs: dict[str, object]) -> ScoreResult:
    """Score one line; an input that cannot be scored is reported and never raises."""
    try:
        return _scored(ScorerInput(inputs))
    except InvalidInputError as error:
        return not_scored(str(error))


def _scored(given: ScorerInput) -> ScoreResult:
    table = ogrs3_table()
    given.require(_needed(given))
    profile = table.profiles[
        given.choice("profile", tuple(table.profiles)) if given.has("profile") else _DEFAULT
    ]
    sex = given.choice("sex", ("M", "F"))
    previous = given.whole("previous_sanctions", least=0, most=table.limits.sanctions_most)
    ages = _ages(given, table.limits)
    group = _group(given, profile)

    counted = (
        previous if profile.sanctions_counted_most is None else min(previous, profile.sanctions_counted_most)
    )
    career = 10 + ages.conviction - ages.first_sanction
    rate = profile.rate * math.log((counted + 1) / career)
    history = profile.convicted_again if counted > 0 else profile.first_conviction
    age = _by_age(profile, sex, ages.followup)
    offence = profile.offence_groups[group]
    total = rate + history + age + offence

    one, two = (_probability(constant + total, profile) for constant in (profile.one_year, profile.two_years))
    percents = [_percent(probability) for probability in (one, two)]
    had = f"{previous} previous sanction{'s'[: previous > 1]}" if previous else "No previous sanction"
    capped = (
        () if counted == previous else (f"Only {counted} previous sanctions were counted, as published.",)
    )
    return ScoreResult(
        result={
            "probability_1y": one,
            "probability_2y": two,
            "percent_1y": percents[0],
            "percent_2y": percents[1],
            "band": band_of(percents[1], table.bands),
        },
        reasons=(
            *moved(had, history),
            *moved(f"The rate of sanctions, {counted + 1} in a career counted as {career} years,", rate),
            *moved(f"The age of {ages.followup} at the start of follow-up, for {_PERSON[sex]},", age),
            *moved(f"The offence group '{group}'", offence),
            *capped,
            *given.not_used(_KNOWN),
        ),
    )


def _needed(given: ScorerInput) -> tuple[str, ...]:
    """Return the keys that a score needs; dates replace the ages that are not given."""
    dated = any(given.has(day) for day in (*_DAYS, "first_sanction_date"))
    when: tuple[str, ...] = _AGES
    if dated:
        first = ("date_of_birth", "first_sanction_date")
        by_date: dict[str, tuple[str, ...]] = {
            "age_at_conviction": ("date_of_birth", "conviction_date"),
            "age_at_first_sanction": first
            if given.has("first_sanction_date")
            else ("age_at_first_sanction",),
            "age_at_followup": ("date_of_birth", "followup_date"),
        }
        when = tuple(key for age in _AGES for key in ((age,) if given.has(age) else by_date[age]))
    offence = () if given.has("offence_code") else ("offence_group",)
    return tuple(dict.fromkeys(("sex", *when, "previous_sanctions", *offence)))


def _ages(given: ScorerInput, limits: Ogrs3Limits) -> _Ages:
    born = given.day("date_of_birth") if given.has("date_of_birth") else None
    most = limits.age_below - 1
    first_from, others_from = limits.age_first_sanction_from, limits.age_from
    conviction = _age(given, "age_at_conviction", "conviction_date", born, others_from, most)
    first = _age(given, "age_at_first_sanction", "first_sanction_date", born, first_from, most)
    followup = _age(given, "age_at_followup", "followup_date", born, others_from, most)
    _in_order(given, "first_sanction_date", "conviction_date")
    _in_order(given, "conviction_date", "followup_date")
    if first > conviction:
        raise InvalidInputError("age_at_first_sanction", "it is above the age at the current conviction")
    if followup < conviction:
        raise InvalidInputError("age_at_followup", "it is below the age at the current conviction")
    return _Ages(conviction=conviction, first_sanction=first, followup=followup)


def _age(given: ScorerInput, age: str, day: str, born: date | None, least: int, most: int) -> int:
    """Return the age that is given or that the dates come to; both must agree."""
    by_dates = None
    if born is not None and given.has(day):
        on = given.day(day)
        if on <= born:
            raise InvalidInputError(day, "it does not come after the date of birth")
        by_dates = whole_years(born, on)
    if given.has(age):
        stated = given.whole(age, least=least, most=most)
        if by_dates is not None and by_dates != stated:
            raise InvalidInputError(age, f"it is not the age that date_of_birth and {day} come to")
        return stated
    assert by_dates is not None, "a key that was required is there"
    if not least <= by_dates <= most:
        raise InvalidInputError(day, f"the person was then outside the ages of {least} to {most}")
    return by_dates


def _in_order(given: ScorerInput, earlier: str, later: str) -> None:
    if given.has(earlier) and given.has(later) and given.day(later) < given.day(earlier):
        raise InvalidInputError(later, f"it comes before {earlier}")


def _group(given: ScorerInput, profile: Ogrs3Profile) -> str:
    stated = (
        given.choice("offence_group", tuple(profile.offence_groups)) if given.has("offence_group") else None
    )
    if not given.has("offence_code"):
        assert stated is not None, "a key that was required is there"
        return stated
    group = offence_of(given.code("offence_code")).ogrs3_group
    if group is None:
        raise InvalidInputError(
            "offence_code", "the group of this code is not known here; give offence_group instead"
        )
    if stated is not None and stated != group:
        raise InvalidInputError("offence_group", "it is not the group of offence_code; give one of the two")
    return group


def _by_age(profile: Ogrs3Profile, sex: str, age: int) -> float:
    figures = profile.ages[sex]
    return figures[max(start for start in figures if start <= age)]


def _probability(exponent: float, profile: Ogrs3Profile) -> float:
    probability = 1 / (1 + math.exp(-exponent))
    if profile.decimals is None:
        return probability
    return float(_half_up(Decimal(repr(probability)), profile.decimals))


def _percent(probability: float) -> int:
    """Return a whole number from 1 to 99, rounded half up."""
    return min(max(int(_half_up(Decimal(repr(probability)) * 100, 0)), 1), 99)


def _half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
