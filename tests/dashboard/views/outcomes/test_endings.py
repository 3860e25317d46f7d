"""Ending a case from its page: a reason, the review of what will be recorded, and nothing before that."""

from __future__ import annotations

from dashboard.pages import Place
from dashboard.views.outcomes import follow_up
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.cases.views import CaseView
from engine.services.cases.views import view_case
from tests.builders import Desk
from tests.dashboard.visits import Visits, asked, decided, opened, planned, screened


def _ending(view, act, label):
    from dashboard import forms
    from dashboard.views.outcomes import follow_up

    forms.draw(follow_up.ending(view, act, label))


def seen(desk: Desk, reference: str) -> CaseView:
    return view_case(desk.context(desk.chair), reference=reference)


def state_of(desk: Desk, reference: str) -> State:
    return seen(desk, reference).state


def test_an_end_is_read_through_before_it_is_recorded(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk, outcome=TriageOutcome.CONSULTATION)
    key = f"end-{reference}"
    assert visits(desk.chair, Place.CASE, reference).open("end-end-consultation").offers(f"{key}-save")
    end = (seen(desk, reference), Act.END_CONSULTATION, "Confirm the ending")
    visit = visits.show(desk.chair, _ending, *end)
    visit.press(f"{key}-save")
    assert "Give the reason for ending it." in visit.words
    visit.type(f"{key}-why", "Advice was given.")
    visit.press(f"{key}-save")
    for shown in (
        "This will be recorded",
        "in consultation \u2192 closed",
        "Reason Advice was given.",
        "Plan No plan is recorded",
    ):
        assert shown in visit.words
    assert state_of(desk, reference) is State.IN_CONSULTATION
    visit.press(f"{key}-change")
    assert visit.typed(f"{key}-why") == "Advice was given."
    visit.type(f"{key}-why", "Advice was given twice.")
    visit.press(f"{key}-save").press(f"{key}-record")
    assert state_of(desk, reference) is State.CLOSED


def test_the_review_of_an_end_counts_the_actions_that_are_still_open(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    assert follow_up.still_open(seen(desk, reference)) == "No plan is recorded"
    planned(desk, reference)
    assert follow_up.still_open(seen(desk, reference)) == "1 action still open"
