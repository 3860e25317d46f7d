"""A nil return about a person whom the agency has found before is never released without a hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.people.persons import PersonDescribed
from engine.domain.responses.answers import AnswerState, NilReturn
from engine.services.cases.views import view_case
from engine.services.referrals.screening import screen
from engine.services.responses import agency_answers
from tests.builders import Desk, a_contribution, a_person, a_referral, a_screening, ask_all, let_answer
from tests.engine.services.responses.test_reassessment import reassess
from tests.engine.services.responses.test_reassessment import seen as reassessed
from tests.flows.given import screened, toys_for

NIL = NilReturn(looked_in=("register",), says="Nothing was held.")
HE = a_person(pnc="2001/0000123Y")
OTHER = a_person("Marlon", "Otherson", pnc="2009/0000456N")


def screened_about(desk: Desk, number: str, perpetrator: PersonDescribed) -> str:
    victim = a_person("Vera", f"Vane{number}")
    (reference,) = desk.refer(a_referral(number, perpetrator=perpetrator, victim=victim)).referrals
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    return reference


def harbour(desk: Desk, reference: str, acting: Acting) -> AgencyAnswerView:
    view = view_case(desk.context(acting), reference=reference)
    return next(answer for answer in view.answers if answer.agency == "harbour")


def test_a_nil_return_of_an_agency_that_never_found_them_goes_out_by_itself(desk: Desk) -> None:
    toys_for(desk)
    let_answer(desk, "harbour", NIL)
    reference = screened(desk)
    ask_all(desk, reference)
    assert harbour(desk, reference, desk.chair).state is AnswerState.NIL_RETURN


def test_a_nil_return_after_a_find_on_the_same_case_waits_and_the_find_stays(desk: Desk) -> None:
    workers = toys_for(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    reference = screened(desk)
    ask_all(desk, reference)
    let_answer(desk, "harbour", NIL)
    desk.clock.forward(timedelta(hours=1))
    ask_all(desk, reference, again=True)

    shown = harbour(desk, reference, desk.chair)
    assert shown.state is AnswerState.CONTRIBUTION
    assert [finding.says for finding in shown.findings] == ["Two reports were held."]
    assert harbour(desk, reference, workers["harbour"]).state is AnswerState.WAITING_RELEASE
    agency_answers.release(desk.context(workers["harbour"]), reference=reference, agency="harbour")
    assert harbour(desk, reference, desk.chair).state is AnswerState.NIL_RETURN


@pytest.mark.parametrize(("is_same", "state"), [(True, AnswerState.AWAITED), (False, AnswerState.NIL_RETURN)])
def test_a_find_of_the_same_person_on_another_case_counts_and_of_another_person_does_not(
    desk: Desk, is_same: bool, state: AnswerState
) -> None:
    toys_for(desk)
    first = screened_about(desk, "1", HE)
    let_answer(desk, "harbour", a_contribution())
    ask_all(desk, first)
    second = screened_about(desk, "2", HE if is_same else OTHER)
    let_answer(desk, "harbour", NIL)
    desk.clock.forward(timedelta(hours=1))
    ask_all(desk, second)
    assert harbour(desk, second, desk.chair).state is state


def test_a_re_assessment_that_no_longer_finds_them_is_the_agency_s_own(desk: Desk) -> None:
    workers = toys_for(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    reference = screened(desk)
    ask_all(desk, reference)
    let_answer(desk, "harbour", NIL)
    desk.clock.forward(timedelta(hours=1))
    reassess(desk)
    assert reassessed(desk, reference) == ()
    assert len(reassessed(desk, reference, workers["harbour"])) == 1
