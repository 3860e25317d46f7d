"""What docs/agencies/predictors.md tells probation is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.domain.agencies.predictors import CAVEAT
from engine.instruments.reading import read_instrument
from plugins.probation.predictors.ogrs3 import score
from plugins.probation.records import PredictorAskedFor

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "agencies" / "predictors.md").read_text(encoding="utf-8")
INSTRUMENTS = sorted((ROOT / "plugins" / "probation" / "instruments").glob("*.toml"))
ASKING, BY_HAND = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def test_the_caveat_stands_on_the_page_word_for_word() -> None:
    assert CAVEAT in " ".join(PAGE.replace("\n> ", "\n").split())


@pytest.mark.parametrize("file", INSTRUMENTS, ids=lambda file: file.stem)
def test_every_predictor_has_its_place_on_the_page(file: Path) -> None:
    assert f"`{file.stem}`" in PAGE


@pytest.mark.parametrize("file", INSTRUMENTS, ids=lambda file: file.stem)
def test_every_instrument_says_its_limits_and_the_predictors_say_the_caveat(file: Path) -> None:
    instrument = read_instrument(file)

    assert len(instrument.never_used_for) >= 3
    assert (instrument.always_said == CAVEAT) is (file.stem not in ("lds", "mst"))


def test_the_example_of_a_line_comes_to_what_the_page_says() -> None:
    found = score(json.loads(BY_HAND)).result

    assert found is not None
    sentence = f"{found['percent_1y']} per cent within one year, {found['percent_2y']} within two, band "
    assert f"{sentence}{found['band']}." in PAGE


def test_the_example_of_an_asking_is_read_and_can_be_computed() -> None:
    heading, line = ASKING.strip().splitlines()

    assert json.loads(heading) == {"lines": 1}
    assert score(dict(PredictorAskedFor.model_validate_json(line).inputs)).error is None


def test_every_file_that_the_page_points_at_is_there() -> None:
    linked = re.findall(r"\]\((\.\./[^)]+)\)", PAGE)

    assert linked
    assert all((ROOT / "docs" / "agencies" / each).exists() for each in linked)
