"""Takes an assessor's own conclusion on each domain, with its reasons. Computes none, ever.

Structured professional judgement has no formula: which items are present changes nothing in the result. An
item that matters and is not known only asks for one more sentence before "low" is taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints, ValidationError, model_validator

from engine.domain.agencies.scoring import ScoreResult
from engine.domain.base import Frozen
from engine.domain.conference.gaps import FEWEST_WORDS, SHORTEST_REASON, is_own_reason
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.responses.answers import Professional
from engine.instruments.filling import Filled, FillingFaultError, filled, plain_key
from engine.instruments.model import RESERVED, Instrument

Written = Annotated[
    str, StringConstraints(min_length=SHORTEST_REASON, max_length=540, pattern=r"[^\W\d_]{2}")
]
"""A reason in readable form: more than a full stop, and short enough to be one sentence."""


class Conclusion(Frozen):
    """The assessor's word on one domain."""

    level: Level
    reasons: Written
    how_soon: HowSoon | None = None
    horizon_weeks: Annotated[int, Field(ge=1, le=520)] | None = None
    low_despite_unknown: Written | None = Field(
        default=None, description="why the domain is low though something that matters is not known"
    )


class Assessment(Frozen):
    """An assessor's conclusions on every domain, and the date."""

    assessor: Professional
    assessed_on: date
    conclusions: dict[Domain, Conclusion]

    @model_validator(mode="after")
    def _is_whole(self) -> Assessment:
        missing = [domain.value for domain in Domain if domain not in self.conclusions]
        if missing:
            raise ValueError(
                f"conclusions: {', '.join(missing)} is missing; 'unable to say' is a conclusion too"
            )
        if any(
            conclusion.how_soon is not None and domain is not Domain.VIOLENCE
            for domain, conclusion in self.conclusions.items()
        ):
            raise ValueError("conclusions: only give how_soon for violence")
        return self


def carried_judgement(instrument: Instrument, given: Mapping[str, JsonValue], *, on: date) -> ScoreResult:
    """Return the judgement as it was given, with what was not known beside it.

    Raises FillingFaultError; "low" without the further reason names the items that are not known.
    """
    form = filled(instrument, given, other_keys=RESERVED)
    assessment = _read({key: given[key] for key in RESERVED if key in given})
    if assessment.assessed_on > on:
        raise FillingFaultError([f"'assessed_on' is after {on.isoformat()}"])
    critical = {item.id for item in instrument.items if item.critical}
    open_items = tuple(item for item in form.not_known if item in critical)
    _refuse_bare_low(assessment, open_items)
    return ScoreResult(
        result=_result(instrument, form, assessment, open_items),
        reasons=(
            *(
                f"{domain.value}: {assessment.conclusions[domain].level.value}: "
                f"{assessment.conclusions[domain].reasons}"
                for domain in Domain
            ),
            *(
                f"{item}: {form.states[item].value}, and it matters to this judgement; it is not an absence"
                for item in open_items
            ),
        ),
    )


def _read(given: dict[str, JsonValue]) -> Assessment:
    try:
        return Assessment.model_validate_json(json.dumps(given), strict=True)
    except ValidationError as error:
        raise FillingFaultError([_clause(fault["loc"], fault["msg"]) for fault in error.errors()]) from None


def _clause(where: tuple[int | str, ...], sentence: str) -> str:
    place = ".".join(plain_key(str(step)) for step in where if step != "[key]")
    said = sentence.removeprefix("Value error, ")
    return f"{place}: {said[:1].lower()}{said[1:]}" if place else said


def _refuse_bare_low(assessment: Assessment, open_items: tuple[str, ...]) -> None:
    bare = [
        domain.value
        for domain, conclusion in assessment.conclusions.items()
        if conclusion.level is Level.LOW and conclusion.low_despite_unknown is None
    ]
    if bare and open_items:
        raise FillingFaultError(
            [
                f"{' and '.join(bare)} cannot be 'low' while {', '.join(open_items)} "
                f"{'is' if len(open_items) == 1 else 'are'} unknown or not asked; find out, or write in "
                "low_despite_unknown why it is low all the same"
            ]
        )
    if not open_items:
        return
    thin = [
        domain.value
        for domain, conclusion in assessment.conclusions.items()
        if conclusion.level is Level.LOW
        and not is_own_reason(
            conclusion.low_despite_unknown or "", gaps=open_items, others=[conclusion.reasons]
        )
    ]
    if thin:
        raise FillingFaultError(
            [
                f"low_despite_unknown of {' and '.join(thin)} needs at least {FEWEST_WORDS} words "
                "besides the names of the items, and may not repeat the reasons"
            ]
        )


def _result(
    instrument: Instrument, form: Filled, assessment: Assessment, open_items: tuple[str, ...]
) -> dict[str, JsonValue]:
    return {
        "instrument": instrument.id,
        "version": instrument.version,
        "concluded_by": assessment.assessor.model_dump(mode="json"),
        "assessed_on": assessment.assessed_on.isoformat(),
        "conclusions": {
            domain.value: assessment.conclusions[domain].model_dump(mode="json", exclude_none=True)
            for domain in Domain
        },
        "items": {item: state.value for item, state in form.states.items()},
        "critical_not_known": list(open_items),
        "always_said": instrument.always_said,
    }
