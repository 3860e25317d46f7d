"""A predictor's figure as an agency shows it inside its own details: always with its caveat.

It is in no list, strip, matrix, worklist or pack, and nothing is sorted by it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from engine.domain.base import Code, Frozen, Sentence

CAVEAT = (
    "Likelihood of proven reoffending of the kind predicted among people like this. Not validated for "
    "stalking; says nothing about this victim. A low figure is no reassurance."
)
"""The caveat beside every figure, word for word."""
_Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class PredictorShown(Frozen):
    """The result of one published predictor at the agency's own asking: a figure, or why there is none.

    It is about people like the person, and no more.
    """

    instrument: Code
    version: _Short
    predicts: _Short
    percent: Annotated[float, Field(ge=0, le=100)] | None = None
    within_years: Annotated[int, Field(ge=1, le=10)]
    band: Annotated[str, StringConstraints(min_length=1, max_length=30)] | None = None
    not_computed: Sentence | None = Field(default=None, description="why it has no figure")
    from_history_alone: bool | None = Field(
        default=None, description="the static version of a predictor that has two; None when there is one"
    )
    asked_by: Annotated[str, StringConstraints(min_length=2, max_length=240)] = Field(
        description="who at the agency asked for it: a name and a post"
    )
    computed_on: date = Field(description="the date of the score")
    reasons: Annotated[tuple[Sentence, ...], Field(max_length=80)] = Field(
        default=(), description="one for each item that moved it"
    )
    caveat: str = CAVEAT

    @field_validator("caveat")
    @classmethod
    def _is_word_for_word(cls, caveat: str) -> str:
        if caveat != CAVEAT:
            raise ValueError("caveat: give the published caveat word for word with every figure")
        return caveat

    @model_validator(mode="after")
    def _is_a_figure_or_says_why_not(self) -> PredictorShown:
        if (self.percent is None) != (self.band is None):
            raise ValueError("percent and band go together")
        if (self.percent is None) == (self.not_computed is None):
            raise ValueError("give a percent with its band, or say in not_computed why there is none")
        return self
