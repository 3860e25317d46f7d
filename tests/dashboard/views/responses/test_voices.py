"""The victim's voice on the pages: three headings, the warning before release, and taking back."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.responses.voices import DISCLOSURE_WARNING
from tests.builders import Desk, a_contribution, ask_all, let_answer
from tests.dashboard.visits import Visits, opened, screened
from tests.engine.services.responses.test_voices import FEAR, JUDGED, VIEW, a_voice, an_item

THREE = ("The victim's own words", "The victim's own view of the risk", "The advocate's judgement")


def prepared(desk: Desk) -> str:
    """A case in which the answer of the victim's advocate waits for release."""
    answer = a_voice(
        an_item("fear"),
        an_item("kept", None, agreed="no"),
        an_item("view", VIEW, whose="victim's own view of risk"),
        an_item("judged", JUDGED, whose="advocate's judgement"),
    )
    let_answer(desk, "voice", answer)
    let_answer(desk, "lantern", a_contribution("He missed two appointments."))
    reference = screened(desk)
    ask_all(desk, reference)
    return reference


def released(desk: Desk, visits: Visits, worker: Acting) -> str:
    """The same, released."""
    reference = prepared(desk)
    visits(worker, Place.CASE, reference).open("read-and-release").finish(f"release-{reference}")
    return reference


def test_before_release_the_advocate_reads_the_warning_and_three_headings(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = prepared(desk)
    dialog = visits(workers["voice"], Place.CASE, reference).open("read-and-release").words
    assert f"Before you release it. {DISCLOSURE_WARNING}" in dialog
    places = [dialog.index(heading) for heading in THREE]
    assert places == sorted(places)
    assert "the victim has not agreed to share it, so it is not shared" in dialog
    other = visits(workers["lantern"], Place.CASE, reference).open("read-and-release").words
    assert DISCLOSURE_WARNING not in other


def test_a_voice_is_struck_in_the_dialog(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = prepared(desk)
    visit = visits(workers["voice"], Place.CASE, reference).open("read-and-release")
    next(box for box in visit.app.checkbox if str(box.key).endswith("-fear")).check()
    visit.finish(f"release-{reference}")
    words = visits(desk.chair, Place.CASE, reference).words
    assert FEAR not in words
    assert "2 items withheld by Her Voice" in words


def test_the_column_has_three_headings_and_says_what_waits_for_the_conference(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = released(desk, visits, workers["voice"])
    before = visits(desk.chair, Place.CASE, reference).words
    assert f"The victim's own words Fear: \u201c{FEAR}\u201d" in before
    for heading in THREE[1:]:
        assert f"{heading} Hidden until the chair opens the conference." in before
    assert "1 item withheld by Her Voice" in before
    opened(desk, reference)
    after = visits(desk.chair, Place.CASE, reference).words
    assert f"The victim's own view of the risk Fear: \u201c{VIEW}\u201d" in after
    assert f"The advocate's judgement Fear: {JUDGED}" in after


def test_a_voice_that_is_silent_says_so_under_its_heading(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "voice", a_voice(an_item("fear")))
    reference = screened(desk)
    ask_all(desk, reference)
    visits(workers["voice"], Place.CASE, reference).open("read-and-release").finish(f"release-{reference}")
    words = visits(desk.chair, Place.CASE, reference).words
    for heading in THREE[1:]:
        assert f"{heading} Not recorded, or not shared with you." in words


def test_an_item_is_withdrawn_with_a_button_and_others_read_withdrawn(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = released(desk, visits, workers["voice"])
    visit = visits(workers["voice"], Place.CASE, reference).open("withdraw-item")
    visit.finish(f"withdraw-{reference}-fear")
    assert f"Withdrawn: {reference}, version 3." in visit.words
    words = visits(desk.chair, Place.CASE, reference).words
    assert "The victim's own words Fear: Withdrawn" in words
    assert FEAR not in words
    assert not visits(desk.chair, Place.CASE, reference).offers("withdraw-item")


def test_where_no_agency_speaks_for_victims_there_is_a_column_all_the_same(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = released(desk, visits, workers["voice"])
    without = tuple(known for known in desk.runtime.agencies_known if known.code != "voice")
    desk.runtime.__dict__["agencies_described"] = without
    another = screened(desk, "2")
    ask = visits(desk.chair, Place.CASE, another).words
    sentence = "No advocate is recorded for the victim. No agency that represents victims is installed."
    assert f"The victim's voice {sentence}" in ask
    assert ask.count(sentence) == 2
    assert "no longer installed" in visits(desk.chair, Place.CASE, reference).words
