"""The search box by keyboard, the path that it ends, and how much of a case fits on two screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HIGH, Opens, Served, case_page, settle
from tests.browser.test_access_for_all import faults

pytestmark = pytest.mark.browser
_BOX_HAS_FOCUS = "()=>document.activeElement.matches('[class*=st-key-search-box] input')"


def sideways(page: Page) -> int:
    """How far the page scrolls sideways."""
    script = "()=>{const m=document.querySelector('[data-testid=stMain]');return m.scrollWidth-m.clientWidth}"
    return int(page.evaluate(script))


@pytest.mark.parametrize(  # every run has narrow screens elsewhere, and the box is the same
    "width", [1440, pytest.param(320, marks=pytest.mark.full)]
)
def test_the_slash_key_leads_to_the_box_and_nothing_typed_is_in_the_address_or_the_title(
    sign_in: Opens, served: Served, width: int
) -> None:
    page = sign_in("cora", "/cases", size=(width, HIGH))
    expect(page.locator("h1")).to_be_visible()
    settle(page)
    page.keyboard.press("/")
    page.wait_for_function(_BOX_HAS_FOCUS)
    page.keyboard.type("Daniel Roe/")
    expect(page.locator("[class*=st-key-search-box] input")).to_have_value("Daniel Roe/")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The same name").first).to_be_visible()
    settle(page)
    assert page.url == f"{served.address}/search"
    assert "Daniel" not in page.title()
    assert faults(page) == []
    assert sideways(page) <= 0


def test_a_second_search_draws_the_path_to_it_step_by_step(sign_in: Opens, served: Served) -> None:
    page = sign_in("cora", f"/links?ref={served.cases.rich}", scheme="dark")
    expect(page.locator(".canvas[data-drawn]")).to_be_visible()
    page.keyboard.press("/")
    page.wait_for_function(_BOX_HAS_FOCUS)
    page.keyboard.type("Rex Yarn")
    page.keyboard.press("Enter")
    page.locator("[class*=st-key-links-to-] button").click()
    expect(page.get_by_text("Evidence against it")).to_be_visible()
    expect(page.locator("ol.path-steps li").last).to_contain_text("Rex Yarn")
    settle(page)
    assert "Rex" not in page.url
    assert faults(page) == []
    page.get_by_role("button", name="Back to the map").click()
    expect(page.get_by_text("Links as a table")).to_be_visible()


FACTS = 136  # four lines of facts and the acts of the person below the band
TAG = 16
"""A second line of a tag in a cell, so that it covers nothing beside it."""
RESPONSIBLE = 40
"""The line of the head with the officer in the case, the case holder and the lead agency."""
BAND = 110
"""The pixels of the band above: what is new and what is late comes before the decision."""


def test_a_case_is_on_two_screens_with_its_plan_and_decision_on_the_first(
    sign_in: Opens, served: Served
) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    whole = page.evaluate("()=>document.querySelector('[data-testid=stMain]').scrollHeight")
    decision = page.locator("#decision").bounding_box()
    assert decision is not None
    assert decision["y"] < HIGH + RESPONSIBLE + BAND + FACTS + TAG
    assert whole <= 2 * (HIGH + RESPONSIBLE + BAND + FACTS + TAG)
