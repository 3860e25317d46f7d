"""A practitioner answers by hand: something held, nothing held, or declined."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.conference.risk import Level
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.responses.answers import RefusalGround
from engine.domain.responses.voices import DISCLOSURE_WARNING, Agreement, VoiceTopic
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits, asked, deltas, opened

HOLDS, NOTHING, DECLINES = (
    "Contribution: we hold information",
    "Nil return: we searched and hold nothing",
    "Refusal: we refuse to respond",
)


def _answering(reference, agency):
    from dashboard.views.responses import answer_by_hand

    answer_by_hand.dialog(reference, agency)


def answering(visits: Visits, worker: Acting, reference: str, kind: str) -> Visit:
    visit = visits.show(worker, _answering, reference, str(worker.agency))
    visit.app.radio(key=f"answer-{reference}-kind").set_value(kind)
    return visit.run()


def test_a_finding_with_its_record_is_released_in_the_practitioners_name(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    visit.app.text_input(key=f"{key}-matched").set_value("by name and date of birth")
    visit.type(f"{key}-says-1", "She asked for a panic alarm.")
    visit.app.text_input(key=f"{key}-record-1").set_value("C-17")
    visit.app.text_input(key=f"{key}-kind-1").set_value("contact note")
    visit.app.text_input(key=f"{key}-dated-1").set_value("February 2026")
    visit.press(f"{key}-holds-save").press(f"{key}-record")
    words = visits(desk.chair, Place.CASE, reference).words
    assert "She asked for a panic alarm. [contact note C-17, February 2026]" in words
    assert "voice-worker" in words


def test_a_finding_without_its_record_is_refused(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    visit.app.text_input(key=f"{key}-matched").set_value("by name")
    visit.type(f"{key}-says-1", "She asked for a panic alarm.")
    visit.press(f"{key}-holds-save")
    assert "finding 1: give the record it is based on" in visit.words
    assert "She asked for a panic alarm." not in visits(desk.chair, Place.CASE, reference).words


def test_fields_below_the_findings_keep_their_place_when_one_is_added(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    """In another place a browser draws a field anew, without what is typed in it meanwhile."""
    reference = asked(desk)
    visit = answering(visits, workers["harbour"], reference, HOLDS)
    places = []
    for act in (visit.run, lambda: visit.press(f"answer-{reference}-more")):
        with deltas() as drawn:
            act()
        places.append({place for place, each in drawn if "if you know of any" in str(each.new_element)})
    assert visit.app.text_input(key=f"answer-{reference}-record-2").value == ""
    assert places[0] == places[1]
    assert len(places[0]) == 1


def test_a_view_needs_who_recorded_it(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    visit.app.text_input(key=f"{key}-matched").set_value("by name")
    visit.app.selectbox(key=f"{key}-VIOLENCE-level").set_value(Level.HIGH)
    visit.press(f"{key}-holds-save")
    assert "view on violence: give the reasons, who recorded it" in visit.words


def test_a_nil_return_says_where_was_looked(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["lantern"], reference, NOTHING)
    visit.press(f"{key}-nothing-save")
    assert "nil return: give the records searched" in visit.words
    visit.app.text_input(key=f"{key}-looked").set_value("register, letters")
    visit.type(f"{key}-nil-says", "We searched and hold nothing.")
    visit.press(f"{key}-nothing-save").press(f"{key}-record")
    assert "Lantern House Nil return" in visits(desk.chair, Place.CASE, reference).words


def test_declining_needs_a_ground_and_is_shown_with_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["lantern"], reference, DECLINES)
    visit.app.selectbox(key=f"{key}-ground").set_value(RefusalGround.CONFIDENTIAL)
    visit.type(f"{key}-refused-says", "We may not say whether we hold anything.")
    visit.press(f"{key}-declines-save").press(f"{key}-record")
    opened(desk, reference)
    words = visits(desk.chair, Place.CASE, reference).words
    assert "Lantern House Refused" in words
    assert "duty of confidence outweighs" in words


def voice_filled(visit: Visit, key: str, *, agreed: Agreement, whom: list[str]) -> Visit:
    """One thing that she said, with its record."""
    visit.app.text_input(key=f"{key}-matched").set_value("by name and date of birth")
    visit.type(f"{key}-her_words-1-says", "I do not sleep.")
    visit.app.selectbox(key=f"{key}-her_words-1-about").set_value(VoiceTopic.FEAR)
    visit.app.selectbox(key=f"{key}-her_words-1-agreed").set_value(agreed)
    visit.app.multiselect(key=f"{key}-her_words-1-whom").set_value(whom)
    visit.app.text_input(key=f"{key}-her_words-1-record").set_value("C-18")
    visit.app.text_input(key=f"{key}-her_words-1-kind").set_value("contact note")
    return visit


def test_only_the_seat_of_the_victims_voice_is_given_its_fields_and_the_warning(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    hers = answering(visits, workers["voice"], reference, HOLDS).words
    other = answering(visits, workers["harbour"], reference, HOLDS).words
    for said in (
        DISCLOSURE_WARNING,
        "The victim's own words",
        "The victim's own view of the risk",
        "The advocate's judgement",
    ):
        assert said in hers
        assert said not in other


def test_the_victims_words_typed_by_hand_are_seen_by_whom_the_victim_named_and_by_nobody_else(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    visit = voice_filled(visit, key, agreed=Agreement.YES, whom=["lantern"])
    visit.app.selectbox(key=f"{key}-protected-kind-1").set_value(ProtectedKind.ADVOCATE)
    visit.app.text_input(key=f"{key}-protected-1").set_value("Wren Pseudonym")
    visit.press(f"{key}-holds-save").press(f"{key}-record")
    named = visits(workers["lantern"], Place.CASE, reference)
    assert "\u201cI do not sleep.\u201d" in named.words
    assert "shared with Lantern House only" in named.words
    for acting in (workers["harbour"], desk.chair, desk.coordinator):
        words = visits(acting, Place.CASE, reference).words
        assert "I do not sleep." not in words
        assert "1 item withheld by Her Voice" in words
    assert "Pseudonym" not in named.source + named.words


def test_agreement_without_saying_with_whom_is_refused(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    voice_filled(visit, key, agreed=Agreement.YES, whom=[]).press(f"{key}-holds-save")
    assert "choose who the victim agreed to share it" in visit.words


def test_a_nil_return_says_when_and_by_whom_an_advocate_was_offered(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, NOTHING)
    visit.app.text_input(key=f"{key}-looked").set_value("client files")
    visit.type(f"{key}-nil-says", "She is not known to us.")
    visit.app.text_input(key=f"{key}-offered-on").set_value("1 March 2026")
    visit.app.text_input(key=f"{key}-offered-by").set_value("the duty line")
    visit.press(f"{key}-nothing-save").press(f"{key}-record")
    words = visits(desk.chair, Place.CASE, reference).words
    assert (
        "No advocate is recorded for the victim. Her Voice searched its records and has no record of the "
        "victim."
    ) in words
    assert "The victim was offered an advocate on 1 March 2026 by the duty line" in words


def test_what_will_be_released_is_read_through_first_and_can_be_changed(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    visit = voice_filled(visit, key, agreed=Agreement.NO, whom=[])
    visit.type(f"{key}-says-1", "A panic alarm was asked for.")
    visit.app.text_input(key=f"{key}-record-1").set_value("C-17")
    visit.app.text_input(key=f"{key}-kind-1").set_value("contact note")
    visit.app.selectbox(key=f"{key}-protected-kind-1").set_value(ProtectedKind.ADVOCATE)
    visit.app.text_input(key=f"{key}-protected-1").set_value("Wren Pseudonym")
    visit.press(f"{key}-holds-save")
    assert "This will be recorded" in visit.words
    assert "A panic alarm was asked for. Fact, based on contact note C-17" in visit.words
    assert "Matched by name and date of birth (unconfirmed)" in visit.words
    assert "stored as protected details and shown on no page" in visit.words
    assert "Withheld" in visit.words
    for never in ("I do not sleep.", "Pseudonym"):
        assert never not in visit.words
    assert "A panic alarm was asked for." not in visits(desk.chair, Place.CASE, reference).words
    visit.press(f"{key}-change")
    assert visit.app.radio(key=f"{key}-kind").value == HOLDS
    assert visit.typed(f"{key}-says-1") == "A panic alarm was asked for."
    assert visit.typed(f"{key}-her_words-1-says") == "I do not sleep."
    assert visit.app.text_input(key=f"{key}-protected-1").value == "Wren Pseudonym"


def test_a_row_with_anything_in_it_is_never_left_out_without_a_word(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    visit.app.text_input(key=f"{key}-matched").set_value("by name")
    for field, typed, sentence in (
        (f"{key}-record-1", "C-17", "finding 1: it has a record but no sentence"),
        (f"{key}-VIOLENCE-who", "R. Marsh", "view on violence: choose a level"),
        (f"{key}-her_words-1-record", "C-18", "the victim's own words 1: write what was said"),
    ):
        visit.app.text_input(key=field).set_value(typed)
        visit.press(f"{key}-holds-save")
        assert sentence in visit.words
        assert visit.app.text_input(key=field).value == typed
        visit.app.text_input(key=field).set_value("")
