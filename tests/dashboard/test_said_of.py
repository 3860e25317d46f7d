"""A page asks whose a place in a typed text is, keeps what was typed, and records once each is answered."""

from __future__ import annotations

from dashboard.pages import Place
from dashboard.said_of import digest
from engine.access.marks import marks_of
from engine.domain.accounts.acting import Acting
from engine.domain.vault.marks import Mark, MarkOf
from tests.builders import Desk, a_contribution, ask_all, let_answer, say_whose
from tests.dashboard.views.responses.test_answer_by_hand import HOLDS, answering
from tests.dashboard.visits import Visit, Visits, asked, screened

PLACE, NUMBER = "14 Quillbrook Road", "07700 900888"
TEXT = f"He waited at {PLACE} and called {NUMBER}."
ASKED = "This text may say where a person is or how to reach them."


def marks() -> tuple[Mark, ...]:
    return marks_of([TEXT])


def filled_in(visits: Visits, worker: Acting, reference: str) -> Visit:
    """A hand-typed answer with a place and a number in it, up to its last press."""
    key = f"answer-{reference}"
    visit = answering(visits, worker, reference, HOLDS)
    visit.app.text_input(key=f"{key}-matched").set_value("by name and date of birth")
    visit.type(f"{key}-says-1", TEXT)
    visit.app.text_input(key=f"{key}-record-1").set_value("C-17")
    visit.app.text_input(key=f"{key}-kind-1").set_value("contact note")
    return visit.press(f"{key}-holds-save").press(f"{key}-record")


def test_nothing_is_recorded_until_each_is_answered_and_what_was_typed_stays(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    visit = filled_in(visits, workers["harbour"], reference)
    assert ASKED in visit.words
    assert PLACE not in visits(desk.chair, Place.CASE, reference).words

    place, number = (f"said-of-{digest(mark)}" for mark in marks())
    assert visit.app.selectbox(key=place).value is None
    visit.app.selectbox(key=place).set_value(MarkOf.PUBLIC.value)
    visit.press(f"note-whose-{digest(*marks())}")
    visit.press(f"answer-{reference}-record")
    assert ASKED in visit.words
    assert not [each for each in visit.app.selectbox if each.key == place]

    visit.app.selectbox(key=number).set_value(MarkOf.PERPETRATOR.value)
    (one_left,) = [mark for mark in marks() if mark.text == NUMBER]
    visit.press(f"note-whose-{digest(one_left)}")
    visit.press(f"answer-{reference}-record")
    assert TEXT in visits(desk.chair, Place.CASE, reference).words


def test_what_was_said_on_one_page_does_not_count_on_another(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    first, second = asked(desk), asked(desk, "2")
    visit = filled_in(visits, workers["harbour"], first)
    for mark in marks():
        visit.app.selectbox(key=f"said-of-{digest(mark)}").set_value(MarkOf.OTHER.value)
    visit.press(f"note-whose-{digest(*marks())}")
    visit.press(f"answer-{first}-record")
    assert TEXT in visits(desk.chair, Place.CASE, first).words
    assert ASKED in filled_in(visits, workers["harbour"], second).words


def to_release(desk: Desk, worker: Acting, visits: Visits) -> tuple[str, Visit]:
    """A case with a prepared answer that has a place and a number in it, and the dialog that releases it."""
    let_answer(desk, str(worker.agency), a_contribution(TEXT, "He has a car."))
    reference = screened(desk)
    ask_all(desk, reference)
    return reference, visits(worker, Place.CASE, reference).open("read-and-release")


def test_a_release_asks_of_each_place_in_what_goes_out(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference, visit = to_release(desk, workers["lantern"], visits)
    assert "Places and contacts in what you release" in visit.words
    place, number = (f"mark-{reference}-1-{digest(mark)}" for mark in marks())
    visit.press(f"release-{reference}")
    assert "it may say where a person is (1. a street with a number, 2. a phone number)" in visit.words

    visit.app.selectbox(key=place).set_value("mask it")
    visit.app.selectbox(key=number).set_value(MarkOf.PERPETRATOR.value)
    visit.run().finish(f"release-{reference}")
    words = visits(desk.chair, Place.CASE, reference).words
    assert PLACE not in words
    assert f"He waited at [protected] and called {NUMBER}." in words


def test_a_withheld_finding_is_not_asked_about(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference, visit = to_release(desk, workers["lantern"], visits)
    visit.app.checkbox(key=f"strike-{reference}-1-finding-1").set_value(True)
    visit.run()
    assert "Places and contacts in what you release" not in visit.words
    visit.finish(f"release-{reference}")
    assert PLACE not in visits(desk.chair, Place.CASE, reference).words


def test_what_was_said_of_a_typed_text_releases_nothing(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference, visit = to_release(desk, workers["lantern"], visits)
    say_whose(TEXT)  # as on the same page, of a text of the practitioner's own
    visit.press(f"release-{reference}")
    assert "it may say where a person is (1. a street with a number, 2. a phone number)" in visit.words
    assert PLACE not in visits(desk.chair, Place.CASE, reference).words
