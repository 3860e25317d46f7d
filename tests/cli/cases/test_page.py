"""What waits for release is read whole first: a figure with its caveat, a note with its answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cli.cases.page import draw_prepared
from engine.domain.agencies.predictors import CAVEAT, PredictorShown
from engine.domain.cases.involvement import StoredAnswer
from engine.domain.responses.answers import Contribution, NilReturn, Stage
from tests.builders import a_contribution

SHOWN = PredictorShown(
    instrument="ogrs3",
    version="1",
    predicts="OGRS3, any reoffending",
    percent=61.0,
    within_years=2,
    band="MEDIUM",
    asked_by="Robin Marsh, probation practitioner",
    computed_on=date(2026, 2, 1),
)


def page(capsys: pytest.CaptureFixture[str], answer: Contribution | NilReturn) -> str:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    draw_prepared(
        StoredAnswer(
            agency="harbour",
            version=1,
            stage=Stage.PREPARED,
            answer=answer,
            digest="0" * 64,
            author="plugin harbour",
            at=at,
        )
    )
    return " ".join(capsys.readouterr().out.split())


def test_a_predictor_is_listed_by_the_key_that_strikes_it_with_its_caveat(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = page(capsys, a_contribution("Two reports were held.", predictors=(SHOWN,)))

    assert "predictor:ogrs3" in text
    assert "61 per cent within 2 years" in text
    assert CAVEAT.split(".")[1].strip() in text
    assert "predictor" not in page(capsys, a_contribution("Two reports were held."))


def test_the_note_of_a_nil_return_is_read_before_it_is_released(capsys: pytest.CaptureFixture[str]) -> None:
    note = "Two files handed over could not be read; it is not known whose they are."
    nil = NilReturn(looked_in=("the toy records",), says="Harbour looked and found no record.", note=note)

    assert note in page(capsys, nil)
    assert note not in page(capsys, nil.model_copy(update={"note": None}))
