"""A form that is read through before it is recorded stays open when the page behind it is drawn again."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import TriageOutcome
from engine.services.access.conflicts import say_own
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits, deltas, screened


@pytest.fixture
def reference(desk: Desk, workers: dict[str, Acting]) -> str:
    return screened(desk, outcome=TriageOutcome.CONSULTATION)


@pytest.fixture
def visit(desk: Desk, visits: Visits, reference: str) -> Visit:
    return visits(desk.chair, Place.CASE, reference).press("end-end-consultation")


def test_a_lost_connection_closes_no_form(visit: Visit, reference: str) -> None:
    visit.type(f"end-{reference}-why", "Advice was given.")
    assert visit.run().typed(f"end-{reference}-why") == "Advice was given."
    visit.press(f"end-{reference}-save")
    assert "This will be recorded" in visit.run().words


def test_a_run_clears_no_place_before_it_draws_fields_in_it(visit: Visit, reference: str) -> None:
    """A browser that draws between the two takes the fields off, with what was typed meanwhile."""
    with deltas() as drawn:
        visit.type(f"end-{reference}-why", "Advice was given.").run()
    cleared = [place for place, delta in drawn if delta.new_element.HasField("empty")]
    assert cleared, "the place of what is to be confirmed"
    assert [delta for _, delta in drawn if delta.new_element.HasField("bidi_component")], "the field"
    assert not [place for place, delta in drawn if delta.HasField("add_block") and place in cleared]


def test_a_form_that_was_left_or_recorded_stays_closed(visit: Visit, reference: str) -> None:
    visit.press(f"end-{reference}-leave")
    assert not visit.run().offers(f"end-{reference}-save")
    visit.press("end-end-consultation").type(f"end-{reference}-why", "Advice was given.")
    visit.press(f"end-{reference}-save").press(f"end-{reference}-record")
    assert f"{reference} is now 'closed'" in visit.words
    assert "This will be recorded" not in visit.run().words


def test_on_another_case_it_is_closed_and_stays_closed(desk: Desk, visit: Visit, reference: str) -> None:
    other = screened(desk, "2", outcome=TriageOutcome.CONSULTATION)
    visit.app.query_params["ref"] = other
    assert not visit.run().offers(f"end-{reference}-save")
    visit.app.query_params["ref"] = reference
    assert not visit.run().offers(f"end-{reference}-save")


def test_whoever_signs_in_next_in_the_same_window_is_shown_no_form(
    desk: Desk, visits: Visits, visit: Visit, reference: str
) -> None:
    visit.token = visits(desk.coordinator).token
    assert not visit.run().offers(f"end-{reference}-save")


def test_a_form_about_a_case_that_its_author_may_no_longer_see_is_closed(
    desk: Desk, visit: Visit, reference: str
) -> None:
    say_own(desk.context(desk.chair), reference=reference, is_connected=True)
    assert not visit.run().offers(f"end-{reference}-save")
