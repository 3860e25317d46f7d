"""The one search box: what it answers, to whom, and that nothing typed enters the address."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.people.persons import Thing, ThingKind
from tests.builders import SAFE_PHONE, Desk
from tests.dashboard.visits import Visit, Visits, screened

CAR = Thing(kind=ThingKind.VEHICLE, value="AB12 CDE")


def searched(visit: Visit, typed: str, box: str = "page") -> Visit:
    visit.app.text_input(key=f"search-text-{box}").set_value(typed)
    return visit.press(f"search-ask-{box}")


def test_a_name_is_answered_with_a_reference_on_what_it_matched_and_whom_to_ask(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    visit = searched(visits(desk.coordinator, Place.SEARCH), "Daniel Roe")
    assert f"Stalking of Amira K., alleged: Daniel R. {reference} The same name" in visit.words
    assert "You can view it" in visit.words
    outsider = searched(visits(desk.add("pat", Role.PRACTITIONER, "harbour"), Place.SEARCH), "Daniel Roe")
    assert f"{reference} The same name The coordinator none" in outsider.words
    assert "Amira" not in outsider.words
    assert "ref" not in outsider.app.query_params


def test_a_plate_finds_the_case_and_a_victim_s_number_is_sent(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk, perpetrator_things=(CAR,))
    visit = searched(visits(workers["harbour"], Place.SEARCH), "ab12 cde")
    assert f"Stalking of Amira K., alleged: Daniel R. {reference} The vehicle's plate" in visit.words
    searched(visit, SAFE_PHONE)
    assert reference not in visit.words
    assert "Sent to the coordinator" in visit.words


def test_what_is_refused_says_why_and_leaves_no_earlier_answer(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    visit = searched(visits(desk.coordinator, Place.SEARCH), "Daniel Roe")
    assert reference in visit.words
    searched(visit, "Daniel*")
    assert "wildcards are not used" in visit.words
    assert reference not in visit.words


def test_the_box_is_led_to_from_every_page_of_those_who_may_search(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    link = 'class="go to-search"'
    for user in (desk.chair, desk.add("ana", Role.ANALYST)):
        assert f'href="./search" target="_self" {link}' in visits(user, Place.CASES).source
    assert link not in visits(desk.add("max", Role.MANAGER), Place.OUTCOMES).source
