"""Responses that wait to be chased: their rows say what the facts say, through the life of a request."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.responses.answers import NilReturn
from engine.services.agencies.health import health
from engine.services.cases.worklists import worklist_page
from engine.services.referrals.screening import screen
from engine.services.responses.agency_answers import answer_by_hand, release
from engine.services.responses.requests import open_requests
from tests.builders import Desk, a_contribution, a_referral, a_screening, ask_all, let_answer, with_toys
from tests.due_rows import differences, lines

NIL = NilReturn(looked_in=("register",), says="Nothing was held.")


def asked(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral()).referrals
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    open_requests(desk.context(desk.coordinator), reference=reference)
    return reference


def chased(desk: Desk, acting: Acting, kind: str) -> list[str | None]:
    return [each.agency for each in lines(desk, acting, kind)]


def test_a_request_is_chased_from_when_it_is_late_until_it_is_answered(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = asked(desk)
    assert chased(desk, desk.coordinator, "chase") == []
    desk.clock.forward(timedelta(days=30))
    assert chased(desk, desk.coordinator, "chase") == ["harbour", "lantern", "voice"]
    assert chased(desk, desk.chair, "late answer") == ["harbour", "lantern", "voice"]
    context = desk.context(workers["harbour"])
    answer_by_hand(context, reference=reference, agency="harbour", answer=NIL)
    assert chased(desk, desk.coordinator, "chase") == ["lantern", "voice"]
    assert chased(desk, desk.chair, "late answer") == ["lantern", "voice"]
    assert worklist_page(desk.context(desk.coordinator)).to_chase == {"lantern": 1, "voice": 1}


def test_an_agency_that_was_not_asked_is_not_chased(desk: Desk) -> None:
    with_toys(desk)
    (reference,) = desk.refer(a_referral()).referrals
    screening = a_screening(TriageOutcome.ADVICE)
    screen(desk.context(desk.coordinator), reference=reference, screening=screening)
    desk.clock.forward(timedelta(days=30))
    assert chased(desk, desk.coordinator, "chase") == chased(desk, desk.chair, "late answer") == []


def test_a_plugin_that_failed_is_chased_before_its_time_and_a_prepared_response_is_not(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk)
    let_answer(desk, "lantern", None)
    ask_all(desk, reference)
    assert chased(desk, desk.coordinator, "chase") == ["lantern"]
    assert chased(desk, desk.chair, "late answer") == []
    let_answer(desk, "lantern", a_contribution())
    desk.clock.forward(timedelta(minutes=1))
    ask_all(desk, reference, again=True)
    assert chased(desk, desk.coordinator, "chase") == []


def test_the_figures_of_an_agency_follow_its_signs_on_each_case(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = asked(desk)
    first = desk.clock.now()
    ask_all(desk, reference)
    assert differences(desk) == {}
    (lantern,) = (each for each in health(desk.context(desk.coordinator)) if each.code == "lantern")
    assert lantern.figures.last_success_at == first
    assert (lantern.figures.last_released_at, lantern.figures.waiting) == (None, 1)
    desk.clock.forward(timedelta(hours=1))
    release(desk.context(workers["lantern"]), reference=reference, agency="lantern")
    assert differences(desk) == {}
    (lantern,) = (each for each in health(desk.context(desk.coordinator)) if each.code == "lantern")
    assert lantern.figures.last_released_at == first + timedelta(hours=1)
    assert lantern.figures.waiting == 0
