"""The OGRS4 family: all, violent and serious violent reoffending proven within two years.

Each predictor has a static version, from only the history, and a dynamic one that needs answers of an
assessment too. Figures and their source are in ``data/ogrs4.toml``. They say nothing about stalking or about
any victim.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from engine.hooks.v1 import InvalidInputError, ScoreResult, not_scored
from plugins.probation.predictors.history import HISTORY, History, history_given, static_terms
from plugins.probation.predictors.inputs import ScorerInput, moved
from plugins.probation.predictors.tables import (
    Ogrs4Predictor,
    Ogrs4Table,
    Ogrs4Version,
    band_of,
    offence_of,
    ogrs4_table,
)

_Name = Literal["arp", "vrp", "svrp"]
_CATEGORY, _CODE, _STATIC = "offence_category", "offence_code", "static"
_NOT_COUNTED = frozenset({"amphetamines", "ecstasy"})
"""Answers that an assessment has and that no version counts."""


@dataclass(frozen=True, kw_only=True)
class _Term:
    sentence: str
    by: float


def score_arp(inputs: dict[str, object]) -> ScoreResult:
    """Score all reoffending."""
    return _result_of("arp", inputs)


def score_vrp(inputs: dict[str, object]) -> ScoreResult:
    """Score violent reoffending."""
    return _result_of("vrp", inputs)


def score_svrp(inputs: dict[str, object]) -> ScoreResult:
    """Score serious violent reoffending."""
    return _result_of("svrp", inputs)


def _result_of(name: _Name, inputs: dict[str, object]) -> ScoreResult:
    try:
        return _scored(name, ScorerInput(inputs, numbers_may_be_text=True))
    except InvalidInputError as error:
        return not_scored(str(error))


def _scored(name: _Name, given: ScorerInput) -> ScoreResult:
    table = ogrs4_table()
    predictor: Ogrs4Predictor = getattr(table, name)
    offence = () if given.has(_CODE) else (_CATEGORY,)
    violent = () if name == "arp" else ("total_violent_sanctions",)
    given.require((*HISTORY, *violent, *offence))
    history = history_given(given, table.constants)
    category = _category(given, predictor)
    missing = given.missing(_needed(table, predictor))
    static = (given.has(_STATIC) and given.flag(_STATIC)) or bool(missing)
    version = predictor.static if static else predictor.dynamic
    terms: list[_Term] = [
        *_from_history(version, history),
        *_from_offence(name, version, table, category),
        *(() if static else _from_answers(version, table, given)),
    ]
    exponent = version.terms["Intercept_2"] + math.fsum(term.by for term in terms)
    probability = 1 / (1 + math.exp(-exponent))
    percent = _percent(probability, most=table.constants.percent_most)
    return ScoreResult(
        result={
            "probability": probability,
            "percent": percent,
            "band": band_of(percent, table.bands[name]),
            "static": static,
        },
        reasons=(
            *(sentence for term in terms for sentence in moved(term.sentence, term.by)),
            *_why_static(given, missing),
            *given.not_used(_known(table)),
        ),
    )


def _needed(table: Ogrs4Table, predictor: Ogrs4Predictor) -> tuple[str, ...]:
    """Return the answers that a dynamic version needs."""
    counted = predictor.dynamic.terms
    answers = tuple(answer.key for answer in table.answers if answer.term in counted)
    return answers + tuple(drug.key for drug in table.drugs if drug.term in counted)


def _known(table: Ogrs4Table) -> frozenset[str]:
    answers = {answer.key for answer in table.answers} | {drug.key for drug in table.drugs}
    history = {*HISTORY, "total_violent_sanctions", _CATEGORY, _CODE, _STATIC}
    return frozenset(answers | history | _NOT_COUNTED)


def _why_static(given: ScorerInput, missing: tuple[str, ...]) -> tuple[str, ...]:
    if given.has(_STATIC) and given.flag(_STATIC):
        return ("The static version was asked for.",)
    if not missing:
        return ()
    named = f"{', '.join(missing[:8])}{f' and {len(missing) - 8} more' if len(missing) > 8 else ''}"
    return (
        "MISSING_DYNAMIC_INPUT: answers of the assessment were missing, so this is the static version: "
        f"{named}.",
    )


def _category(given: ScorerInput, predictor: Ogrs4Predictor) -> str:
    offered = tuple(predictor.static.offences)
    stated = given.choice(_CATEGORY, offered) if given.has(_CATEGORY) else None
    if not given.has(_CODE):
        assert stated is not None, "a key that was required is there"
        return stated
    code = given.code(_CODE)
    try:
        category = offence_of(code).ogrs4_category
    except InvalidInputError:
        if stated is None:
            raise
        category = None
    if category is None and stated is None:
        raise InvalidInputError(
            _CODE, "the category of this code is not known here; give offence_category instead"
        )
    if stated is not None and category is not None and stated != category:
        raise InvalidInputError(_CATEGORY, "it is not the category of offence_code; give one of the two")
    return stated or category or ""


def _from_history(version: Ogrs4Version, history: History) -> Iterator[_Term]:
    for sentence, terms in static_terms(history, ogrs4_table().constants):
        yield _Term(
            sentence=sentence,
            by=math.fsum(version.terms.get(term, 0) * value for term, value in terms.items()),
        )


def _from_offence(name: _Name, version: Ogrs4Version, table: Ogrs4Table, category: str) -> Iterator[_Term]:
    by = version.offences[category]
    counted_too = table.also.get(name, {}).get(category)
    if counted_too is not None:
        by += version.offences[counted_too]
    yield _Term(sentence=f"The offence category '{category.replace('_', ' ').lower()}'", by=by)


def _from_answers(version: Ogrs4Version, table: Ogrs4Table, given: ScorerInput) -> Iterator[_Term]:
    values: dict[str, int] = {}
    for answer in table.answers:
        if answer.term in version.terms:
            value = given.one_of(answer.key, answer.allowed)
            values[answer.term] = int(value in answer.counts_as_one) if answer.counts_as_one else value
            yield _Term(
                sentence=f"{answer.says} ({answer.question}, answer {value})",
                by=version.terms[answer.term] * values[answer.term],
            )
    for product in table.products:
        if product.term in version.terms:
            one, other = (values[term] for term in product.of)
            yield _Term(sentence=product.says, by=version.terms[product.term] * one * other)
    used = {drug.term: drug.says for drug in table.drugs if drug.term in version.terms}
    taken = {drug.term for drug in table.drugs if drug.term in used and given.yes(drug.key)}
    for term, sentence in used.items():
        yield _Term(sentence=sentence, by=version.terms[term] * (term in taken))


def _percent(probability: float, *, most: str) -> float:
    """Return two decimals, rounded half up."""
    rounded = (Decimal(repr(probability)) * 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return float(min(rounded, Decimal(most)))
