"""Outcomes over all cases, and of one: reported, recorded and proven apart, and what nobody knows yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.places import Place
from engine.domain.acting import Acting, Role
from engine.domain.outcomes import AgainstWhom, Measure, OutcomeFound, OutcomeGiven
from engine.services.outcomes import record_outcome
from tests.builders import Desk
from tests.dashboard.visits import Visits, asked, decided, opened


def followed(desk: Desk, number: int, *, again_after: int | None) -> str:
    """A decided case that was looked at a year later."""
    reference = asked(desk, str(number))
    opened(desk, reference)
    decided(desk, reference)
    decided_on = desk.clock.today()
    later = decided_on + timedelta(days=again_after or 300)
    desk.clock.forward(timedelta(days=301))
    record_outcome(
        **desk.common,
        acting=desk.coordinator,
        reference=reference,
        outcome=OutcomeGiven.model_validate(
            {
                "measure": Measure.REPORTED,
                "found": OutcomeFound.FURTHER_STALKING if again_after else OutcomeFound.NONE_FOUND,
                "against": AgainstWhom.SAME_VICTIM if again_after else None,
                "happened": later if again_after else None,
                "looked_until": later,
                "looked_in": ("harbour",),
                "says": "Looked at after the year.",
            }
        ),
    )
    desk.clock.forward(-timedelta(days=301))
    return reference


@pytest.fixture
def six(desk: Desk, workers: dict[str, Acting]) -> None:
    """Six decided cases, two of them with a further report."""
    for number in range(1, 7):
        followed(desk, number, again_after={1: 40, 2: 90}.get(number))
    desk.clock.forward(timedelta(days=310))


def test_few_cases_give_no_curve_and_the_page_says_why(desk: Desk, visits: Visits) -> None:
    assert "Too few cases have been looked at for a curve." in visits(desk.chair, Place.OUTCOMES).words


@pytest.mark.usefixtures("six")
def test_the_curve_comes_with_its_numbers_and_words(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.chair, Place.OUTCOMES)
    assert "Decided cases followed 6 Further stalking reported 2" in visit.words
    assert "Numbers at risk" in visit.words
    assert "No report is not no stalking" in visit.words
    assert "40 83%" in visit.words
    assert "not yet known" in visit.words.lower()
    chart = visit.app.get("vega_lite_chart")[0].proto
    assert "step-after" in chart.spec
    assert "Curve of the share of 6 decided cases" in chart.alt


@pytest.mark.usefixtures("six")
def test_a_manager_sees_the_figures_and_no_case(desk: Desk, visits: Visits) -> None:
    words = visits(desk.add("max", Role.MANAGER), Place.OUTCOMES).words
    assert "Decided cases followed 6" in words
    assert "R-" not in words


def test_an_outcome_is_recorded_on_the_case(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = asked(desk)
    key = f"outcome-{reference}"
    visit = visits(desk.coordinator, Place.CASE, reference)
    assert "Not yet known: nobody has recorded a follow-up." in visit.words
    visit.open("record-outcome")
    visit.app.radio(key=f"{key}-measure").set_value(Measure.REPORTED)
    visit.app.radio(key=f"{key}-found").set_value(OutcomeFound.NONE_FOUND)
    visit.app.text_input(key=f"{key}-until").set_value("01/03/2026")
    visit.app.text_input(key=f"{key}-says").set_value("Nothing further was reported.")
    visit.press(f"{key}-save")
    assert "'none found' must say where was looked" in visit.words
    visit.app.text_input(key=f"{key}-in").set_value("harbour")
    visit.finish(f"{key}-save")
    assert "Nothing further was reported." in visit.words
    assert "1 March 2026" in visit.words
