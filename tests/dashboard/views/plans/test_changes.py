"""On top of the case: what changed since the last review, and breaches that police have not decided on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.police_decisions import PoliceAction
from engine.services.cases.views import view_case
from engine.services.referrals.incidents import record_incident
from tests.builders import Desk, an_incident
from tests.dashboard.visits import Visits, asked, decided, opened


@pytest.fixture
def reference(desk: Desk, workers: dict[str, Acting]) -> str:
    """A decided case with a breach that was reported a day later."""
    case = asked(desk)
    opened(desk, case)
    decided(desk, case, review_on="2026-03-30")
    desk.clock.forward(timedelta(days=1))
    record_incident(
        desk.context(desk.coordinator),
        reference=case,
        incident=an_incident("2026-03-02", kind=IncidentKind.BREACH),
    )
    return case


def test_the_case_opens_on_what_changed_and_what_police_have_not_decided(
    desk: Desk, reference: str, visits: Visits, workers: dict[str, Acting]
) -> None:
    words = visits(desk.chair, Place.CASE, reference).words
    undecided = words.index("Police decision missing on the breach of order, 2 March.")
    changed = words.index("Changed since the last review")
    assert undecided < changed < words.index("Risk formulation by agency")
    assert "Since the decision of 2 March 2026. Next review: 30 March 2026." in words
    assert "Review brought forward (planned for 30 March 2026): Breach of an order, 2 March 2026." in words
    assert "Incident reported: breach of order, 2 March 2026." in words
    visit = visits(workers["harbour"], Place.CASE, reference)
    assert "Police decision missing" in visit.words
    assert not visit.offers("record-police-decision")
    assert not visit.offers("close-review")
    assert visit.offers("record-custody")


def test_a_police_decision_is_recorded_from_the_case(desk: Desk, reference: str, visits: Visits) -> None:
    visit = visits(desk.chair, Place.CASE, reference).press("record-police-decision")
    key = f"police-{reference}"
    visit.app.radio(key=f"{key}-action").set_value(PoliceAction.ARREST)
    visit.type(f"{key}-by", "DS A. Example")
    visit.app.text_input(key=f"{key}-on").set_value("2 March 2026")
    again = visits(desk.chair, Place.CASE, reference).open("record-police-decision")
    assert again.typed(f"{key}-by") == "DS A. Example"
    visit.press(f"{key}-save").press(f"{key}-record")
    assert "Police decision missing" not in visit.words
    review = view_case(desk.context(desk.chair), reference=reference).review
    assert [decision.action for decision in review.police_decisions] == [PoliceAction.ARREST]


def test_a_review_is_closed_from_the_case(desk: Desk, reference: str, visits: Visits) -> None:
    visit = visits(desk.chair, Place.CASE, reference).press("close-review")
    key = f"review-{reference}"
    visit.type(f"{key}-decided", "The plan continues.")
    visit.app.text_input(key=f"{key}-next").set_value("20 April 2026")
    again = visits(desk.chair, Place.CASE, reference).open("close-review")
    assert again.typed(f"{key}-decided") == "The plan continues."
    words = visit.press(f"{key}-save").press(f"{key}-record").words
    assert "Review brought forward" not in words
    assert "Alarm, not decided by the panel. Breach 2 March" in words
    assert "No change. This does not mean low risk." in words
    assert view_case(desk.context(desk.chair), reference=reference).review.review_on == date(2026, 4, 20)
