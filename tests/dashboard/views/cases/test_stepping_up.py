"""Stepping a case up from its page: the button, the reason, and one press to confirm."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.services.cases.views import view_case
from engine.services.drafts import open_draft
from engine.services.referrals.screening import end_involvement
from engine.services.referrals.stepping_up import step_up
from tests.builders import Desk
from tests.dashboard.visits import Visits, asked, screened


def seen(desk: Desk, reference: str) -> CaseView:
    return view_case(desk.context(desk.chair), reference=reference)


def test_three_presses_step_a_case_up(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = screened(desk, outcome=TriageOutcome.ADVICE)
    visit = visits(desk.coordinator, Place.CASE, reference)
    assert "Reopen" not in visit.words
    visit.open("step-up").type(f"step-up-{reference}-reason", "A knife was found.")
    visit.finish(f"step-up-{reference}-save")
    assert f"{reference} is stepped up. Agencies are asked next." in visit.words
    assert not visit.offers("step-up")
    view = seen(desk, reference)
    assert (view.state, view.history[-1].why) == (State.AGENCIES_ASKED, "A knife was found.")
    draft = open_draft(desk.context(desk.coordinator), form=DraftForm.STEP_UP, case=reference)
    assert not draft.fields, "what is recorded leaves no draft"


def test_a_closed_case_is_reopened_by_the_same_presses(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk, outcome=TriageOutcome.ADVICE)
    end_involvement(desk.context(desk.chair), reference=reference, act=Act.CLOSE, why="Over.")
    visit = visits(desk.chair, Place.CASE, reference)
    assert "Reopen and step up" in visit.words
    visit.open("step-up").type(f"step-up-{reference}-reason", "A knife was found.")
    visit.finish(f"step-up-{reference}-save")
    assert f"{reference} is reopened and stepped up." in visit.words
    assert seen(desk, reference).state is State.AGENCIES_ASKED


def test_without_a_reason_nothing_is_recorded_and_the_dialog_says_so(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk, outcome=TriageOutcome.ADVICE)
    visit = visits(desk.coordinator, Place.CASE, reference).open("step-up").press(f"step-up-{reference}-save")
    assert "Write it." in visit.words
    assert seen(desk, reference).state is State.ADVICE_GIVEN


def test_the_second_of_two_reads_who_was_first_and_keeps_what_was_typed(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk, outcome=TriageOutcome.ADVICE)

    def dialog(reference: str) -> None:
        from dashboard import forms
        from dashboard.views.cases import stepping_up

        forms.draw(stepping_up.form(reference))

    visits(desk.chair, Place.CASE, reference).open("step-up")
    visit = visits.show(desk.chair, dialog, reference)
    visit.type(f"step-up-{reference}-reason", "A knife was found.")
    step_up(desk.context(desk.coordinator), reference=reference, reason="An entry was reported.")
    visit.press(f"step-up-{reference}-save")
    assert "cora" in visit.words.lower()
    assert visit.typed(f"step-up-{reference}-reason") == "A knife was found."
    assert seen(desk, reference).history[-1].why == "An entry was reported."


def test_a_form_that_is_opened_again_has_what_was_typed_elsewhere_meanwhile(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk, outcome=TriageOutcome.ADVICE)
    first, second = (visits(desk.chair, Place.CASE, reference) for _ in range(2))
    field = f"step-up-{reference}-reason"
    assert first.open("step-up").typed(field) == ""
    second.open("step-up").type(field, "A knife was found.")
    assert first.open("step-up").typed(field) == "A knife was found."


@pytest.mark.parametrize("who", ["harbour-worker", "cora", "chair"])
def test_only_coordinator_and_chair_are_offered_it_and_only_where_it_can_be_done(
    desk: Desk, workers: dict[str, Acting], visits: Visits, who: str
) -> None:
    acting = {"harbour-worker": workers["harbour"], "cora": desk.coordinator, "chair": desk.chair}[who]
    case = screened(desk, outcome=TriageOutcome.CONSULTATION)
    assert visits(acting, Place.CASE, case).offers("step-up") == (who != "harbour-worker")
    assert not visits(acting, Place.CASE, asked(desk, "2")).offers("step-up")


def test_what_was_released_before_says_so_on_the_page(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    from datetime import timedelta

    from tests.dashboard.visits import answers

    reference = asked(desk, outcome=TriageOutcome.CONSULTATION)
    answers(desk, workers["harbour"], reference)
    assert "before the step up" not in visits(desk.chair, Place.CASE, reference).words
    desk.clock.forward(timedelta(days=2))
    step_up(desk.context(desk.chair), reference=reference, reason="A knife was found.")
    words = visits(desk.chair, Place.CASE, reference).words
    assert "From before the step up" in words
    assert "The case was stepped up on 4 March 2026, and the agency has released none since." in words
