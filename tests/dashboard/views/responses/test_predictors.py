"""A predictor on the case page: inside its agency's details, closed, with its caveat, and nowhere else."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.predictors import CAVEAT, PredictorShown
from tests.builders import Desk
from tests.dashboard.visits import Visits, answers, asked, opened

SHOWN = PredictorShown(
    instrument="ogrs3",
    version="1",
    predicts="OGRS3, any reoffending",
    percent=61.37,
    within_years=2,
    band="VERY_HIGH",
    asked_by="Robin Marsh, probation practitioner",
    computed_on=date(2026, 2, 1),
    reasons=("Two previous sanctions raised the score.",),
)
NOT_COMPUTED = SHOWN.model_copy(
    update={"percent": None, "band": None, "not_computed": "No sanction is recorded here.", "reasons": ()}
)
SUMMARY = "Predictors of proven reoffending, with their limits"


def test_it_stands_closed_within_its_agency_s_details_with_its_caveat_and_once(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, predictors=(SHOWN,))
    opened(desk, reference)
    source = visits(desk.chair, Place.CASE, reference).source

    assert source.count("61.37") == 1
    (details,) = re.findall(rf"<details><summary>{SUMMARY}</summary>.*?</details>", source, flags=re.DOTALL)
    assert "OGRS3, any reoffending: 61.37 per cent within 2 years, its band: very high." in details
    assert f"<strong>{CAVEAT}</strong>" in details
    assert "ogrs3, version 1, requested by Robin Marsh, probation practitioner, on 1 Feb 2026." in details
    assert "Two previous sanctions raised the score." in details
    begins = '<section aria-label="Harbour Office: what it released">'
    card = re.search(f"{begins}.*?</section>", source, re.DOTALL)
    assert card is not None
    assert details in card[0]


def test_it_colours_nothing_and_no_agency_without_one_has_the_section(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["lantern"], reference)
    opened(desk, reference)
    plain = visits(desk.chair, Place.CASE, reference).source
    assert SUMMARY not in plain

    answers(desk, workers["lantern"], reference, predictors=(SHOWN,))
    predicted = visits(desk.chair, Place.CASE, reference).source
    assert predicted.count("t-high") == plain.count("t-high")
    assert predicted.count(SUMMARY) == 1


def test_why_there_is_no_figure_is_said_in_its_place(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, predictors=(NOT_COMPUTED,))
    opened(desk, reference)
    source = visits(desk.chair, Place.CASE, reference).source

    assert source.count("OGRS3, any reoffending: not computed. No sanction is recorded here.") == 1


@pytest.mark.parametrize(
    "place", [Place.CASES, Place.WORKLIST, Place.SCREENING, Place.OUTCOMES, Place.AGENCIES]
)
def test_no_other_page_shows_it(desk: Desk, workers: dict[str, Acting], visits: Visits, place: Place) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, predictors=(SHOWN,))
    opened(desk, reference)
    for acting in (desk.chair, workers["harbour"]):
        visit = visits(acting, place)
        assert "61.37" not in visit.source
        assert CAVEAT not in visit.source
