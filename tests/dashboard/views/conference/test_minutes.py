"""Minutes on the page: their phases, corrections by those who attended, and copies that do not change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.conference.minutes import MinutesHeading, MinutesPhase
from engine.domain.conference.risk import Dissent
from engine.services.conference import agreeing, amending
from engine.services.conference.minutes import read_minutes
from tests.builders import Desk, a_decision
from tests.conferences import Room, a_room
from tests.dashboard.visits import Visit, Visits

SAYS = "The order was applied for on 27 February."
NOT_PAST = "The victim is quoted as they spoke."


@pytest.fixture
def room(desk: Desk) -> Room:
    """A conference that decided its first case, with one who attended, and has closed."""
    room = a_room(desk).started()
    room.attend("voice-worker")
    room.next()
    noted = Dissent(agency="voice", who="V. Worker", reasons="The victim is more afraid than this.")
    room.decide(room.cases[0], dissent=(noted,))
    return room.closed()


def at(visits: Visits, room: Room, acting: Acting | None = None, **codes: str) -> Visit:
    given = {"conference": room.conference, "part": "minutes", **codes}
    return visits(acting or room.desk.chair, Place.CONFERENCES, codes=given)


def proposed(room: Room, text: str = SAYS) -> str:
    voice = room.here(room.workers["voice"])
    return agreeing.propose_correction(**voice, case=room.cases[0], text=text)


def test_the_chair_takes_the_minutes_from_a_draft_to_agreed_on_the_page(room: Room, visits: Visits) -> None:
    key = f"minutes-{room.conference}"
    visit = at(visits, room)
    assert "checks them and marks them as prepared" in visit.words
    visit.press(f"{key}-prepared")
    assert "The minutes are prepared." in visit.words
    visit.app.text_input(key=f"{key}-until").set_value("1 March 2026")
    visit.press(f"{key}-corrections")
    assert "this date is before today" in visit.words
    visit.app.text_input(key=f"{key}-until").set_value("")
    visit.press(f"{key}-corrections")
    assert "until 9 Mar 2026" in visit.words
    assert "You can agree the minutes after that." in visit.words
    assert not visit.offers(f"{key}-agree")
    room.desk.clock.forward(timedelta(days=8))
    visit = at(visits, room)
    visit.open(f"{key}-agree").finish(f"{key}-agree-now")
    assert "Agreed on 10 Mar 2026. This text does not change." in visit.words
    copy = read_minutes(**room.here())
    assert copy.digest is not None
    assert copy.digest in visit.words
    assert not [part for part in ("prepared", "corrections", "agree") if visit.offers(f"{key}-{part}")]


def test_only_those_who_may_move_the_minutes_on_have_the_button(room: Room, visits: Visits) -> None:
    key = f"minutes-{room.conference}"
    voice = at(visits, room, room.workers["voice"])
    assert not voice.offers(f"{key}-prepared")
    assert at(visits, room, room.deputy).offers(f"{key}-prepared")


def test_who_attended_proposes_a_correction_and_the_chair_annexes_it_whole(
    room: Room, visits: Visits
) -> None:
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    case, voice = room.cases[0], room.workers["voice"]
    key = f"correct-{case}-says-{room.conference}"
    absent = at(visits, room, room.workers["harbour"])
    assert "You did not attend, so you cannot propose one." in absent.words
    assert not absent.offers(f"{key}-save")
    visit = at(visits, room, voice)
    assert "You attended, so you can propose one." in visit.words
    visit.press(f"{key}-save")
    assert "correction: give a text" in visit.words
    visit.app.selectbox(key=f"correct-heading-{room.conference}").set_value(MinutesHeading.ACTIONS)
    visit.type(key, SAYS).press(f"{key}-save")
    assert "Waiting for the chair" in visit.words
    assert visit.typed(key) == ""
    (correction,) = read_minutes(**room.here()).items[0].corrections
    refusal = f"correct-{case}-{correction.reference}-refuse-save"
    assert not visit.offers(refusal)
    chair = at(visits, room)
    chair.press(refusal)
    assert "reason: write why it is refused" in chair.words
    chair.type(f"correct-{case}-why-{correction.reference}", NOT_PAST).press(refusal)
    assert "Refused, annexed" in chair.words
    assert "Annex 1, to item 1, actions" in chair.words
    for seen in (chair.words, at(visits, room, voice).words, at(visits, room, room.workers["harbour"]).words):
        assert SAYS in seen
        assert NOT_PAST in seen


def test_an_accepted_correction_is_in_the_text_of_its_item(room: Room, visits: Visits) -> None:
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    reference = proposed(room)
    chair = at(visits, room)
    assert f"Corrected {SAYS}" not in chair.words
    chair.press(f"correct-{room.cases[0]}-{reference}-accept-save")
    assert f"Corrected {SAYS}" in chair.words
    assert "Annex" not in chair.words


def test_corrections_that_closed_are_not_offered(room: Room, visits: Visits) -> None:
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS)
    room.desk.clock.forward(timedelta(days=8))
    visit = at(visits, room, room.workers["voice"])
    assert "Corrections closed on 9 Mar 2026." in visit.words
    assert not visit.offers(f"correct-{room.cases[0]}-says-{room.conference}-save")


def test_agreed_minutes_name_a_later_amendment_and_an_erasure(room: Room, visits: Visits) -> None:
    room.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS, MinutesPhase.AGREED)
    amended = a_decision(summary="Another summary.", amended_because="A slip.")
    amending.amend_decision(room.context(), reference=room.cases[0], decision=amended)
    visit = at(visits, room)
    assert "Amended later. See version 2 of the decision, 10 March 2026." in visit.words
    assert "Another summary." not in visit.words
    copy = read_minutes(**room.here())
    erased = copy.items[0].model_copy(update={"erased_by": "E-4T9K0000", "decision": None, "names": None})
    gone = copy.model_copy(update={"items": (erased, *copy.items[1:])})
    shown = visits.show(room.desk.chair, _draw, gone, room.desk.chair)
    assert "Erased by decision E-4T9K0000." in shown.words


def test_the_executive_summary_has_levels_decisions_and_actions_and_no_more(
    room: Room, visits: Visits
) -> None:
    summary = at(visits, room, form="summary").words
    assert "The panel plans for safety and an order." in summary
    assert "High" in summary
    for left_out in ("The contact goes on", "more afraid than this", "arrived", "Confidentiality"):
        assert left_out in at(visits, room).words
        assert left_out not in summary


def _draw(copy, acting):
    from dashboard.views.conference import minutes

    minutes.draw(copy, acting=acting, agencies={})
