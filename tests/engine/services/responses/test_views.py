"""What the head of an agency's column says: a nil return that is not whole says so to everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.responses.answers import NilReturn, RefusalGround, Refused
from engine.services.cases import views as case_views
from engine.services.referrals.screening import screen
from engine.services.responses import agency_answers
from tests.builders import a_contribution, a_desk, a_referral, a_screening, ask_all, let_answer, with_toys

NOTE = "Two files handed over could not be read; it is not known whose they are."
LOOKED = {"looked_in": ("the toy records",), "says": "Harbour looked by name and found no record."}
DECLINED = {"ground": RefusalGround.CONFIDENTIAL, "says": "Harbour declined to answer."}


@pytest.mark.parametrize(
    ("answer", "is_said"),
    [
        (NilReturn.model_validate({**LOOKED, "note": NOTE}), True),
        (Refused.model_validate({**DECLINED, "note": NOTE}), True),
        (NilReturn.model_validate(LOOKED), False),
        (a_contribution("Two reports were held.", note=NOTE), False),
    ],
)
def test_what_could_not_be_looked_at_stands_beside_the_nil_return(
    answer: NilReturn | Refused, is_said: bool, tmp_path: Path
) -> None:
    with a_desk(tmp_path / "home") as desk:
        workers = with_toys(desk)
        reference = desk.refer(a_referral()).referrals[0]
        screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
        for code in workers:
            let_answer(desk, code, a_contribution())
        ask_all(desk, reference)
        agency_answers.answer_by_hand(
            desk.context(workers["harbour"]), reference=reference, agency="harbour", answer=answer
        )
        for acting in (desk.coordinator, desk.chair, workers["lantern"]):
            page = case_views.view_case(desk.context(acting), reference=reference)
            (shown,) = (each for each in page.answers if each.agency == "harbour")
            assert (NOTE in shown.says) is is_said
