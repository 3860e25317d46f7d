"""A telling is a result or an error, and says one of the two."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.domain.agencies.scoring import ScoreResult, not_scored


def test_a_result_stands_with_its_reasons() -> None:
    score = ScoreResult(result={"weeks": 3}, reasons=("weeks: as given.",))
    assert (score.error, score.result) == (None, {"weeks": 3})


@pytest.mark.parametrize("given", [{}, {"result": {}, "error": "Both."}])
def test_neither_or_both_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="not both"):
        ScoreResult.model_validate(given)


def test_an_error_that_is_too_long_is_cut_and_still_told() -> None:
    score = not_scored("x" * 900)
    assert score.error == "x" * 600
    assert score.result is None
