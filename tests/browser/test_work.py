"""The work in a real browser: screening by keyboard, release in two clicks, the plan, the conference."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.domain.cases.lifecycle import State
from engine.domain.plans.actions import PlanGiven, PlannedAction, Side
from engine.runtime import open_runtime
from engine.services.accounts.users import find_user
from engine.services.cases.views import view_case
from engine.services.plans.versions import make_plan
from tests.browser.conftest import NO_PAGE, Opens, Served, case_page, open_part, settle

pytestmark = pytest.mark.browser


def test_an_advice_case_is_screened_by_keyboard_alone_within_a_minute(sign_in: Opens, served: Served) -> None:
    page = sign_in("cora", f"/screening?ref={served.cases.plain}")
    expect(page.locator("h1")).to_have_text(f"Screen {served.cases.plain}")
    settle(page)
    began = time.monotonic()
    for question in ("Fixated", "Obsessive", "Unwanted", "Repeated"):
        _tab_to(page, f"{question}: ")
        page.keyboard.press("Space")
        page.wait_for_timeout(250)
    _tab_to(page, "1")
    page.keyboard.press("Space")
    page.wait_for_timeout(250)
    _tab_to(page, "Outcome")
    page.keyboard.press("Space")
    expect(page.get_by_label("Advice in your own words")).to_be_visible()
    _tab_to(page, "Reason, in one line")
    page.keyboard.type("Two contacts by an acquaintance; advice to the officer is enough.")
    page.keyboard.press("Tab")
    settle(page)
    page.keyboard.press("Control+Enter")  # with which a text area takes what was typed: it saves nothing
    settle(page)
    expect(page.locator("h1")).to_have_text(f"Screen {served.cases.plain}")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("h1")).to_have_text(f"Screened: {served.cases.plain}")
    assert time.monotonic() - began < 60
    expect(page.get_by_test_id("stCode")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text(f"Screen {served.cases.alarming}")


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is named so; backwards is never needed."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUS).startswith(name):
            return
    raise AssertionError(f"Tab never came to '{name}'")


NAME_OF_FOCUS = """()=>{let f=document.activeElement;
 while(f&&f.shadowRoot)f=f.shadowRoot.activeElement;if(!f)return '';
 const group=f.closest('[role=radiogroup]');
 return (group&&group.getAttribute('aria-label'))||f.getAttribute('aria-label')||(f.labels&&f.labels[0]
  &&f.labels[0].innerText)||f.innerText||''}"""


def test_a_prepared_answer_is_released_in_two_clicks(sign_in: Opens, served: Served) -> None:
    page = sign_in("health-worker")
    expect(page.locator("h1")).to_contain_text("My actions")
    expect(page.get_by_text("Response awaiting your release")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Review and release").click()
    expect(page.get_by_role("dialog")).to_contain_text("No one outside your agency has seen it.")
    settle(page)
    assert page.evaluate("document.activeElement.tagName") != "BUTTON"  # Enter would release it unread
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(page.get_by_text(f"Released: {served.cases.prepared}")).to_be_visible()
    expect(page.get_by_text("Response awaiting your release")).to_have_count(0)


def test_opening_the_conference_shows_every_agencys_levels(sign_in: Opens, served: Served) -> None:
    officer = case_page(sign_in, "police-worker", served.cases.asking)
    expect(officer.get_by_text("Left work; afraid to go out alone.")).to_have_count(0)
    expect(officer.get_by_text("No weapon; one assault in 2019.")).to_be_visible()
    chair = case_page(sign_in, "zhe", served.cases.asking)
    expect(chair.get_by_text("Hidden until the chair opens the conference", exact=True)).to_have_count(12)
    expect(chair.locator("button[kind=primary]")).to_have_count(1)
    chair.get_by_role("button", name="Open conference").click()
    chair.get_by_role("dialog").get_by_role("button", name="Open conference").click()
    expect(chair.get_by_text("Left work; afraid to go out alone.")).to_be_visible()
    expect(chair.get_by_text("Differ by 2 levels")).to_be_visible()
    expect(chair.get_by_text("Hidden until the chair opens the conference")).to_have_count(0)
    officer.reload()
    expect(officer.get_by_text("Left work; afraid to go out alone.")).to_be_visible()


@pytest.mark.full  # every run has two savers without a browser (tests/dashboard/views/plans/test_editor.py)
def test_two_people_change_one_plan_and_neither_loses_a_word(sign_in: Opens, served: Served) -> None:
    reference = served.cases.planned
    page = case_page(sign_in, "zhe", reference)
    page.get_by_role("button", name="Edit plan").click()
    page.get_by_role("button", name="Edit", exact=True).click()
    owner = page.get_by_role("combobox", name="Owner", exact=True)
    owner.fill("Second Owner")
    owner.press("Enter")
    settle(page)
    page.get_by_label("Reason for the change").fill("The owner is on leave.")
    page.keyboard.press("Tab")
    settle(page)
    _save_behind(served, reference)
    page.get_by_role("button", name="Save plan").click()
    expect(page.get_by_text("Saved first")).to_be_visible()
    expect(page.get_by_text(re.compile(r"saved version \d+ on"))).to_be_visible()
    expect(page.get_by_text("Behind your back: call the court.")).to_be_visible()
    expect(page.get_by_label("Reason for the change")).to_have_value("The owner is on leave.")
    page.get_by_role("button", name="Save plan").click()
    expect(page.get_by_text("The plan is saved as version 3.")).to_be_visible()
    expect(page.get_by_role("button", name="Save plan")).to_have_count(0)
    actions = page.locator("ol.actions")
    expect(actions.filter(has_text="Second Owner")).to_be_visible()
    expect(actions.filter(has_text="Behind your back: call the court.")).to_be_visible()
    expect(page.get_by_text("The owner is on leave.")).to_be_visible()


def _save_behind(served: Served, reference: str) -> None:
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        acting = find_user(uow=runtime.uow, name="cora").acting()
        common: dict[str, Any] = {"context": runtime.context(acting), "reference": reference}
        view = view_case(**common)
        assert view.plan is not None
        assert view.state is State.IN_DELIVERY
        planned_actions = tuple(
            PlannedAction(
                what=action.what,
                agency=action.agency,
                owner=action.owner,
                due=action.due,
                serves=action.serves,
                side=action.side,
                reference=action.reference,
            )
            for action in view.plan.actions
        )
        added = PlannedAction(
            what="Behind your back: call the court.",
            agency=planned_actions[0].agency,
            owner="Cora",
            due=runtime.clock.today(),
            side=Side.VICTIM_SAFETY,
        )
        plan = PlanGiven(
            actions=(*planned_actions, added), reason="A call is needed.", base_version=view.plan.version
        )
        make_plan(**common, plan=plan, agencies=runtime.agencies.codes)


def test_the_rooms_screen_shows_initials_and_larger_type(sign_in: Opens, served: Served) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    before = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.get_by_text("Meeting view", exact=True).click()
    expect(page.locator("h1")).to_have_text(f"{served.cases.rich}: stalking of A.K., alleged: D.R.")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") > before
    expect(page.get_by_text("Amira")).to_have_count(0)


def test_the_case_bar_stays_and_no_link_on_the_page_moves_the_app_under_the_marking(
    sign_in: Opens, served: Served
) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    top = page.locator("h1").bounding_box()
    assert top is not None
    for name in ("Plan", "Incidents, links and more", "Formulation", "Plan", "Formulation"):
        page.get_by_label("On this page").get_by_role("link", name=name).click()
        page.wait_for_timeout(400)
        box = page.locator("h1").bounding_box()
        assert box is not None
        assert abs(box["y"] - top["y"]) < 12, name  # the bar settles by a few pixels where it sticks
        assert page.evaluate(_SCROLLED) == []
    box, heading = page.locator("h1").bounding_box(), page.locator("#formulation").bounding_box()
    assert box is not None
    assert heading is not None
    assert 26 < box["y"] < 150
    assert heading["y"] > box["y"] + box["height"]


_SCROLLED = """()=>[...document.querySelectorAll('html,body,#root,.stApp,[data-testid=stAppViewContainer]')]
 .filter(e=>e.scrollTop).map(e=>e.className||e.tagName)"""


def test_a_menu_closes_when_its_dialog_opens(sign_in: Opens, served: Served) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    page.get_by_role("button", name="Records and rights").click()
    page.get_by_role("button", name="Retention").click()
    expect(page.get_by_role("dialog").get_by_text("Retention", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def test_a_deep_link_asks_for_nothing_that_is_not_there(sign_in: Opens, served: Served) -> None:
    page = sign_in("zhe", NO_PAGE, new=True)
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{served.address}/case?ref={served.cases.rich}")
    expect(page.locator("h1")).to_contain_text("Stalking of")
    settle(page)
    page.get_by_role("link", name="Cases").click()
    expect(page.locator("h1")).to_contain_text("Cases")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Stalking of")
    assert refused == []


def test_every_incident_can_be_ticked_at_screening(sign_in: Opens, served: Served) -> None:
    page = sign_in("cora", f"/screening?ref={served.cases.many}")
    expect(page.locator("h1")).to_have_text(f"Screen {served.cases.many}")
    settle(page)
    rests = page.locator("[data-testid=stButtonGroup]").first
    frame = rests.bounding_box()
    assert frame is not None
    pills = rests.get_by_role("button").all()
    assert len(pills) == 14
    for pill in pills:
        box = pill.bounding_box()
        assert box is not None
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
        assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 1
    pills[-1].click()


def test_the_timeline_is_drawn_and_said_in_words(sign_in: Opens, served: Served) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    open_part(page, "Incidents and links")
    picture = page.locator(".stVegaLiteChart")
    expect(picture.locator("svg, canvas").first).to_be_visible()
    expect(page.get_by_label("Timeline of", exact=False).first).to_be_attached()
    page.get_by_text("Incidents as a table").click()
    expect(page.get_by_role("cell", name="Thirty-one calls.")).to_be_visible()


def test_the_facts_of_a_case_are_a_table_with_their_sources(sign_in: Opens, served: Served) -> None:
    page = case_page(sign_in, "zhe", served.cases.planned)
    expect(page.locator(".facts-line")).to_contain_text("custody: not known")
    open_part(page, "Facts in the order of time")
    table = page.locator("table.plain").filter(has_text="Reported by").first
    expect(table).to_contain_text("victim last reached: not recorded; custody: not known.")
    expect(page.get_by_role("button", name="Incident trends")).to_have_count(0)
    expect(page.get_by_text("p_permutation")).to_have_count(0)
