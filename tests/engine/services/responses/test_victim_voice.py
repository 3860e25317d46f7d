"""Where nobody speaks for the victim the page says so, and why: each kind of silence in words of its own."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.views import CaseView
from engine.domain.dates import PartialDate
from engine.domain.responses.answers import Contribution, NilReturn, RefusalGround, Refused
from engine.domain.responses.voices import AdvocateOffer, OfferOutcome
from engine.services.cases import views as case_views
from engine.services.responses import agency_answers
from engine.services.responses import requests as response_requests
from tests.builders import SAFE_HOUSE, Desk, a_contribution, a_referral, ask_all, let_answer, with_toys
from tests.engine.services.cases.test_pathway import screened, seen
from tests.engine.services.responses.test_voices import a_voice, an_item

pytestmark = pytest.mark.whose_is_said

NOT_RECORDED = ("Not recorded: whether the victim was offered an advocate, when and by whom.",)
AN_OFFER = AdvocateOffer(
    offered_on=PartialDate("2026-02-27"), by="the duty line", came_to=OfferOutcome.DECLINED
)


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


def by_hand(desk: Desk, worker: Acting, reference: str, answer: Contribution | NilReturn | Refused) -> None:
    agency_answers.answer_by_hand(
        desk.context(worker), reference=reference, agency=str(worker.agency), answer=answer
    )


def as_installed(desk: Desk, reference: str, *agencies: AgencyKnown) -> CaseView:
    return case_views.view_case(desk.context(desk.coordinator).with_agencies(agencies), reference=reference)


def test_before_screening_nobody_is_asked_and_nothing_is_claimed(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    view = seen(desk, reference)
    assert (view.no_advocate, view.victim_voice.offers) == (False, ())
    assert view.victim_voice.says == (
        "No agency is asked to represent the victim until the referral is screened."
    )


def test_a_nil_return_is_no_advocate_and_says_that_the_offer_is_not_recorded(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    ask_all(desk, reference)
    assert not seen(desk, reference).no_advocate
    by_hand(desk, workers["voice"], reference, NilReturn(looked_in=("files",), says="She is not known."))

    view = seen(desk, reference)
    assert (view.no_advocate, view.victim_voice.speaks) == (True, False)
    assert view.victim_voice.says == (
        "No advocate is recorded for the victim. Her Voice searched its records and has no record of the "
        "victim."
    )
    assert view.victim_voice.offers == NOT_RECORDED


@pytest.mark.parametrize("agency", ["voice", "harbour"])
def test_whichever_agency_recorded_the_offer_it_says_when_and_by_whom(
    desk: Desk, workers: dict[str, Acting], agency: str
) -> None:
    reference = screened(desk)
    ask_all(desk, reference)
    nil = NilReturn(looked_in=("files",), says="Not known.")
    by_hand(desk, workers["voice"], reference, nil)
    by_hand(desk, workers[agency], reference, nil.model_copy(update={"advocate_offered": AN_OFFER}))

    assert seen(desk, reference).victim_voice.offers == (
        "The victim was offered an advocate on 27 February 2026 by the duty line; outcome: declined.",
    )


def test_an_offer_that_waits_for_release_is_not_told(desk: Desk, workers: dict[str, Acting]) -> None:
    let_answer(desk, "voice", NilReturn(looked_in=("x",), says="No.", advocate_offered=AN_OFFER))
    reference = screened(desk)
    ask_all(desk, reference)
    assert seen(desk, reference).victim_voice.offers == NOT_RECORDED


def test_where_the_victim_is_never_stands_in_by_whom_it_was_offered(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    ask_all(desk, reference)
    offer = AdvocateOffer(by=f"the officer who called at {SAFE_HOUSE}")
    nil = NilReturn(looked_in=("files",), says="Not known.", advocate_offered=offer)
    by_hand(desk, workers["voice"], reference, nil)
    assert "by the officer who called at [protected]" in seen(desk, reference).victim_voice.offers[0]


def test_each_silence_reads_differently(desk: Desk, workers: dict[str, Acting]) -> None:
    let_answer(desk, "voice", None)
    reference = screened(desk)
    known = desk.runtime.agencies_known
    others = tuple(agency for agency in known if agency.code != "voice")
    suspended = tuple(agency.model_copy(update={"suspended": agency.code == "voice"}) for agency in known)
    said = {
        "not asked": as_installed(desk, reference, *known),
        "suspended": as_installed(desk, reference, *suspended),
        "not installed": as_installed(desk, reference, *others),
    }
    response_requests.open_requests(desk.context(desk.coordinator), reference=reference)
    said["awaited"] = seen(desk, reference)
    ask_all(desk, reference)
    said["failed"] = seen(desk, reference)
    declines = Refused(ground=RefusalGround.CONFIDENTIAL, says="We may not say.")
    by_hand(desk, workers["voice"], reference, declines)
    said["refused"] = seen(desk, reference)
    by_hand(desk, workers["voice"], reference, a_contribution(findings=()))
    said["nothing in it"] = seen(desk, reference)

    assert {name: view.victim_voice.says for name, view in said.items()} == {
        "not asked": "No advocate is recorded for the victim. Her Voice was not asked. It is not known "
        "whether the victim has an advocate.",
        "suspended": "No advocate is recorded for the victim. The plugin of Her Voice is suspended and was "
        "not asked. It is not known whether the victim has an advocate.",
        "not installed": "No advocate is recorded for the victim. No agency that represents victims is "
        "installed.",
        "awaited": "No agency represents the victim here yet: awaiting response of Her Voice.",
        "failed": "No agency represents the victim here: the request to Her Voice failed. This is not a "
        "nil return. It is not known whether the victim has an advocate.",
        "refused": "No agency represents the victim here: Her Voice refused. It may or may not know the "
        "victim.",
        "nothing in it": "No agency represents the victim here: Her Voice has responded, and its response "
        "has nothing from the victim.",
    }
    assert [name for name, view in said.items() if view.no_advocate] == [
        "not asked",
        "suspended",
        "not installed",
    ]
    assert all(view.victim_voice.offers == NOT_RECORDED for view in said.values())


@pytest.mark.parametrize("whom", [None, ("harbour",)], ids=["for everyone", "for another agency"])
def test_an_advocate_speaks_though_this_viewer_may_not_hear_it(
    desk: Desk, workers: dict[str, Acting], whom: tuple[str, ...] | None
) -> None:
    reference = screened(desk)
    ask_all(desk, reference)
    by_hand(desk, workers["voice"], reference, a_voice(an_item("fear", whom=whom)))
    voice = seen(desk, reference).victim_voice
    assert (voice.speaks, voice.agency, voice.says) == (True, "voice", "Her Voice represents the victim.")
