"""Amending a decision on its case: a new version with a reason, and first what it changes and for whom."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.conference.risk import Confidence, Dissent, Domain, Level
from engine.services.cases.views import view_case
from engine.services.conference import amending, decisions
from tests.builders import SAFE_HOUSE, Desk, a_decision
from tests.conferences import Room, a_room
from tests.dashboard.visits import Visit, Visits, asked, decided, opened, planned

pytestmark = pytest.mark.whose_is_said

CORRECTED = "The panel plans for safety and an order, with a review in spring."


def newest(desk: Desk, reference: str) -> Any:
    return view_case(desk.context(desk.chair), reference=reference).decision


def amending_it(desk: Desk, visits: Visits, reference: str) -> Visit:
    return visits(desk.chair, Place.CASE, reference).press("amend-decision")


def test_a_slip_is_corrected_in_the_fields_as_they_were_and_who_is_informed_is_listed_first(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    noted = Dissent(agency="voice", who="V. Worker", reasons="It asks too little.")
    decided(desk, reference, confidence=Confidence.HIGH, dissent=(noted,), review_on="2026-03-20")
    planned(desk, reference)
    visit, key = amending_it(desk, visits, reference), f"amend-{reference}"
    assert {visit.app.radio(key=f"{key}-{each.name}").value for each in Domain} == {Level.HIGH}
    assert visit.typed(f"{key}-summary") == "The panel plans for safety and an order."
    assert visit.typed(f"{key}-VIOLENCE-settled") == "The newest report weighed most."
    visit.press(f"{key}-save")
    assert "still missing: reason for the amendment" in visit.words
    visit.type(f"{key}-because", "The summary left out the review.")
    visit.type(f"{key}-summary", CORRECTED)
    visit.press(f"{key}-save")
    people = view_case(desk.context(desk.chair), reference=reference).people_on_case
    informed = visit.words.split("To be informed ", 1)[1].split(" Summary of the decision", 1)[0]
    assert informed.casefold().split(", ") == list(people)
    assert "The levels stay. This corrects a slip." in visit.words
    assert newest(desk, reference).version == 1
    visit.press(f"{key}-record")
    after = newest(desk, reference)
    assert (after.version, after.summary, after.confidence) == (2, CORRECTED, Confidence.HIGH)
    assert [each.reasons for each in after.dissent] == ["It asks too little."]
    assert not visits(workers["voice"], Place.CASE, reference).offers("amend-decision")


def test_a_version_that_somebody_else_recorded_meanwhile_is_not_written_over(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    visit, key = amending_it(desk, visits, reference), f"amend-{reference}"
    visit.type(f"{key}-because", "The summary left out the review.")
    visit.press(f"{key}-save")
    other = a_decision(amended_because="Another slip.", summary="The other one.")
    amending.amend_decision(desk.context(desk.chair), reference=reference, decision=other)
    visit.press(f"{key}-record")
    assert "recorded version 2" in visit.words
    assert newest(desk, reference).summary == "The other one."
    visit.press(f"{key}-change")
    assert visit.typed(f"{key}-because") == "The summary left out the review."


def test_a_changed_level_in_session_says_which_actions_rest_on_it(desk: Desk, visits: Visits) -> None:
    room: Room = a_room(desk)
    room.started().next()
    case = room.cases[0]
    decisions.decide(room.context(), reference=case, decision=a_decision())
    planned(desk, case)
    visit = visits(desk.chair, Place.CASE, case).press("amend-decision")
    key = f"amend-{case}"
    visit.app.radio(key=f"{key}-PERSISTENCE").set_value(Level.MODERATE)
    visit.app.radio(key=f"{key}-confidence").set_value(Confidence.MODERATE)
    visit.type(f"{key}-because", "A new report came in.")
    visit.press(f"{key}-save")
    assert "Persistence: from High to Moderate" in visit.words
    assert "No action of the plan rests on the level of persistence." in visit.words
    visit.press(f"{key}-record")
    assert {each.domain: each.level for each in newest(desk, case).judgements}[
        Domain.PERSISTENCE
    ] is Level.MODERATE


def test_a_masked_text_is_in_no_field_and_stays_as_it_is_when_its_field_is_left_blank(
    desk: Desk, visits: Visits
) -> None:
    room: Room = a_room(desk)
    case, key = room.cases[0], f"amend-{room.cases[0]}"
    room.started().next()
    wrote = f"The victim moved to {SAFE_HOUSE}."
    room.decide(case, summary=wrote, alternatives="An order alone.")
    visit = visits(room.deputy, Place.CASE, case).press("amend-decision")
    assert "It stays as it is unless you write another: summary." in visit.words
    assert (visit.typed(f"{key}-summary"), visit.typed(f"{key}-alternatives")) == ("", "An order alone.")
    visit.type(f"{key}-because", "The review date was wrong.")
    visit.press(f"{key}-save")
    assert "The victim moved to [protected]." in visit.words
    visit.press(f"{key}-record")
    after = newest(desk, case)
    assert (after.version, after.summary, after.by) == (2, wrote, "deputy")
    assert SAFE_HOUSE not in visits(room.deputy, Place.CASE, case).source
