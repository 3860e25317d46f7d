"""A re-assessment on the case page: beside what was released, and never instead of it."""

from __future__ import annotations

from datetime import timedelta

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from tests.builders import Desk, a_contribution, ask_all, let_answer
from tests.dashboard.visits import Visits, screened
from tests.engine.services.responses.test_reassessment import reassess


def test_what_differs_stands_beside_what_was_released(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    reference = screened(desk)
    ask_all(desk, reference)
    assert "Asked again" not in visits(desk.chair, Place.CASE, reference).words
    let_answer(desk, "harbour", a_contribution("A third report came in."))
    desk.clock.forward(timedelta(hours=1))
    reassess(desk)
    words = visits(desk.chair, Place.CASE, reference).words
    assert "Findings Two reports were held." in words
    assert "it differs from version 1, which is shown until the agency is asked about this case only" in words
    assert "New A third report came in. Removed Two reports were held." in words


def test_an_agency_that_failed_when_asked_again_is_told(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    ask_all(desk, reference)
    let_answer(desk, "harbour", None)
    desk.clock.forward(timedelta(hours=1))
    reassess(desk)
    assert "the request failed; this is not a nil return" in visits(desk.chair, Place.CASE, reference).words
