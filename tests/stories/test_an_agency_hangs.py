"""An agency's plugin hangs, and the page says so: not that the agency holds nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cli.cases.page import draw_case
from engine.domain.cases.lifecycle import State
from engine.domain.responses.answers import AnswerState
from engine.services.cases import views as case_views
from engine.services.cases import worklists
from engine.services.conference import decisions
from engine.services.referrals import screening
from tests.builders import a_contribution, a_desk, a_referral, a_screening, ask_all, let_answer, with_toys

LIMIT_SECONDS = 1.5


def test_a_hanging_agency_fails_in_its_time_the_others_answer_and_the_chair_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_desk(tmp_path / "home") as desk:
        with_toys(desk)
        let_answer(desk, "harbour", a_contribution("Two reports were held."))
        let_answer(desk, "lantern", None)
        (reference,) = desk.refer(a_referral()).referrals
        screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
        began = time.monotonic()
        ask_all(desk, reference)
        assert time.monotonic() - began < LIMIT_SECONDS + 8

        page = case_views.view_case(desk.context(desk.chair), reference=reference)
        columns = {answer.agency: answer for answer in page.answers}
        assert columns["lantern"].state is AnswerState.FAILED
        assert columns["lantern"].says == (
            "The request to Lantern House failed: no answer within the time limit. This is not a nil return."
        )
        assert columns["harbour"].findings[0].says == "Two reports were held."
        assert page.state is State.AGENCIES_ASKED
        draw_case(page)
        printed = " ".join(capsys.readouterr().out.split())
        assert "Lantern House: failed" in printed
        assert "This is not a nil return." in printed
        assert "Nil return from Lantern House" not in printed

        chased = worklists.worklist(desk.context(desk.coordinator)).items
        assert "The agency could not be asked; this is not a nil return." in [item.why for item in chased]
        decisions.open_conference(desk.context(desk.chair), reference=reference)
