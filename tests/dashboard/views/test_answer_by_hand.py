"""A practitioner answers by hand: something held, nothing held, or declined."""

from __future__ import annotations

from dashboard.places import Place
from engine.domain.acting import Acting
from engine.domain.answers import RefusalGround
from engine.domain.risk import Level
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits, asked, opened

HOLDS, NOTHING, DECLINES = "We hold something", "We hold nothing (nil return)", "We decline to answer"


def answering(visits: Visits, worker: Acting, reference: str, kind: str) -> Visit:
    visit = visits(worker, Place.CASE, reference).open("answer-by-hand")
    visit.app.radio(key=f"answer-{reference}-kind").set_value(kind)
    return visit.run()


def test_a_finding_with_its_record_is_released_in_the_practitioners_name(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    visit.app.text_input(key=f"{key}-matched").set_value("by name and date of birth")
    visit.app.text_input(key=f"{key}-says-1").set_value("She asked for a panic alarm.")
    visit.app.text_input(key=f"{key}-record-1").set_value("C-17")
    visit.app.text_input(key=f"{key}-kind-1").set_value("contact note")
    visit.app.text_input(key=f"{key}-dated-1").set_value("February 2026")
    visit.finish(f"{key}-holds-save")
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
    visit.app.text_input(key=f"{key}-says-1").set_value("She asked for a panic alarm.")
    visit.press(f"{key}-holds-save")
    assert "finding 1: name the record on which it rests" in visit.words
    assert "She asked for a panic alarm." not in visits(desk.chair, Place.CASE, reference).words


def test_a_view_needs_who_recorded_it(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["voice"], reference, HOLDS)
    visit.app.text_input(key=f"{key}-matched").set_value("by name")
    visit.app.selectbox(key=f"{key}-VIOLENCE-level").set_value(Level.HIGH)
    visit.press(f"{key}-holds-save")
    assert "view on violence: give its reasons, who recorded it" in visit.words


def test_a_nil_return_says_where_was_looked(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["lantern"], reference, NOTHING)
    visit.press(f"{key}-nothing-save")
    assert "nil return: say where was looked" in visit.words
    visit.app.text_input(key=f"{key}-looked").set_value("register, letters")
    visit.app.text_input(key=f"{key}-nil-says").set_value("We looked and hold nothing.")
    visit.finish(f"{key}-nothing-save")
    assert "Lantern House Holds nothing" in visits(desk.chair, Place.CASE, reference).words


def test_declining_needs_a_ground_and_is_shown_with_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["lantern"], reference, DECLINES)
    visit.app.selectbox(key=f"{key}-ground").set_value(RefusalGround.CONFIDENTIAL)
    visit.app.text_input(key=f"{key}-refused-says").set_value("We may not say whether we hold anything.")
    visit.finish(f"{key}-declines-save")
    opened(desk, reference)
    words = visits(desk.chair, Place.CASE, reference).words
    assert "Lantern House Declined" in words
    assert "duty of confidence outweighs" in words
