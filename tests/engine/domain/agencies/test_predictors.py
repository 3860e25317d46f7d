"""A predictor's figure: never without its caveat, and never both a figure and a reason why there is none."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from engine.domain.agencies.predictors import CAVEAT, PredictorShown

A_FIGURE: dict[str, object] = {
    "instrument": "ogrs3",
    "version": "1",
    "predicts": "OGRS3, any reoffending",
    "percent": 61,
    "within_years": 2,
    "band": "MEDIUM",
    "asked_by": "Delphine Fauxley, Probation Practitioner",
    "computed_on": date(2026, 2, 1),
}


def test_the_caveat_is_the_panel_s_word_for_word() -> None:
    shown = PredictorShown.model_validate(A_FIGURE)

    assert shown.caveat == CAVEAT
    assert CAVEAT == (
        "Likelihood of proven reoffending of the kind predicted among people like this. Not validated for "
        "stalking; says nothing about this victim. A low figure is no reassurance."
    )


@pytest.mark.parametrize("caveat", ["", "Low risk.", CAVEAT[:-1]])
def test_no_other_caveat_can_stand_beside_a_figure(caveat: str) -> None:
    with pytest.raises(ValidationError, match="word for word"):
        PredictorShown.model_validate({**A_FIGURE, "caveat": caveat})


@pytest.mark.parametrize(
    "changes",
    [
        {"percent": None, "band": None},
        {"percent": None},
        {"band": None},
        {"not_computed": "No sanction is recorded here."},
        {"percent": 101},
        {"percent": -1},
    ],
)
def test_it_is_a_figure_with_its_band_or_says_why_there_is_none(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PredictorShown.model_validate({**A_FIGURE, **changes})


def test_a_reason_why_there_is_no_figure_stands_alone() -> None:
    why = {"percent": None, "band": None, "not_computed": "No sanction is recorded here."}

    assert PredictorShown.model_validate({**A_FIGURE, **why}).percent is None
