"""The result of scoring one filled-in instrument, item by item. Knows no instrument and no agency."""

from __future__ import annotations

from pydantic import Field, JsonValue, model_validator

from engine.domain.base import Frozen, Sentence


class ScoreResult(Frozen):
    """The result for one input: a result with a reason for each item that moved it, or one plain error.

    A scorer gets one input and returns this; an input that cannot be scored is an error and never a result
    with something left out.
    """

    result: dict[str, JsonValue] | None = Field(
        default=None, description="by name, in the instrument's words"
    )
    reasons: tuple[Sentence, ...] = Field(default=(), description="one for each item that moved the result")
    error: Sentence | None = Field(
        default=None, description="what is wrong with the input, without its values"
    )

    @model_validator(mode="after")
    def _is_a_result_or_an_error(self) -> ScoreResult:
        if (self.result is None) == (self.error is None):
            raise ValueError("give either a result or an error, not both")
        return self


def not_scored(error: str) -> ScoreResult:
    """Return the result for an input that cannot be scored, cut to one sentence."""
    return ScoreResult(error=error[:600])
