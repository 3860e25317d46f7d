"""Dialogs of a conference's item with two people, and with two tabs of one person, at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.domain.conference.risk import Attendance
from engine.domain.conference.room import RoomShows
from engine.services.cases.views import view_case
from engine.services.conference import decisions, session
from engine.services.conference.room import open_room
from tests.browser.conftest import HIGH, WIDE, settle
from tests.browser.test_conference import PEOPLE, Morning, as_user, build, everyone_is_here, opened, press
from tests.browser.test_conference_story import DISSENT, SUMMARY
from tests.browser.test_drafts import Unit
from tests.builders import a_decision

pytestmark = pytest.mark.browser
BEYOND = """()=>[...document.querySelectorAll('.sides td')]
 .filter(cell=>cell.getBoundingClientRect().right>innerWidth).length"""
"""How many cells of the agencies' views end beyond the window."""


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    """A conference in session, whose first item is on the screen and decided with everyone in the room."""
    home = tmp_path_factory.mktemp("dialogs") / "home"
    conference, cases = build(home, PEOPLE[:2], differ=())
    unit = Unit(home, cases[0], {})
    there = Morning(unit, conference, cases)
    with as_user(there, "zhe") as chair:
        session.start_conference(chair, conference=conference)
    with everyone_is_here(there) as taker:
        open_room(taker, conference=conference, shows=RoomShows.VIOLENCE)
    with as_user(there, "zhe") as chair:
        session.turn_to(chair, conference=conference, turn=session.Turn.NEXT)
        coming = chair.clock.today() + timedelta(days=28)
        attended = [Attendance(agency=code, who="A. Person") for code in ("police", "advocacy")]
        decision = a_decision(attendance=attended, review_on=coming.isoformat())
        decisions.decide(chair, reference=cases[0], decision=decision)
    unit.start()
    yield there
    unit.kill()


def another_tab(page: Page, morning: Morning) -> Page:
    """The same page in a second tab of the same person."""
    tab = page.context.new_page()
    tab.goto(morning.address)
    expect(tab.locator("h1")).to_contain_text("1. Stalking of")
    settle(tab)
    return tab


def test_of_two_who_act_in_one_item_nothing_is_lost_and_the_second_reads_one_sentence(
    browser: Browser, decided: Morning
) -> None:
    case = decided.cases[0]
    chair = opened(browser, decided, "zhe")
    chair.set_viewport_size({"width": 390, "height": HIGH})
    settle(chair)
    assert chair.locator(".sides td[data-head]").count() >= 16
    assert chair.evaluate(BEYOND) == 0, "each domain of each agency is in a narrow window"
    chair.set_viewport_size({"width": WIDE, "height": HIGH})
    settle(chair)
    tab = another_tab(chair, decided)
    advocate = opened(browser, decided, "advocacy-worker")
    own = another_tab(advocate, decided)

    # the list of whom the chair asks is open in two tabs, and an agency answers meanwhile
    for each in (chair, tab):
        press(each, "Dissent asked aloud: none voiced")
        expect(each.get_by_role("dialog")).to_contain_text("Victim advocacy")
    advocate.get_by_label(DISSENT).fill("The victim fears the anniversary.")
    advocate.keyboard.press("Tab")
    settle(advocate)
    own.get_by_label(DISSENT).fill("It is too late for")
    own.keyboard.press("Tab")
    settle(own)
    press(advocate, "Record dissent")
    expect(advocate.get_by_text("Dissent is recorded for your agency.")).to_be_visible()
    press(own, "State no dissent")
    expect(own.get_by_text("your agency recorded its dissent from this decision; it stays")).to_be_visible()
    expect(own.get_by_label(DISSENT)).to_have_value("It is too late for")
    press(chair, "Record that you asked")
    refused = "advocacy: left the room, or its position is recorded; open the list again"
    expect(chair.get_by_text(refused)).to_be_visible()
    chair.keyboard.press("Escape")
    chair.goto(decided.address)
    settle(chair)
    press(chair, "Dissent asked aloud: none voiced")
    expect(chair.get_by_role("dialog")).not_to_contain_text("Victim advocacy")
    press(chair, "Record that you asked")
    expect(chair.get_by_text("It is recorded that you asked aloud")).to_be_visible()
    press(tab, "Record that you asked")
    expect(tab.get_by_text("left the room, or its position is recorded")).to_be_visible()

    # two tabs amend one version
    for each in (chair, tab):
        each.goto(decided.address)
        settle(each)
        press(each, "Amend the decision")
        each.get_by_label("Reason for the amendment").fill("A slip.")
    chair.get_by_role("dialog").get_by_label(SUMMARY).fill("As corrected by one tab.")
    chair.keyboard.press("Tab")
    settle(chair)
    tab.get_by_role("dialog").get_by_label(SUMMARY).fill("As corrected by the other.")
    tab.keyboard.press("Tab")
    settle(tab)
    for each in (chair, tab):
        press(each, "Review the amendment")
    press(chair, "Record the amendment")
    expect(chair.get_by_text("Version 2 of the decision is recorded.")).to_be_visible()
    press(tab, "Record the amendment")
    expect(tab.get_by_text("was made on version 1 and was not recorded")).to_be_visible()
    press(tab, "Change it")
    field = tab.get_by_role("dialog").get_by_label(SUMMARY)
    expect(field).to_have_value("As corrected by the other.")

    with as_user(decided, "zhe") as context:
        decision = view_case(context, reference=case).decision
        assert decision is not None
        assert (decision.version, decision.summary) == (2, "As corrected by one tab.")
        said = {each.agency: each.in_words for each in decision.positions}
        aloud = "no dissent voiced when asked aloud by zhe"
        assert said == {"advocacy": "dissent", "police": aloud, "probation": aloud, "health": aloud}
        assert [each.reasons for each in decision.dissent] == ["The victim fears the anniversary."]
    for page in (chair, advocate):
        page.context.close()
