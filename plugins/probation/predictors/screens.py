"""Two screens, for learning disability or difficulty (LDS) and for maturity (MST). Neither is about risk.

Figures and their source are in ``data/points.toml``.
"""

from __future__ import annotations

from engine.hooks.v1 import InvalidInputError, ScoreResult, not_scored
from plugins.probation.predictors.inputs import ScorerInput, pointed, whole_years
from plugins.probation.predictors.tables import points_table

_LEVELS = (0, 1, 2)
_RWN, _QUALIFICATIONS = "reading_writing_numeracy", "qualifications"
_MAIN = {
    "work_skills": "Work-related skills",
    _RWN: "Reading, writing and numeracy",
    "learning_difficulties": "Learning difficulties",
    _QUALIFICATIONS: "Having no qualifications",
}
_YES_NO = {
    "no_fixed_abode": "Having no fixed abode",
    "reading": "Problems with reading",
    "numeracy": "Problems with numeracy",
}
_MATURITY = {
    "criminal_associates": "Influence of criminal associates",
    "risk_taking": "Recklessness and risk-taking",
    "coping": "Difficulties in coping",
    "attitude_to_self": "Attitude to self",
    "impulsivity": "Impulsivity",
    "temper_control": "Control of temper",
    "problem_solving": "Problem-solving",
    "awareness_of_consequences": "Awareness of consequences",
    "others_views": "Understanding of other people's views",
}
_PEERS = "peer_group"
_DAYS = ("date_of_birth", "assessment_date")
_AGE = "age"


def score_lds(inputs: dict[str, object]) -> ScoreResult:
    """Score one line of the learning screen."""
    try:
        return _learning(ScorerInput(inputs))
    except InvalidInputError as error:
        return not_scored(str(error))


def score_mst(inputs: dict[str, object]) -> ScoreResult:
    """Score one line of the maturity screen."""
    try:
        return _maturity(ScorerInput(inputs))
    except InvalidInputError as error:
        return not_scored(str(error))


def _learning(given: ScorerInput) -> ScoreResult:
    table = points_table().lds
    missing = given.missing(_MAIN)
    if len(missing) > table.main_items_missing_most:
        raise InvalidInputError(
            "input", f"at most one of {', '.join(_MAIN)} may be missing, and these are: {', '.join(missing)}"
        )
    if not given.has(_RWN) and (given.has("reading") or given.has("numeracy")):
        raise InvalidInputError(_RWN, "it is missing though reading or numeracy is given")
    points = [
        (f"{sentence} (answer {value})", value)
        for key, sentence in _MAIN.items()
        if key != _QUALIFICATIONS and given.has(key)
        for value in (given.one_of(key, _LEVELS),)
    ]
    if given.has(_QUALIFICATIONS):
        without = given.choice(_QUALIFICATIONS, ("any", "none")) == "none"
        points.append((_MAIN[_QUALIFICATIONS], table.no_qualifications * without))
    worth = {
        "no_fixed_abode": table.no_fixed_abode,
        "reading": table.reading,
        "numeracy": table.numeracy,
    }
    points += [(sentence, worth[key] * given.yes(key)) for key, sentence in _YES_NO.items() if given.has(key)]
    total = sum(each for _, each in points)
    texts = tuple(f"{_MAIN[key]} was not given, and counted nothing." for key in missing)
    return ScoreResult(
        result={
            "points": total,
            "score": table.scores[max(start for start in table.scores if start <= total)],
        },
        reasons=(
            *(sentence for message, each in points for sentence in pointed(message, each)),
            *texts,
            *given.not_used({*_MAIN, *_YES_NO}),
        ),
    )


def _maturity(given: ScorerInput) -> ScoreResult:
    table = points_table().mst
    dated = not given.has(_AGE) and any(given.has(day) for day in _DAYS)
    given.require(("sex", *(_DAYS if dated else (_AGE,))))
    man, age = given.choice("sex", ("M", "F")) == "M", _age_now(given)
    known = {"sex", _AGE, *_DAYS, _PEERS, *_MATURITY}
    if not (man and table.age_from <= age <= table.age_to):
        why = f"The screen is for men of {table.age_from} to {table.age_to} only, and was not scored."
        return ScoreResult(
            result={"points": None, "flag": None, "applies": False}, reasons=(why, *given.not_used(known))
        )
    missing = given.missing((_PEERS, *_MATURITY))
    if 1 + len(_MATURITY) - len(missing) < table.answers_least:
        raise InvalidInputError(
            "input", f"{table.answers_least} answers are needed, and it lacks {', '.join(missing)}"
        )
    points = [
        (f"{sentence} (answer {value})", value)
        for key, sentence in _MATURITY.items()
        if given.has(key)
        for value in (given.one_of(key, _LEVELS),)
    ]
    if given.has(_PEERS):
        points.insert(0, ("Influence of a peer group", table.peer_group * given.yes(_PEERS)))
    total = sum(each for _, each in points)
    return ScoreResult(
        result={"points": total, "flag": total >= table.flag_from, "applies": True},
        reasons=(
            *(sentence for message, each in points for sentence in pointed(message, each)),
            *(f"The answer {key} was not given, and counted nothing." for key in missing),
            *given.not_used(known),
        ),
    )


def _age_now(given: ScorerInput) -> int:
    if given.has(_AGE):
        return given.whole(_AGE, least=10, most=109)
    born, on = (given.day(day) for day in _DAYS)
    if on <= born:
        raise InvalidInputError("assessment_date", "it does not come after the date of birth")
    return whole_years(born, on)
