"""The page of a conference in session: the chair turns it, others follow it with their own permissions."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from dashboard import pulses, sign_in
from dashboard.pages import Place
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.agenda import PRIVATE_ITEM
from engine.domain.conference.meetings import ConferenceState
from engine.domain.conference.risk import Confidence, Dissent, Domain, HowSoon, Level
from engine.domain.conference.victim_words import Manner
from engine.domain.dates import PartialDate
from engine.domain.responses.formal import Formal, FormalKind
from engine.domain.responses.voices import EVERYONE
from engine.services.access import conflicts
from engine.services.cases.views import view_case
from engine.services.conference import session
from engine.services.conference.room import open_room
from engine.services.responses import requests as response_requests
from engine.services.responses.agency_answers import answer_by_hand
from tests.builders import Desk, a_contribution
from tests.conferences import Room, a_room
from tests.dashboard import arriving
from tests.dashboard.arriving import a_sign_in
from tests.dashboard.views.orders.test_pages import an_order
from tests.dashboard.visits import Visit, Visits, a_view, answers

ORIGIN = {"origin": "http://127.0.0.1"}


@pytest.fixture
def room(desk: Desk) -> Room:
    return a_room(desk)


def at(visits: Visits, room: Room, acting: Acting | None = None, part: str | None = None) -> Visit:
    codes = {"conference": room.conference, **({"part": part} if part else {})}
    return visits(acting or room.desk.chair, Place.CONFERENCES, codes=codes)


def pulse_in(visit: Visit) -> dict[str, Any]:
    """What the screen's own part is given."""
    (there,) = [
        json.loads(each.proto.json)
        for each in visit.app.get("bidi_component")
        if each.proto.component_name.endswith(".pulse")
    ]
    return there


def with_answers(room: Room) -> Room:
    """Two agencies answered on the first case; they differ by two levels on persistence alone."""
    case = room.cases[0]
    response_requests.open_requests(room.context(room.desk.coordinator), reference=case)
    voice = room.workers["voice"]
    answers(room.desk, voice, case, a_view(Level.MODERATE), a_view(Level.LOW, Domain.PERSISTENCE))
    answers(
        room.desk,
        room.workers["harbour"],
        case,
        a_view(Level.MODERATE),
        a_view(Level.HIGH, Domain.PERSISTENCE),
        gaps=("The phone is not examined yet.",),
    )
    return room


def test_the_chair_turns_the_screen_and_of_two_presses_the_second_reads_where_the_room_is(
    room: Room, visits: Visits
) -> None:
    room.started()
    visit = at(visits, room)
    assert "The first item is not on the screen yet." in visit.words
    assert pulse_in(visit)["planned"] is None
    visit.press("turn-next")
    assert "1. Stalking of Amira K., alleged: Daniel R." in visit.words
    assert (pulse_in(visit)["planned"], pulse_in(visit)["minutes_after"]) == (15, 30)
    room.next(room.deputy)
    visit.press("turn-show-3")
    assert "The room is on item 2." in visit.words
    visit.run().press("turn-previous")
    assert room.view().on_screen == 1
    visit.press("turn-stop")
    timer = room.view().timer
    assert timer is not None
    assert not timer.is_running
    visit.press("turn-break")
    assert "The room takes a break." in visit.words


def test_an_item_has_the_facts_of_its_case_and_what_is_formal_beside_the_views(
    room: Room, visits: Visits
) -> None:
    case = with_answers(room).cases[0]
    sentence = "Risk of serious harm (RoSH) was recorded as very high on 3 January 2026."
    formal = Formal(kind=FormalKind.ROSH, value="very high", on=PartialDate("2026-01-03"))
    finding = a_contribution(sentence).findings[0].model_copy(update={"formal": formal})
    released = a_contribution(findings=(finding,), in_own_words=("Graded amber.",))
    answer_by_hand(room.context(room.workers["harbour"]), reference=case, agency="harbour", answer=released)
    room.started().next()

    for acting in (room.desk.chair, room.workers["voice"]):
        words = at(visits, room, acting).words
        assert "RoSH very high (Harbour Office, 3 Jan)" in words
        assert f"Formal, in its own words {sentence} Graded amber." in words
    case_words = at(visits, room).words
    assert case_words.index("RoSH very high") < case_words.index("Views by agency"), (
        "the chair reads it first"
    )


def test_an_item_shows_the_orders_of_the_case_to_those_who_may_see_it(room: Room, visits: Visits) -> None:
    case = room.cases[0]
    room.started().next()
    assert "Orders Not recorded. One can exist: ask the police lead." in at(visits, room).words
    an_order(room.desk, case)
    for acting in (room.desk.chair, room.workers["harbour"]):
        words = at(visits, room, acting).words
        assert "Orders 1 current." in words
        assert "Stalking protection order, granted, end: 1 Mar 2028. Not served." in words
        assert "No review is recorded: to 30 Mar 2026" in words
        assert "Awaiting service" in words
        assert "Mia" not in words
        assert "Marlow" not in words
    harbour = room.workers["harbour"]
    conflicts.say_own(room.context(harbour), reference=case, is_connected=True)
    assert "Stalking protection order" not in at(visits, room, harbour).words


def test_a_view_of_before_the_newest_incident_is_marked_where_levels_are_chosen(
    room: Room, visits: Visits
) -> None:
    case = with_answers(room).cases[0]
    after = a_view(Level.HIGH, Domain.RECURRENCE, recorded_on="2026-02-28")
    answers(room.desk, room.workers["harbour"], case, a_view(Level.MODERATE), after)
    room.started()
    mark = "Before the newest incident, 27 February 2026"
    assert mark not in at(visits, room).words, "before the item opens no level is shown, and no mark"
    room.next()
    for acting in (room.desk.chair, room.workers["voice"]):
        said = at(visits, room, acting).words.split("Views by agency", 1)[1]
        harbour = said.split("Harbour Office ", 1)[1].split("Lantern House", 1)[0]
        assert f"Moderate {mark}" in harbour
        assert harbour.count(mark) == 1
    assert f"Moderate {mark}" in visits(room.desk.chair, Place.CASE, case).words


def test_views_stand_side_by_side_with_the_largest_difference_first_and_what_is_missing(
    room: Room, visits: Visits
) -> None:
    with_answers(room).started()
    before = at(visits, room).words
    assert "Said to be high" not in before
    room.next()
    words = at(visits, room).words
    assert words.index("Persistence Differ by 2 levels") < words.index("Violence ")
    harbour = words.split("Harbour Office ", 1)[1].split("Lantern House", 1)[0]
    assert "Findings and records of Harbour Office Two visits were recorded by harbour." in harbour
    assert "Missing The phone is not examined yet." in harbour
    voice = words.split("Her Voice ", 1)[1]
    assert "Missing The agency recorded nothing missing." in voice
    own = at(visits, room, room.workers["harbour"]).words.split("Views by agency", 1)[1]
    assert own.index("Harbour Office (your agency)") < own.index("Her Voice")


def test_the_chair_decides_beside_the_views_and_attendance_is_not_typed_again(
    room: Room, visits: Visits
) -> None:
    with_answers(room).started().next()
    room.attend("harbour-later")
    visit = at(visits, room)
    assert "Provisional: not quorate. Missing:" in visit.words
    case = room.cases[0]
    key = f"decide-{case}"
    for domain in Domain:
        assert visit.app.radio(key=f"{key}-{domain.name}").value is None
        visit.app.radio(key=f"{key}-{domain.name}").set_value(Level.HIGH)
    visit.app.radio(key=f"{key}-confidence").set_value(Confidence.MODERATE)
    visit.run()
    for domain in set(Domain) - {Domain.PERSISTENCE}:
        visit.type(f"{key}-{domain.name}-reasons", "The contact goes on.")
    settled = "persistence: how the difference was settled"
    assert f"Still needed: {settled}, alternatives and summary of the decision." in visit.run().words
    visit.type(f"{key}-PERSISTENCE-settled", "The newest report weighed most.")
    (missing,) = [str(box.key) for box in visit.app.checkbox if "-missing-harbour-" in str(box.key)]
    visit.app.checkbox(key=missing).check()
    visit.app.radio(key=f"{key}-soon").set_value(HowSoon.WEEKS)
    visit.type(f"{key}-summary", "The panel plans for safety.")
    visit.type(f"{key}-alternatives", "A warning was considered.")
    visit.type(f"{key}-voice-dissent", "The victim is more afraid than this.")
    visit.press(f"{key}-save").press(f"{key}-record")
    decision = view_case(room.context(), reference=case).decision
    assert decision is not None
    assert decision.provisional is not None
    assert [each.settled is None for each in decision.judgements] == [True, False, True, True]
    assert [each.says for each in decision.missing] == ["The phone is not examined yet."]
    assert decision.review_on == room.desk.clock.today() + timedelta(days=56)
    assert [each.who for each in decision.attendance if each.agency == "harbour"] == ["harbour-later"]
    assert "Provisional: not quorate" in visit.words
    assert not visit.offers(f"{key}-save")


def test_a_follower_has_no_button_of_the_chair_may_look_elsewhere_and_returns(
    room: Room, visits: Visits
) -> None:
    room.started().next()
    visit = at(visits, room, room.workers["voice"])
    assert not [key for key in ("turn-next", "turn-break", "close-conference") if visit.offers(key)]
    visit.press("view-3")
    assert "3. Stalking of Amira K." in visit.words
    room.next()
    visit.run()
    assert "The room is on item 2." in visit.words
    assert "3. Stalking of" in visit.words
    visit.press("return-to-room")
    assert "2. Stalking of" in visit.words
    room.next()
    visit.run()
    assert "3. Stalking of" in visit.words


def test_a_message_about_one_item_is_not_shown_again_on_another(room: Room, visits: Visits) -> None:
    room.started().next()
    visit = at(visits, room, room.workers["voice"])
    visit.app.session_state["said_once"] = "The dissent is recorded."
    assert "The dissent is recorded." in visit.run().words
    visit.app.session_state["said_once"] = "The dissent is recorded."
    assert "is recorded." not in visit.press("view-3").words
    assert "3. Stalking of Amira K." in visit.words


def test_a_case_that_is_not_open_to_a_follower_is_a_private_item_whatever_the_cause(
    room: Room, visits: Visits
) -> None:
    room.started().next()
    voice = room.workers["voice"]
    conflicts.say_own(room.context(voice), reference=room.cases[1], is_connected=True)
    room.attend("voice-worker")
    room.next()
    unnamed, in_conflict = at(visits, room, room.workers["harbour"]), at(visits, room, voice)
    for visit in (unnamed, in_conflict):
        assert f"2. {PRIVATE_ITEM}" in visit.words
        assert "The room is on a private item." in visit.words
        assert room.cases[1] not in visit.source
    assert "Out for this item voice-worker" in at(visits, room).words
    assert "voice-worker" not in unnamed.words.split("Private item", 1)[1]


def test_dissent_is_confirmed_or_entered_by_the_agency_on_its_own_page(room: Room, visits: Visits) -> None:
    room.started().next()
    case, voice = room.cases[0], room.workers["voice"]
    room.attend("voice-worker")
    noted = Dissent(agency="voice", who="V. Worker", reasons="The victim is afraid.")
    room.decide(case, dissent=(noted,))
    visit = at(visits, room, voice)
    visit.press(f"dissent-{case}-confirm")
    assert not visit.offers(f"dissent-{case}-confirm")
    visit.press(f"dissent-{case}-save")
    assert "reasons: give the reasons for dissent" in visit.words
    visit.press(f"dissent-{case}-none")
    assert "your agency recorded its dissent from this decision; it stays" in visit.words
    visit.type(f"dissent-{case}-reasons", "The victim is more afraid than this.")
    visit.press(f"dissent-{case}-save")
    assert "Dissent is recorded for your agency." in visit.words
    decision = view_case(room.context(), reference=case).decision
    assert decision is not None
    sources = [each.source for each in decision.dissent]
    assert sources == ["confirmed by voice-worker", "entered by voice-worker"]
    assert visit.typed(f"dissent-{case}-reasons") == ""
    assert visits(voice, Place.CASE, case).offers("enter-dissent")
    assert not visits(room.desk.coordinator, Place.CASE, case).offers("enter-dissent")


def test_who_did_not_attend_is_offered_no_dissent_on_case_and_item(room: Room, visits: Visits) -> None:
    room.started().next()
    case, voice = room.cases[0], room.workers["voice"]
    room.decide(case)
    assert "Dissent of your agency" not in at(visits, room, voice).words
    assert not visits(voice, Place.CASE, case).offers("enter-dissent")
    room.attend("voice-worker")
    assert "Dissent of your agency" in at(visits, room, voice).words
    assert visits(voice, Place.CASE, case).offers("enter-dissent")


def test_the_chair_asks_aloud_once_and_is_shown_whom_it_is_recorded_for(room: Room, visits: Visits) -> None:
    room.started().next()
    case = room.cases[0]
    room.attend("voice-worker")
    room.attend("harbour-later")
    assert not at(visits, room).offers(f"asked-aloud-{case}"), "nothing is decided yet"
    room.decide(case)
    assert not at(visits, room, room.workers["voice"]).offers(f"asked-aloud-{case}")
    visit = at(visits, room).open(f"asked-aloud-{case}")
    assert "You asked each of these agencies in the room" in visit.words
    visit.finish(f"asked-aloud-{case}-save")
    assert "It is recorded that you asked aloud" in visit.words
    assert "Her Voice: no dissent voiced when asked aloud by chair" in visit.words
    assert not at(visits, room).offers(f"asked-aloud-{case}")


def test_the_agenda_beside_an_item_has_the_minutes_that_were_used(room: Room, visits: Visits) -> None:
    room.started().next()
    assert "used" not in at(visits, room).words.split("Agenda", 1)[1].split("Why it is here", 1)[0]
    room.desk.clock.forward(timedelta(minutes=16))
    room.next()
    words = at(visits, room).words
    assert "17 of 15 min used Taken" in words
    assert "17 of 45 min used before this item." in words
    follower = at(visits, room, room.workers["voice"]).words
    assert "17 of 15 min used Taken" in follower
    assert "used before this item" not in follower


def test_the_victims_words_are_noted_by_the_chair_and_confirmed_by_the_advocate(
    room: Room, visits: Visits
) -> None:
    room.started()
    room.attend("voice-worker")
    room.next()
    case, voice = room.cases[0], room.workers["voice"]
    visit, key = at(visits, room), f"victim-words-{room.cases[0]}"
    visit.press(f"{key}-save")
    assert "still missing: the victim's words, said by, said on, said to and manner" in visit.words
    visit.type(f"{key}-text", "I am more afraid than it looks.")
    visit.app.radio(key=f"{key}-manner").set_value(Manner.REPORTED)
    visit.app.text_input(key=f"{key}-by").set_value("the victim")
    visit.app.text_input(key=f"{key}-on").set_value("soon")
    visit.app.text_input(key=f"{key}-to").set_value("the advocate")
    visit.press(f"{key}-save")
    assert visit.typed(f"{key}-text") == "I am more afraid than it looks."
    visit.app.text_input(key=f"{key}-on").set_value("March 2026")
    visit.press(f"{key}-save")
    origin = "Said by the victim in March 2026 to the advocate, reported; as noted by chair."
    assert f"{origin} Not confirmed by the advocate" in visit.words
    assert visit.typed(f"{key}-text") == ""
    confirming = at(visits, room, voice)
    confirming.app.multiselect(key=f"{key}-1-whom").set_value([EVERYONE])
    confirming.press(f"{key}-1-confirm")
    assert "confirmed by voice-worker" in confirming.words
    assert not confirming.offers(f"{key}-1-confirm")
    assert not visit.run().offers(f"{key}-1-withdraw")
    harbour = visits(room.workers["harbour"], Place.CASE, case)
    assert "I am more afraid than it looks." in harbour.words
    assert not at(visits, room, room.workers["harbour"]).offers(f"{key}-save")
    withdrawing = visits(voice, Place.CASE, case).open(f"{key}-1-withdraw")
    withdrawing.finish(f"{key}-1-withdraw-now")
    harbour = visits(room.workers["harbour"], Place.CASE, case)
    for page in (withdrawing, harbour):
        assert "I am more afraid than it looks." not in page.source
        assert "Words 1 were withdrawn on 2 March 2026 by voice-worker." in page.words


def test_an_agency_states_that_it_has_no_dissent_and_silence_reads_not_asked(
    room: Room, visits: Visits
) -> None:
    room.started().next()
    room.attend("voice-worker")
    room.attend("harbour-later")
    there = [{"agency": each, "who": each} for each in ("voice", "harbour")]
    room.decide(room.cases[0], attendance=there)
    visit = at(visits, room, room.workers["voice"])
    assert "Her Voice: not asked" in visit.words
    visit.press(f"dissent-{room.cases[0]}-none")
    assert "It is recorded that your agency has no dissent." in visit.words
    chair = at(visits, room)
    assert "Her Voice: no dissent stated by voice-worker" in chair.words
    assert "Harbour Office: not asked" in chair.words
    assert not chair.offers(f"dissent-{room.cases[0]}-none")
    room.closed()
    assert "Her Voice: no dissent stated by voice-worker" in at(visits, room).words


def test_a_case_that_closes_while_its_form_is_open_takes_the_draft_with_it_and_records_nothing(
    room: Room, visits: Visits
) -> None:
    room.started()
    room.attend("voice-worker")
    room.next()
    case, voice = room.cases[0], room.workers["voice"]
    visit, key = at(visits, room, voice), f"victim-words-{room.cases[0]}"
    visit.type(f"{key}-text", "I am more afraid than it looks.")
    conflicts.say_own(room.context(voice), reference=case, is_connected=True)
    visit.press(f"{key}-save")
    assert "The room is on a private item." in visit.words
    assert not visit.offers(f"{key}-save")
    assert "I am more afraid" not in visit.source
    assert view_case(room.context(), reference=case).victim_words == ()


def test_a_closed_conference_shows_each_person_their_own_copy_of_its_minutes(
    room: Room, visits: Visits
) -> None:
    room.started().next()
    room.decide(room.cases[0])
    room.next()
    visit = at(visits, room).open("close-conference").finish("close-now")
    assert room.view().conference.state is ConferenceState.CLOSED
    assert "Copy for chair." in visit.words
    assert "The contact goes on after an arrest." in visit.words
    assert "On the screen" in visit.words
    harbour = at(visits, room, room.workers["harbour"])
    assert "1. Stalking of Amira K." in harbour.words
    assert "2. " not in harbour.words.split("Copy for")[1]
    assert "On the screen" not in harbour.words


def ask(token: str | None, conference: str, **given: Any) -> Any:
    body = json.dumps({"conference": conference}).encode()
    cookies = {COOKIE: token} if token else None
    return arriving.ask(
        pulses.ASK, method="POST", **{"headers": ORIGIN, "cookies": cookies, "content": body, **given}
    )


def test_the_pulse_has_times_and_numbers_leaves_no_entry_and_answers_strangers_alike(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "ROUTES", [*sign_in.ROUTES, *pulses.ROUTES])
    room.started().next()
    tokens = {who: a_sign_in(room.desk, who) for who in ("chair", "harbour-later", "lantern-later")}
    with room.desk.runtime.uow.unrecorded() as work:
        before = len(list(work.audit.entries()))
    answer = ask(tokens["harbour-later"], room.conference)
    assert answer.status_code == 200
    assert set(answer.json()) == {
        "version",
        "state",
        "screen",
        "on_screen",
        "timer",
        "now",
        "changes",
    }
    refused = [
        ask(tokens["lantern-later"], room.conference),
        ask(tokens["chair"], "U-0000000"),
        ask(None, room.conference),
        ask(tokens["chair"], room.conference, headers={"origin": "https://elsewhere.example"}),
        ask(tokens["chair"], room.conference, content=b"{" * 300),
    ]
    assert {(each.status_code, each.text) for each in refused} == {(404, "There is nothing here.")}
    with room.desk.runtime.uow.unrecorded() as work:
        assert len(list(work.audit.entries())) == before
    session.turn_to(**room.here(), turn=session.Turn.NEXT)
    assert ask(tokens["chair"], room.conference).json()["version"] != answer.json()["version"]


def test_a_screen_that_waits_has_an_empty_answer_and_one_that_is_signed_out_has_none(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "ROUTES", [*sign_in.ROUTES, *pulses.ROUTES])
    room.started().next()
    room.desk.add("wall", Role.ROOM_SCREEN)
    token = a_sign_in(room.desk, "wall")
    assert [ask(each, "").status_code for each in (token, None)] == [204, 404]
    assert ask(a_sign_in(room.desk, "harbour-later"), "").status_code == 404
    assert ask(token, room.conference).status_code == 404  # it is not opened on this screen
    open_room(**room.here(), account="wall")
    assert ask(token, "").json()["on_screen"] == 1
    room.closed()
    assert [ask(token, each).status_code for each in ("", room.conference)] == [204, 404]
