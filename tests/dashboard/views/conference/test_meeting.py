"""Opening the conference and recording what the panel decided."""

from __future__ import annotations

from typing import Any

from dashboard import words
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import State
from engine.domain.conference.risk import Confidence, Domain, HowSoon, Level
from engine.services.cases.views import view_case
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits, a_view, answers, asked, opened


def seen(desk: Desk, reference: str) -> Any:
    return view_case(desk.context(desk.chair), reference=reference)


def fill(visit: Visit, reference: str, level: Level) -> str:
    key = f"decide-{reference}"
    for domain in Domain:
        visit.app.radio(key=f"{key}-{domain.name}").set_value(level)
    visit.app.radio(key=f"{key}-confidence").set_value(Confidence.MODERATE)
    visit.run()
    for domain in Domain:
        visit.type(f"{key}-{domain.name}-reasons", "The contact goes on.")
    visit.type(f"{key}-summary", "The panel plans for safety.")
    if "Alternatives that the panel considered" in visit.words:  # where it departs from the agencies
        visit.type(f"{key}-alternatives", "A warning was considered.")
    return key


def _deciding(view):
    from dashboard.views.conference import meeting

    meeting.record_decision(view)


def deciding(desk: Desk, visits: Visits, reference: str) -> Visit:
    """The open dialog; the button that opens it has its own test."""
    return visits.show(desk.chair, _deciding, seen(desk, reference))


def test_the_chair_is_told_who_has_not_answered_before_opening(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference)
    words = visits(desk.chair, Place.CASE, reference).open("start-conference").words
    assert "2 agencies have not responded." in words
    assert "You cannot undo this." in words


def test_opening_shows_levels_to_all(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.HIGH))
    visit = visits(desk.chair, Place.CASE, reference)
    assert "Said to be high" not in visit.words
    visit.open("start-conference").finish("open-conference")
    assert "The conference is open" in visit.words
    assert "Said to be high" in visit.words


def test_after_a_lost_connection_the_form_has_the_newest_answers_and_all_that_was_typed(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.HIGH))
    opened(desk, reference)
    visit = visits(desk.chair, Place.CASE, reference).press("record-decision")
    key = f"decide-{reference}"
    without_view = "No agency gave a view."
    before = visit.words.count(without_view)
    visit.type(f"{key}-summary", "The panel plans for safety.")
    answers(desk, workers["lantern"], reference, a_view(Level.LOW, Domain.PERSISTENCE))
    assert visit.run().typed(f"{key}-summary") == "The panel plans for safety."
    assert visit.words.count(without_view) == before - 1 == 2


def test_a_decision_keeps_levels_reasons_attendance_and_dissent(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.MODERATE))
    opened(desk, reference)
    visit = deciding(desk, visits, reference)
    key = fill(visit, reference, Level.HIGH)
    visit.app.radio(key=f"{key}-soon").set_value(HowSoon.WEEKS)
    visit.app.text_input(key=f"{key}-voice-who").set_value("V. Worker")
    visit.type(f"{key}-voice-dissent", "She is more afraid than this says.")
    visit.app.checkbox(key=f"{key}-lantern-apologies").check()
    visit.press(f"{key}-save")
    assert seen(desk, reference).decision is None
    visit.press(f"{key}-record")
    decision = seen(desk, reference).decision
    assert seen(desk, reference).state is State.DECIDED
    assert {judgement.level for judgement in decision.judgements} == {Level.HIGH}
    assert decision.judgements[0].how_soon is HowSoon.WEEKS
    assert [(d.agency, d.who) for d in decision.dissent] == [("voice", "V. Worker")]
    assert [a.agency for a in decision.attendance if a.apologies] == ["lantern"]
    assert decision.saw == {"harbour": 1}


def test_the_form_shows_what_each_agency_said_beside_the_panels_choice(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.MODERATE))
    opened(desk, reference)
    words = visits(desk.chair, Place.CASE, reference).open("record-decision").words
    assert "Violence Harbour Office Moderate" in words
    assert "Persistence No agency gave a view." in words
    for domain in Domain:
        assert domain.meaning in words


def test_low_needs_each_gap_ticked_and_a_reason_and_the_text_stays(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    names = [gap.name for gap in seen(desk, reference).gaps]
    assert {"awaited: harbour", "alarm not asked: weapon", "no victim's voice"} <= set(names)
    visit = deciding(desk, visits, reference)
    key = fill(visit, reference, Level.LOW)
    for name in names[1:]:
        visit.app.checkbox(key=f"{key}-weighed-{name}").check()
    visit.type(f"{key}-low", "Too short a reason.")
    visit.press(f"{key}-save")
    assert f"cannot be low over a gap: {names[0]}; weigh each" in visit.words
    visit.app.checkbox(key=f"{key}-weighed-{names[0]}").check()
    visit.press(f"{key}-save")
    assert "without a reason: give one of at least 5 words" in visit.words
    assert visit.typed(f"{key}-summary") == "The panel plans for safety."
    visit.type(f"{key}-low", "Every member was asked again by telephone.")
    visit.press(f"{key}-save")
    assert f"Gaps and alarms weighed before low is recorded {words.gap(names[0])}" in visit.words
    assert seen(desk, reference).decision is None
    visit.press(f"{key}-record")
    assert list(seen(desk, reference).decision.weighed) == names


def test_an_answer_that_comes_in_meanwhile_changes_the_list_and_loses_nothing_that_was_typed(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    visit = deciding(desk, visits, reference)
    key = fill(visit, reference, Level.LOW)
    for gap in seen(desk, reference).gaps:
        visit.app.checkbox(key=f"{key}-weighed-{gap.name}").check()
    visit.type(f"{key}-low", "Every member was asked again by telephone.")
    visit.press(f"{key}-save")
    answers(desk, workers["harbour"], reference)
    visit.press(f"{key}-record")
    assert "does not name a current gap of this case" in visit.words
    assert seen(desk, reference).decision is None
    visit.press(f"{key}-change")
    ticks = {str(box.key).removeprefix(f"{key}-weighed-"): box.value for box in visit.app.checkbox}
    assert "awaited: harbour" not in ticks
    assert ticks["awaited: lantern"] is True
    assert visit.typed(f"{key}-summary") == "The panel plans for safety."
    visit.press(f"{key}-save").press(f"{key}-record")
    names = [gap.name for gap in seen(desk, reference).gaps]
    assert list(seen(desk, reference).decision.weighed) == names


def test_a_domain_without_a_word_is_named_and_nothing_is_kept(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    visit = deciding(desk, visits, reference)
    key = fill(visit, reference, Level.HIGH)
    visit.app.radio(key=f"{key}-{Domain.RECURRENCE.name}").set_value(None)
    visit.press(f"{key}-save")
    assert "still missing: recurrence: level" in visit.words
    assert seen(desk, reference).decision is None


def test_the_review_shows_all_that_will_be_recorded_and_records_nothing_itself(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.MODERATE))
    opened(desk, reference)
    visit = deciding(desk, visits, reference)
    key = fill(visit, reference, Level.HIGH)
    visit.app.radio(key=f"{key}-soon").set_value(HowSoon.WEEKS)
    visit.app.number_input(key=f"{key}-VIOLENCE-weeks").set_value(6)
    visit.app.text_input(key=f"{key}-voice-who").set_value("V. Worker")
    visit.type(f"{key}-voice-dissent", "The victim is more afraid than this says.")
    visit.app.text_input(key=f"{key}-review").set_value("1 April 2026")
    visit.press(f"{key}-save")
    said = visit.words
    for shown in (
        "This will be recorded",
        "Violence High The contact goes on. Within weeks 6 weeks",
        "The panel plans for safety.",
        "1 Apr 2026",
        "Her Voice V. Worker V. Worker: The victim is more afraid than this says.",
        "Harbour Office Not recorded as present Position not recorded",
        "Recorded without these responses",
    ):
        assert shown in said
    assert not visit.offers(f"{key}-save")
    assert seen(desk, reference).decision is None


def test_changing_it_brings_back_every_field_and_leaving_records_nothing(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    visit = deciding(desk, visits, reference)
    key = fill(visit, reference, Level.HIGH)
    visit.app.checkbox(key=f"{key}-lantern-apologies").check()
    visit.type(f"{key}-voice-dissent", "It says too little.")
    visit.press(f"{key}-save").run().press(f"{key}-change")
    assert {visit.app.radio(key=f"{key}-{domain.name}").value for domain in Domain} == {Level.HIGH}
    assert visit.typed(f"{key}-VIOLENCE-reasons") == "The contact goes on."
    assert visit.app.checkbox(key=f"{key}-lantern-apologies").value is True
    assert visit.typed(f"{key}-voice-dissent") == "It says too little."
    visit.type(f"{key}-summary", "The panel plans otherwise.")
    visit.press(f"{key}-save")
    assert "The panel plans otherwise." in visit.words
    assert not visit.offers(f"{key}-leave")  # one Enter too many must not lose what was typed
    visit.press(f"{key}-change").press(f"{key}-leave")
    assert not visit.offers(f"{key}-record")
    assert seen(desk, reference).decision is None


def test_opening_the_dialog_again_begins_with_empty_fields(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    visit = visits(desk.chair, Place.CASE, reference).open("record-decision")
    key = fill(visit, reference, Level.HIGH)
    visit.press(f"{key}-save")
    assert visit.offers(f"{key}-record")
    visit.run()  # the button that opens it is pressed again
    assert visit.offers(f"{key}-save")
    assert not visit.offers(f"{key}-record")


def test_a_review_day_that_cannot_be_is_refused_and_stays_in_its_field(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    visit = deciding(desk, visits, reference)
    key = fill(visit, reference, Level.HIGH)
    for typed, sentence in (("1/2/1203", "next review: the year 1203"), ("April 2026", "give the full date")):
        visit.app.text_input(key=f"{key}-review").set_value(typed)
        visit.press(f"{key}-save")
        assert sentence in visit.words
        assert visit.app.text_input(key=f"{key}-review").value == typed
        assert not visit.offers(f"{key}-record")
