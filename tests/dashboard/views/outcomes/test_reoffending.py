"""Outcomes over all cases, and of one: reported, recorded and proven apart, and what nobody knows yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.outcomes.follow_up import AgainstWhom, Measure, OutcomeFound, OutcomeGiven
from engine.services.outcomes.follow_up import record_outcome
from tests.builders import Desk
from tests.dashboard.visits import Connection, Visit, Visits, asked, decided, opened

pytestmark = pytest.mark.usefixtures("any_clock")


def followed(desk: Desk, number: int, *, again_after: int | None) -> str:
    """A decided case that was looked at a year later."""
    reference = asked(desk, str(number))
    opened(desk, reference)
    decided(desk, reference)
    decided_on = desk.clock.today()
    later = decided_on + timedelta(days=again_after or 300)
    desk.clock.forward(timedelta(days=301))
    record_outcome(
        desk.context(desk.coordinator),
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
def six(any_clock: None, desk: Desk, workers: dict[str, Acting]) -> None:
    """Six decided cases, two of them with a further report."""
    for number in range(1, 7):
        followed(desk, number, again_after={1: 40, 2: 90}.get(number))
    desk.clock.forward(timedelta(days=310))


def test_few_cases_give_no_curve_and_the_page_says_why(desk: Desk, visits: Visits) -> None:
    text = visits(desk.chair, Place.OUTCOMES).words
    assert "Too few cases were followed up to show a curve that identifies no one." in text


@pytest.mark.usefixtures("six")
def test_figures_under_ten_are_hidden_from_everybody(desk: Desk, visits: Visits) -> None:
    for viewer in (desk.chair, desk.add("max", Role.MANAGER)):
        text = visits(viewer, Place.OUTCOMES).words
        assert "Decided cases hidden" in text
        assert "Further stalking reported, of those followed up hidden" in text
        assert "Fewer than 10 cases are decided." in text
        assert "No report does not mean no stalking" in text
        assert "R-" not in text
        assert "83%" not in text


def drawn_page() -> None:
    """The page of thirty cases at which somebody has looked, and eleven at which nobody has."""
    from datetime import date

    from dashboard.views.outcomes.reoffending import draw
    from engine.domain.outcomes.follow_up import AgainstWhom
    from engine.outcomes.followed import Followed
    from engine.outcomes.survival import reoffending_view

    def case(days: int | None, *, reported: bool) -> Followed:
        return Followed(
            anchor=date(2025, 1, 1),
            days=days,
            has_reported=reported,
            against=AgainstWhom.SAME_VICTIM if reported else None,
            has_recorded=False,
            has_proven=False,
            looked_until=None,
        )

    followeds = [*(case(day, reported=True) for day in range(20, 140, 10)), *[case(400, reported=False)] * 18]
    draw(reoffending_view([*followeds, *[case(None, reported=False)] * 11], today=date(2026, 3, 2)))


def test_each_figure_says_what_it_is_out_of_and_the_curve_ends_where_cases_are_followed() -> None:
    app = AppTest.from_function(drawn_page).run(timeout=30)
    assert not app.exception
    answer = Visit(app, Connection(), token=None).words
    assert "Followed up, of those decided 30 of 41" in answer
    assert "Further stalking reported, of those followed up 12 of 30" in answer
    assert "Not followed up, of those decided 11 of 41" in answer
    assert "same victim hidden" in answer
    assert "396 60%" in answer
    chart = app.get("vega_lite_chart")[0].proto
    assert "step-after" in chart.spec
    assert "Curve of the share of 30 cases followed up" in chart.alt
    assert "ends at 60% after 396 days" in chart.alt


def test_an_outcome_is_recorded_on_the_case(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = asked(desk)
    key = f"outcome-{reference}"
    visit = visits(desk.coordinator, Place.CASE, reference)
    assert "Not yet known: no follow-up is recorded." in visit.words
    visit.open("record-outcome")
    visit.app.radio(key=f"{key}-measure").set_value(Measure.REPORTED)
    visit.app.radio(key=f"{key}-found").set_value(OutcomeFound.NONE_FOUND)
    visit.app.text_input(key=f"{key}-until").set_value("01/03/2026")
    visit.type(f"{key}-says", "Nothing further was reported.")
    visit.press(f"{key}-save")
    assert "'none found', give the records that were searched" in visit.words
    visit.app.text_input(key=f"{key}-in").set_value("harbour")
    visit.finish(f"{key}-save")
    assert "Nothing further was reported." in visit.words
    assert "1 March 2026" in visit.words


def test_further_stalking_is_recorded_with_its_agency_offence_and_proof(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"outcome-{reference}"
    visit = visits(desk.coordinator, Place.CASE, reference)
    visit.open("record-outcome")
    assert not [each for each in visit.app.text_input if each.key == f"{key}-happened"]
    visit.app.radio(key=f"{key}-measure").set_value(Measure.PROVEN)
    visit.app.radio(key=f"{key}-found").set_value(OutcomeFound.FURTHER_STALKING)
    visit.run()
    visit.app.radio(key=f"{key}-against").set_value(AgainstWhom.NEW_VICTIM)
    visit.app.text_input(key=f"{key}-happened").set_value("9/1/26")
    visit.app.text_input(key=f"{key}-proved").set_value("01/02/2026")
    visit.app.text_input(key=f"{key}-offence").set_value("195/94")
    visit.app.radio(key=f"{key}-breach").set_value("No")
    visit.app.text_input(key=f"{key}-until").set_value("01/03/2026")
    visit.app.selectbox(key=f"{key}-agency").set_value("harbour")
    visit.type(f"{key}-says", "A conviction was found.")
    visit.press(f"{key}-save")
    assert "when it happened: a year of two digits can be read two ways" in visit.words
    visit.app.text_input(key=f"{key}-happened").set_value("09/01/2026")
    visit.finish(f"{key}-save")
    found = "new victim, found by harbour, offence 195/94 (10 days of harm), no breach of an order"
    assert found in visit.words
    assert "9 January 2026 (proved 1 February 2026)" in visit.words
