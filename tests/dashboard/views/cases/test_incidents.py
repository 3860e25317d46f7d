"""Recording an incident: what was typed comes back to its author until it is recorded, and to nobody else."""

from __future__ import annotations

import re

import pytest

from dashboard.pages import Place
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.drafts import DraftForm
from engine.services.cases.views import view_case
from engine.services.drafts import open_draft
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits, screened

TYPED = "He waited at the corner.\nHe came twice."


def test_what_was_typed_and_chosen_comes_back_in_another_browser_and_goes_when_recorded(
    desk: Desk, visits: Visits
) -> None:
    reference = screened(desk)
    key = f"incident-{reference}"
    visit = visits(desk.coordinator, Place.CASE, reference).open("record-incident")
    visit.type(f"{key}-what", TYPED)
    visit.app.selectbox(key=f"{key}-kind").set_value(IncidentKind.FOLLOWING)
    visit.app.selectbox(key=f"{key}-channel").set_value(Channel.IN_PERSON)
    visit.app.text_input(key=f"{key}-when").set_value("01/03/2026")
    visit.type(f"{key}-grade", "3e c")
    visit.run()

    again = visits(desk.coordinator, Place.CASE, reference).open("record-incident")
    assert again.typed(f"{key}-what") == TYPED
    assert again.app.selectbox(key=f"{key}-kind").value is IncidentKind.FOLLOWING
    assert again.app.text_input(key=f"{key}-when").value == "01/03/2026"
    assert again.typed(f"{key}-grade") == "3e c"
    assert visits(desk.chair, Place.CASE, reference).open("record-incident").typed(f"{key}-what") == ""

    again.finish(f"{key}-save")
    assert re.search("Incident I-\\w+ is recorded", again.words), again.words[:600]
    (incident,) = [
        each
        for each in view_case(desk.context(desk.coordinator), reference=reference).incidents
        if each.kind is IncidentKind.FOLLOWING
    ]
    assert incident.reports[0].what == TYPED
    assert incident.reports[0].grade == "3E C"
    assert "grade 3E C" in again.words
    assert "not graded" in again.words, "the incident of the referral"
    assert again.open("record-incident").typed(f"{key}-what") == ""
    assert again.app.selectbox(key=f"{key}-kind").value is None


def test_alarm_topics_have_a_heading_where_the_kind_opens_them(desk: Desk, visits: Visits) -> None:
    reference = screened(desk)
    visit = visits(desk.coordinator, Place.CASE, reference).open("record-incident")
    headings = []
    for kind in (None, IncidentKind.THREAT):
        visit.app.selectbox(key=f"incident-{reference}-kind").set_value(kind)
        visit.run()
        headings.append("Alarm topics Leave blank what was not asked." in visit.words)
    assert headings == [False, True]


def test_what_is_refused_stays_typed_and_its_draft_too(desk: Desk, visits: Visits) -> None:
    reference = screened(desk)
    key = f"incident-{reference}"
    visit = visits(desk.coordinator, Place.CASE, reference).open("record-incident")
    visit.type(f"{key}-what", TYPED).press(f"{key}-save")
    assert "Kind of incident: choose one." in visit.words
    assert visit.typed(f"{key}-what") == TYPED
    draft = open_draft(desk.context(desk.coordinator), form=DraftForm.INCIDENT, case=reference)
    assert draft.fields["what"].text == TYPED


def test_a_draft_that_no_key_opens_is_named_as_that(desk: Desk, visits: Visits) -> None:
    reference = screened(desk)
    key = f"incident-{reference}"
    visit = visits(desk.coordinator, Place.CASE, reference).open("record-incident")
    visit.type(f"{key}-what", TYPED)
    engine = desk.runtime._engine
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE draft SET content = substr(content, 1, 40)")
    again = visits(desk.coordinator, Place.CASE, reference).open("record-incident")
    assert "Your earlier draft cannot be opened" in again.words
    assert again.typed(f"{key}-what") == ""


@pytest.mark.asked_again
def test_the_same_incident_a_moment_later_is_asked_about_and_recorded_once_a_person_says_so(
    desk: Desk, visits: Visits
) -> None:
    reference = screened(desk)
    key = f"incident-{reference}"

    def filled_in() -> Visit:
        visit = visits(desk.coordinator, Place.CASE, reference).open("record-incident")
        visit.type(f"{key}-what", TYPED)
        visit.app.selectbox(key=f"{key}-kind").set_value(IncidentKind.FOLLOWING)
        visit.app.selectbox(key=f"{key}-channel").set_value(Channel.IN_PERSON)
        visit.app.text_input(key=f"{key}-when").set_value("01/03/2026")
        return visit

    def recorded() -> list[str]:
        there = view_case(desk.context(desk.coordinator), reference=reference).incidents
        return [each.reference for each in there if each.kind is IncidentKind.FOLLOWING]

    filled_in().finish(f"{key}-save")
    (first,) = recorded()
    visit = filled_in().press(f"{key}-save")
    assert f"You recorded the same less than a minute ago, as {first}." in visit.words
    assert recorded() == [first]
    assert visit.typed(f"{key}-what") == TYPED
    visit.press(f"another-than-{first}").finish(f"{key}-save")
    assert len(recorded()) == 2
