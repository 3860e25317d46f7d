"""A predictor's way on a real case: prepared by the plugin, released by a hand, seen with the conference."""

from __future__ import annotations

from pathlib import Path

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.predictors import CAVEAT
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.responses.answers import AnswerState
from engine.hooks.registry import agencies_folder
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.referrals.screening import screen
from engine.services.responses import agency_answers
from tests.builders import Desk, a_desk, a_person, a_referral, a_screening, ask_all
from tests.plugins.builders import HIS_PNC
from tests.plugins.probation.extract import a_period, an_asking, write
from tests.seals import sealed


def probation(desk: Desk, reference: str, acting: Acting) -> AgencyAnswerView:
    view = case_views.view_case(desk.context(acting), reference=reference)
    return next(answer for answer in view.answers if answer.agency == "probation")


def test_a_predictor_waits_for_a_hand_and_then_for_the_conference(tmp_path: Path) -> None:
    with a_desk(tmp_path / "home") as desk:
        worker = desk.add("polly", Role.PRACTITIONER, "probation")
        folder = agencies_folder(desk.runtime.settings.home, "probation")
        folder.mkdir(parents=True)
        him = a_person(pnc=HIS_PNC.value)
        plain = {"rosh": None, "rosh_to": (), "rosh_recorded_on": None}
        same = {"surname": him.surname, "forename": him.forename, "date_of_birth": him.date_of_birth}
        write(folder, a_period(1, **same, **plain), asked=(an_asking(),))
        sealed(folder, on=desk.clock.today())
        reference = desk.refer(a_referral(perpetrator=him)).referrals[0]
        screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
        ask_all(desk, reference)

        assert probation(desk, reference, desk.chair).state is AnswerState.AWAITED
        assert probation(desk, reference, worker).state is AnswerState.WAITING_RELEASE
        agency_answers.release(desk.context(worker), reference=reference, agency="probation")
        assert probation(desk, reference, desk.chair).findings
        decisions.open_conference(desk.context(desk.chair), reference=reference)
        (shown,) = probation(desk, reference, desk.chair).predictors

    assert (shown.percent, shown.band, shown.caveat) == (61, "MEDIUM", CAVEAT)
