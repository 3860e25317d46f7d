"""Alarm topics of a response: asked where it is read, released or typed, and dealt with on the case page."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import CaseView
from engine.services.cases.views import view_case
from tests.builders import Desk, a_contribution, ask_all, let_answer
from tests.dashboard.views.responses.test_answer_by_hand import HOLDS, NOTHING, answering
from tests.dashboard.visits import Visit, Visits, asked, screened

WAYS = "Release, refuse and say why, or override for immediate danger"
ALARM = "Alarm, not decided by the panel"


def prepared(desk: Desk) -> str:
    """A case on which lantern's response waits for its release."""
    let_answer(desk, "lantern", a_contribution("A knife was seen."))
    reference = screened(desk)
    ask_all(desk, reference)
    return reference


def with_topic(desk: Desk, lantern: Acting, visits: Visits) -> tuple[str, Visit]:
    """The page of a case after lantern's practitioner answered a topic and released nothing."""
    reference = prepared(desk)
    visit = visits(lantern, Place.CASE, reference).open("read-and-release")
    visit.app.button_group(key=f"release-{reference}-1-topic-weapon").set_value(YesNo.YES)
    visit.run().finish(f"topics-{reference}")
    return reference, visit


def seen(desk: Desk, acting: Acting, reference: str) -> CaseView:
    return view_case(desk.context(acting), reference=reference)


def test_a_topic_of_a_prepared_response_is_on_the_page_of_its_own_people_alone(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference, visit = with_topic(desk, workers["lantern"], visits)
    assert "The alarm topics of your response" in visit.words
    page = visits(workers["lantern"], Place.CASE, reference)
    assert f"{ALARM}. Weapon" in page.words
    assert WAYS in page.words
    for acting in (desk.chair, desk.coordinator, workers["harbour"]):
        page = visits(acting, Place.CASE, reference)
        assert ALARM not in page.words
        assert WAYS not in page.words


def test_it_is_released_with_the_response(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = prepared(desk)
    visit = visits(workers["lantern"], Place.CASE, reference).open("read-and-release")
    visit.app.button_group(key=f"release-{reference}-1-topic-weapon").set_value(YesNo.YES)
    visit.run().finish(f"release-{reference}")
    page = visits(desk.chair, Place.CASE, reference)
    assert f"{ALARM}. Weapon" in page.words
    assert page.offers(f"take-up-{reference}")


@pytest.mark.parametrize("act", ["refuse", "disclose"])
def test_its_people_refuse_it_or_disclose_its_topics(
    desk: Desk, workers: dict[str, Acting], visits: Visits, act: str
) -> None:
    lantern = workers["lantern"]
    reference, _ = with_topic(desk, lantern, visits)
    (alarm,) = seen(desk, lantern, reference).alarms_since
    page = visits(lantern, Place.CASE, reference).open(f"{act}-{alarm.reference}")
    page.type(f"{act}-{alarm.reference}-why", "It is another person's knife.")
    again = visits(lantern, Place.CASE, reference).press(f"{act}-{alarm.reference}")
    assert again.typed(f"{act}-{alarm.reference}-why") == "It is another person's knife."
    if act == "refuse":
        again.open(f"{act}-{alarm.reference}").finish(f"{act}-{alarm.reference}-save")
    else:
        again.press(f"{act}-{alarm.reference}-save").press(f"{act}-{alarm.reference}-record")
    there = seen(desk, desk.chair, reference).alarms_since
    if act == "refuse":
        assert there == ()
        assert "is not shared" in again.words
        assert not again.offers(f"refuse-{alarm.reference}")
        return
    assert [each.disclosed_because for each in there] == ["It is another person's knife."]
    words = visits(desk.chair, Place.CASE, reference).words
    assert "disclosed it for immediate danger: It is another person's knife." in words
    assert "A knife was seen" not in words


def test_a_response_by_hand_asks_the_topics_before_it_is_released_and_a_nil_return_does_not(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"answer-{reference}"
    visit = answering(visits, workers["lantern"], reference, HOLDS)
    visit.app.text_input(key=f"{key}-matched").set_value("by name")
    visit.type(f"{key}-says-1", "A knife was seen.")
    visit.app.text_input(key=f"{key}-record-1").set_value("C-17")
    visit.app.text_input(key=f"{key}-kind-1").set_value("contact note")
    visit.press(f"{key}-holds-save")
    visit.app.button_group(key=f"{key}-0-topic-weapon").set_value(YesNo.YES)
    visit.press(f"{key}-record")
    assert [each.about for each in seen(desk, desk.chair, reference).alarms_since] == ["lantern 1"]
    nil = answering(visits, workers["harbour"], reference, NOTHING)
    nil.app.text_input(key=f"{key}-looked").set_value("register")
    nil.type(f"{key}-nil-says", "We searched and hold nothing.")
    nil.press(f"{key}-nothing-save")
    assert "Alarm topics in this response" not in nil.words
