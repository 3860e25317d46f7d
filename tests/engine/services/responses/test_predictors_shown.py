"""A predictor is seen on the case once levels are, in no list and no worklist; its agency may strike it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.agencies.predictors import CAVEAT, PredictorShown
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.responses.answers import Contribution, Failed, item_keys
from engine.domain.responses.requests import CaseAsked
from engine.services.cases import lists as case_lists
from engine.services.cases import views as case_views
from engine.services.cases import worklists
from engine.services.conference import decisions
from engine.services.referrals.screening import screen
from engine.services.responses import agency_answers
from engine.services.sharing.agreement import leaving_out
from tests.builders import (
    Desk,
    a_contribution,
    a_desk,
    a_referral,
    a_screening,
    ask_all,
    let_answer,
    with_toys,
)

SHOWN = PredictorShown(
    instrument="ogrs3",
    version="1",
    predicts="OGRS3, any reoffending",
    percent=61.37,
    within_years=2,
    band="MEDIUM",
    asked_by="Robin Marsh, probation practitioner",
    computed_on=date(2026, 2, 1),
    reasons=("Two previous sanctions raised the score.",),
)
WITH_FIGURE = a_contribution("Two reports were held.", predictors=(SHOWN,))


def answered(desk: Desk, workers: dict[str, Acting], answer: Contribution = WITH_FIGURE) -> str:
    """A screened case on which Harbour answered by hand."""
    reference = desk.refer(a_referral()).referrals[0]
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    for code in workers:
        let_answer(desk, code, a_contribution())
    ask_all(desk, reference)
    agency_answers.answer_by_hand(
        desk.context(workers["harbour"]), reference=reference, agency="harbour", answer=answer
    )
    return reference


def harbour(desk: Desk, reference: str, acting: Acting) -> AgencyAnswerView:
    view = case_views.view_case(desk.context(acting), reference=reference)
    return next(answer for answer in view.answers if answer.agency == "harbour")


def test_it_is_its_own_agency_s_until_the_conference_and_the_panel_s_with_its_caveat_then(
    tmp_path: Path,
) -> None:
    with a_desk(tmp_path / "home") as desk:
        workers = with_toys(desk)
        reference = answered(desk, workers)
        before = harbour(desk, reference, workers["lantern"])
        assert before.predictors == ()
        assert before.levels_hidden
        assert harbour(desk, reference, workers["harbour"]).predictors == (SHOWN,)
        decisions.open_conference(desk.context(desk.chair), reference=reference)
        (after,) = harbour(desk, reference, workers["lantern"]).predictors
        assert after.caveat == CAVEAT


@pytest.mark.parametrize("opened", [False, True])
def test_no_list_and_no_worklist_holds_it_for_anybody(tmp_path: Path, opened: bool) -> None:
    with a_desk(tmp_path / "home") as desk:
        workers = with_toys(desk)
        reference = answered(desk, workers)
        if opened:
            decisions.open_conference(desk.context(desk.chair), reference=reference)
        for acting in (desk.coordinator, desk.chair, *workers.values()):
            common: dict[str, Any] = {"context": desk.context(acting)}
            rows = case_lists.list_responses(**common, references=[reference])
            page = case_lists.list_page(**common)
            assert [row.reference for row in rows] == [reference]
            read = "".join(each.model_dump_json() for each in (*rows, page))
            read += worklists.worklist(desk.context(acting)).model_dump_json()
            assert "61.37" not in read
            assert "ogrs3" not in read.lower()


def test_its_agency_strikes_it_and_nobody_sees_it(tmp_path: Path) -> None:
    assert "predictor:ogrs3" in item_keys(WITH_FIGURE)
    assert leaving_out(WITH_FIGURE, {"predictor:ogrs3"}) == WITH_FIGURE.model_copy(update={"predictors": ()})
    assert leaving_out(WITH_FIGURE, {"predictor:ovp"}) == WITH_FIGURE


def test_an_agency_may_carry_no_predictor_that_its_manifest_does_not_name(tmp_path: Path) -> None:
    with a_desk(tmp_path / "home") as desk:
        with_toys(desk)
        let_answer(desk, "harbour", WITH_FIGURE)
        case = CaseAsked(reference="R-1", on=date(2026, 3, 2))
        answer = desk.runtime.agencies.assess("harbour", case)
        let_answer(desk, "harbour", a_contribution("Two reports were held."))
        near = desk.runtime.agencies.assess("harbour", case)

    assert isinstance(answer, Failed)
    assert "predictors.0 (not declared in the manifest" in answer.says
    assert isinstance(near, Contribution)
