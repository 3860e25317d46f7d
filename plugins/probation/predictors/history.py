"""OGRS4 family's terms for age, sex and the history of sanctions: the static part.

The names of terms are the published ones. Holds no coefficient.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.hooks.v1 import InvalidInputError
from plugins.probation.predictors.inputs import ScorerInput, whole_months, whole_years
from plugins.probation.predictors.tables import Ogrs4Constants

HISTORY = (
    "dob",
    "gender",
    "total_sanctions_count",
    "first_sanction_date",
    "last_sanction_date",
    "community_date",
    "assessment_date",
)
_VIOLENT = "total_violent_sanctions"
_YEARS_FROM = 10


@dataclass(frozen=True, kw_only=True)
class History:
    """Age and sex, and the sanctions with the current one; ``violent`` is None if it was not given."""

    male: bool
    age: int
    years_between: int
    months: int
    sanctions: int
    violent: int | None


def history_given(given: ScorerInput, constants: Ogrs4Constants) -> History:
    """Read from one line. Raises InvalidInputError."""
    born = given.day("dob")
    first, current = given.day("first_sanction_date"), given.day("last_sanction_date")
    followup, assessed = given.day("community_date"), given.day("assessment_date")
    for key, day in (
        ("first_sanction_date", first),
        ("last_sanction_date", current),
        ("community_date", followup),
        ("assessment_date", assessed),
    ):
        if day <= born:
            raise InvalidInputError(key, "it does not come after dob")
    if current < first:
        raise InvalidInputError("last_sanction_date", "it comes before first_sanction_date")
    if followup < current:
        raise InvalidInputError("community_date", "it comes before last_sanction_date")
    months = constants.months_conviction_after_assessment
    if current > _months_later(assessed, months):
        raise InvalidInputError(
            "last_sanction_date", f"it comes more than {months} months after assessment_date"
        )
    at_first = _age(
        "first_sanction_date", born, first, constants.age_first_sanction_from, constants.age_first_sanction_to
    )
    at_current = _age("last_sanction_date", born, current, _YEARS_FROM, constants.age_below - 1)
    sanctions = given.whole("total_sanctions_count", least=1, most=constants.sanctions_most)
    return History(
        male=given.choice("gender", ("M", "F")) == "M",
        age=_age("community_date", born, followup, _YEARS_FROM, constants.age_below - 1),
        years_between=at_current - at_first,
        months=min(whole_months(followup, assessed), constants.months_most),
        sanctions=sanctions,
        violent=_violent(given, sanctions),
    )


def _violent(given: ScorerInput, sanctions: int) -> int | None:
    if not given.has(_VIOLENT):
        return None
    violent = given.whole(_VIOLENT, least=0, most=9_999)
    if violent > sanctions:
        raise InvalidInputError(_VIOLENT, "there are more of them than total_sanctions_count")
    return violent


def _age(key: str, born: date, on: date, least: int, most: int) -> int:
    age = whole_years(born, on)
    if not least <= age <= most:
        raise InvalidInputError(key, f"the person was then outside the ages of {least} to {most}")
    return age


def _months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day when the month is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    ends = date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)
    return ends.replace(day=min(day.day, ends.day))


def static_terms(history: History, constants: Ogrs4Constants) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each part of the history in words, with the published terms that it gives a value."""
    a, n, m, y = history.age, history.sanctions, history.months, history.years_between
    man = "a man" if history.male else "a woman"
    yield f"The age of {a} at the start of follow-up, for {man},", _age_terms(history)
    yield (
        f"The number of sanctions, {n},",
        {
            "firstsanction": float(n == 1),
            "secondsanction": float(n == 2),
            "ogrs3_sanctionoccasions": float(n),
        },
    )
    if n == 2:
        apart = "malesecondsanctionyearssincefirs" if history.male else "femalesecondsanctionyearssincefi"
        yield f"The years between the first and the second sanction, {y},", {apart: float(y)}
    if n >= 3:
        yield (
            f"The rate of sanctions, {n} with {y} years between first and current,",
            _rates(history, constants),
        )
    yield (
        f"The months since follow-up began, counted as {m},",
        {"ofm": m, "ofmofm": m**2, "ofmofmofm": m**3, "ofmofmofmofm": m**4},
    )
    if history.violent is not None:
        yield (
            f"The number of violent sanctions, {history.violent},",
            _violence(history, history.violent, constants),
        )


def _age_terms(history: History) -> dict[str, float]:
    powers = [float(history.age**power) for power in (1, 2, 3, 4)]
    if history.male:
        return dict(zip(("maleaai", "maleaaiaai", "maleaaiaaiaai", "maleaaiaaiaaiaai"), powers, strict=True))
    names = ("aaifemale", "aaiaaifemale", "aaiaaiaaifemale", "aaiaaiaaiaaifemale")
    return {"female": 1.0, **dict(zip(names, powers, strict=True))}


def _rates(history: History, constants: Ogrs4Constants) -> dict[str, float]:
    every = math.log(history.sanctions / (history.years_between + constants.career_years_all))
    violent = math.log(history.sanctions / (history.years_between + constants.career_years_violent))
    if history.male:
        return {
            "malethreeplussanctionsogrs4g_rat": every,
            "malethreeplussanctionsogrs4g_rao": every**2,
            "malethreeplussanctionsogrs4v_rat": violent,
        }
    return {
        "femalethreeplussanctionsogrs4g_r": every,
        "femalethreeplussanctionsogrs4g_o": every**2,
        "femalethreeplussanctionsogrs4v_r": violent,
    }


def _violence(history: History, violent: int, constants: Ogrs4Constants) -> dict[str, float]:
    if violent == 0:
        return {"maleneverviolent" if history.male else "femaleneverviolent": 1.0}
    return {
        "onceviolent": float(violent == 1),
        "ogrs3_ovp_sanct": float(violent),
        "ogrs4v_rate_violent": math.log(violent / (history.years_between + constants.career_years_violence)),
    }
