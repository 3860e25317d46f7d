"""Predictors on a case: at probation's asking, for a person with a sanction, always with their caveat."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.domain.agencies.predictors import CAVEAT
from engine.domain.responses.answers import Contribution
from engine.hooks.manifest import must_be_released_by_hand, read_manifest
from plugins.probation.assessor import assess
from plugins.probation.records import PredictorAskedFor, SupervisionRow
from tests.plugins.builders import a_case
from tests.plugins.probation.extract import a_period, an_asking, read, write

MANIFEST = read_manifest(Path("plugins/probation"), agency="probation")
PLAIN: dict[str, object] = {"rosh": None, "rosh_to": (), "rosh_recorded_on": None}


def answer(
    folder: Path, *periods: SupervisionRow, asked: tuple[PredictorAskedFor, ...] | None = None
) -> Contribution:
    given = assess(a_case(), read(write(folder, *periods, asked=asked)))
    assert isinstance(given, Contribution)
    return given


def test_a_predictor_that_was_asked_for_is_shown_with_its_figure_and_its_caveat(tmp_path: Path) -> None:
    (shown,) = answer(tmp_path, asked=(an_asking(),)).predictors

    assert (shown.instrument, shown.percent, shown.within_years, shown.band) == ("ogrs3", 61, 2, "MEDIUM")
    assert shown.asked_by == "Delphine Fauxley, Probation Practitioner"
    assert shown.computed_on == date(2026, 2, 1)
    assert shown.caveat == CAVEAT
    assert shown.reasons[0] == "2 previous sanctions raised the score by 0.463."


@pytest.mark.parametrize("asked", [None, ()])
def test_nobody_asked_and_nothing_is_computed(
    tmp_path: Path, asked: tuple[PredictorAskedFor, ...] | None
) -> None:
    assert answer(tmp_path, asked=asked).predictors == ()


def test_a_person_without_a_sanction_gets_no_figure_and_it_is_said_why(tmp_path: Path) -> None:
    to_come = a_period(started=date(2026, 12, 1), ends=None)
    (shown,) = answer(tmp_path, to_come, asked=(an_asking(),)).predictors

    assert shown.percent is None
    assert shown.not_computed == "No sanction is recorded here."


def test_an_asking_after_the_day_of_asking_is_not_yet_there_and_the_newest_counts(tmp_path: Path) -> None:
    inputs = {**an_asking().inputs, "previous_sanctions": 0}
    asked = (
        an_asking(1),
        an_asking(2, asked_on=date(2026, 3, 1), inputs=inputs),
        an_asking(3, asked_on=date(2026, 11, 25)),
    )
    (shown,) = answer(tmp_path, asked=asked).predictors

    assert (shown.percent, shown.computed_on) == (22, date(2026, 3, 1))


def test_inputs_that_cannot_be_scored_are_told_and_the_rest_of_the_answer_stands(tmp_path: Path) -> None:
    given = answer(tmp_path, asked=(an_asking(inputs={"sex": "M"}), an_asking(2, predictor="ovp", inputs={})))

    assert [shown.percent for shown in given.predictors] == [None, None]
    assert "it lacks age_at_conviction" in str(given.predictors[0].not_computed)
    assert given.findings


def test_a_screen_or_an_unknown_predictor_is_not_shown_on_a_case(tmp_path: Path) -> None:
    given = answer(tmp_path, asked=(an_asking(predictor="lds"), an_asking(2, predictor="tarot")))

    assert given.predictors == ()
    assert "Two askings here were for something that no case shows." in given.gaps


def test_an_answer_with_a_predictor_waits_for_a_hand_and_the_same_without_does_not(tmp_path: Path) -> None:
    plain = answer(tmp_path / "plain", a_period(1, **PLAIN))
    predicted = answer(tmp_path / "predicted", a_period(1, **PLAIN), asked=(an_asking(),))

    assert not must_be_released_by_hand(MANIFEST, plain)
    assert must_be_released_by_hand(MANIFEST, predicted)


def test_no_figure_is_in_any_finding_gap_view_or_word_of_the_answer(tmp_path: Path) -> None:
    plain = answer(tmp_path / "plain")
    predicted = answer(tmp_path / "predicted", asked=(an_asking(), an_asking(2, predictor="ovp", inputs={})))

    assert predicted.model_copy(update={"predictors": ()}) == plain
