"""An analyst's tasks on the Links page in a real browser: each within its clicks.

Every run has one task of each kind: a name, a path, a gesture, the way back, a narrow screen. Those marked
"full" are made of the same parts; every run has their acts without a browser (tests/dashboard/views/links).
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opens, Served, settle

pytestmark = pytest.mark.browser
_GRAPH = ".canvas[data-drawn]"
_BOX = "[class*=st-key-search-box-links]"


class Clicks:
    """Counts what a person presses; typing counts nothing."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def ask(self, text: str) -> None:
        """Type into the box and press Search."""
        self.page.locator(f"{_BOX} input").fill(text)
        self.press(self.page.locator(f"{_BOX} button"))

    def press(self, what: Locator) -> None:
        """Press it, and wait until the page has answered."""
        what.click()
        self.number += 1
        settle(self.page)


@pytest.fixture
def clicks(sign_in: Opens) -> Clicks:
    """The coordinator's Links page; an analyst's is the same without names."""
    return links_page_of(sign_in)


def links_page_of(sign_in: Opens, *, new: bool = False) -> Clicks:
    page = sign_in("cora", "/links", new=new)
    expect(page.locator("h1")).to_have_text("Links")
    settle(page)
    return Clicks(page)


def test_from_a_name_to_its_neighbourhood_in_2_clicks(clicks: Clicks) -> None:
    clicks.ask("Rex Yarn")
    clicks.press(clicks.page.locator("[class*=st-key-links-from-] button").first)
    expect(clicks.page.locator(_GRAPH)).to_be_visible()
    expect(clicks.page.get_by_role("rowheader", name="Rex Yarn").first).to_be_visible()
    assert clicks.number == 2
    assert "Rex" not in clicks.page.url


def test_from_two_names_to_their_path_in_at_most_3_clicks(clicks: Clicks) -> None:
    page = clicks.page
    clicks.ask("path from Daniel Roe to Rex Yarn")
    for side in (0, 1):
        choices = page.locator(f"[class*=st-key-links-end-{side}-] button:enabled")
        if choices.count() and not page.locator(_GRAPH).count():
            clicks.press(choices.first)
    expect(page.get_by_role("heading", name="Evidence against it")).to_be_visible()
    expect(page.locator("ol.path-steps li").last).to_contain_text("Rex Yarn")
    assert clicks.number <= 3


def test_a_period_is_drawn_over_the_timeline_in_1_gesture_and_taken_back(
    sign_in: Opens, served: Served
) -> None:
    page = sign_in("cora", f"/links?ref={served.cases.rich}")
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    chart = page.locator("[class*=st-key-links-timeline] .marks").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + 36, steps=5)
    page.mouse.up()
    expect(page.get_by_role("button", name="All dates")).to_be_enabled()
    expect(page.get_by_text("left out by time")).to_be_visible()
    page.get_by_role("button", name="All dates").click()
    expect(page.get_by_text("left out by time")).to_have_count(0)


@pytest.mark.full
def test_communities_are_coloured_in_2_clicks_and_an_alert_is_saved_in_2(
    sign_in: Opens, served: Served
) -> None:
    page = sign_in("cora", f"/links?ref={served.cases.linked}")
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    clicks = Clicks(page)
    clicks.press(
        page.locator(
            "[class*=st-key-links-colour-] [role=combobox], [class*=st-key-links-colour-] input"
        ).last
    )
    clicks.press(page.get_by_role("option", name="community"))
    expect(page.get_by_text("Colour and number in brackets: community")).to_be_visible()
    assert clicks.number == 2
    clicks = Clicks(page)
    clicks.press(page.get_by_role("button", name="Save search"))
    page.get_by_label("Reason, in one line").and_(page.locator("input:visible")).fill(
        "The phone may be passed on."
    )
    clicks.press(page.get_by_role("dialog").get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("The search is saved.")).to_be_visible()
    assert clicks.number == 2


@pytest.mark.full
def test_a_map_is_exported_in_3_clicks_and_a_pattern_shows_the_evidence_against_it_in_2(
    sign_in: Opens, served: Served
) -> None:
    page = sign_in("cora", f"/links?ref={served.cases.linked}")
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    clicks = Clicks(page)
    clicks.press(page.locator("[class*=st-key-links-pattern] [role=combobox]").first)
    clicks.press(page.get_by_role("option").first)
    expect(page.get_by_text("Evidence against it").first).to_be_visible()
    assert clicks.number == 2
    clicks = Clicks(page)
    clicks.press(page.locator(".st-key-links-export button"))
    reason = page.get_by_label("Reason, in one line").and_(page.locator("textarea:visible"))
    reason.fill("For the conference.")
    clicks.press(page.get_by_role("button", name="Create file"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download file").or_(
            page.get_by_role("link", name="Download file")
        ).first.click()
    assert download.value.suggested_filename
    assert clicks.number + 1 == 3


def test_the_dialog_of_caption_and_note_is_on_top_on_a_phone_and_escape_closes_it(
    sign_in: Opens, served: Served
) -> None:
    page = sign_in("cora", f"/links?ref={served.cases.linked}")
    page.set_viewport_size({"width": 320, "height": 900})
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Caption and note").click()
    field = page.get_by_label("Caption of the map")
    field.click()  # Playwright clicks only what nothing covers
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.full
def test_that_a_map_is_not_shared_any_more_is_confirmed_and_the_dialog_closes(
    sign_in: Opens, served: Served
) -> None:
    page = sign_in("zhe", f"/links?ref={served.cases.linked}")
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Save this map").click()
    page.get_by_label("Name (only you see it)").fill("Shared for a while")
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The map is saved.")).to_be_visible()
    page.get_by_role("combobox", name="Saved maps").fill("Shared for")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    share = page.get_by_role("button", name="Share", exact=True).first
    share.click()
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(dialog.get_by_text("share with: choose a person")).to_be_visible()
    dialog.get_by_role("combobox", name="Share with").fill("Cora")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_text("is shared.")).to_be_visible()
    share.click()
    stop = dialog.get_by_role("button", name="Stop sharing")
    expect(stop).to_be_visible()
    _stop_in_another_tab(page)
    stop.click()
    expect(dialog.get_by_text("you cannot view shared search or map")).to_be_visible()
    dialog.get_by_role("combobox", name="Share with").fill("Cora")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_text("is shared.")).to_be_visible()
    share.click()
    stop.click()
    expect(page.get_by_text("It is not shared any more.")).to_be_visible()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The saved map is deleted.")).to_be_visible()


def _stop_in_another_tab(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    settle(other)
    other.get_by_role("combobox", name="Saved maps").fill("Shared for")
    other.keyboard.press("Enter")
    other.get_by_role("button", name="Share", exact=True).first.click()
    other.get_by_role("dialog").get_by_role("button", name="Stop sharing").click()
    expect(other.get_by_text("It is not shared any more.")).to_be_visible()
    other.close()


@pytest.mark.full
def test_a_refresh_draws_the_path_again_that_was_asked_for_by_a_name(clicks: Clicks, served: Served) -> None:
    page = clicks.page
    clicks.ask("Rex Yarn")
    clicks.press(page.locator("[class*=st-key-links-from-] button").first)
    expect(page.get_by_role("rowheader", name="Nadia Ode").first).to_be_visible()
    first = page.url
    assert first.startswith(f"{served.address}/links?ref=P-")
    clicks.ask("path to Daniel Roe")
    for choice in page.locator("[class*=st-key-links-end-1-] button:enabled").all()[:1]:
        clicks.press(choice)
    expect(page.locator("ol.path-steps")).to_be_visible()
    assert page.url.startswith(f"{first}&end=P-")
    page.reload()
    expect(page.locator("ol.path-steps li").first).to_contain_text("Rex Yarn")
    expect(page.locator("[data-testid=stTopNavLink]").get_by_text("Case", exact=True)).to_have_count(0)


def test_back_shows_a_map_as_it_was_left_and_then_the_page_without_a_map(clicks: Clicks) -> None:
    page = clicks.page
    clicks.ask("Rex Yarn")
    clicks.press(page.locator("[class*=st-key-links-from-] button").first)
    expect(page.locator(_GRAPH)).to_be_visible()
    first = page.url
    clicks.press(page.get_by_role("combobox", name="Selected item"))
    clicks.press(page.get_by_role("option", name="Nadia Ode"))
    clicks.press(page.get_by_role("button", name="Hide", exact=True))
    expect(page.get_by_text("1 item hidden by you.")).to_be_visible()
    clicks.press(page.get_by_role("combobox", name="Selected item"))
    clicks.press(page.get_by_role("option", name="Daniel Roe"))
    clicks.press(page.get_by_role("button", name="Start here"))
    expect(page.get_by_text("1 item hidden by you.")).to_have_count(0)
    assert page.url != first
    page.go_back()
    expect(page.get_by_text("1 item hidden by you.")).to_be_visible()
    assert page.url == first
    page.go_back()
    expect(page.get_by_text("No map yet.")).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("1 item hidden by you.")).to_be_visible()


@pytest.mark.full
def test_a_link_to_the_page_as_such_leaves_the_map_on_it(clicks: Clicks, served: Served) -> None:
    page = clicks.page
    page.goto(f"{served.address}/links?ref={served.cases.rich}")
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    clicks.press(page.get_by_role("link", name="Cases", exact=True))
    expect(page.locator("h1")).to_have_text("Cases")
    page.evaluate(  # as a line of the worklist leads there, by the shell's own way
        "()=>{const a=document.createElement('a');a.className='go';a.href='./links';document.body.append(a);"
        "a.click()}"
    )
    expect(page.locator("h1")).to_have_text("Links")
    settle(page)
    expect(page.locator(_GRAPH)).to_be_visible()


def test_the_navigation_to_a_map_is_one_step_and_no_step_has_another_page(
    sign_in: Opens, served: Served
) -> None:
    clicks = links_page_of(sign_in, new=True)  # a browser counts no more than 50 steps of a page
    page = clicks.page
    clicks.ask("Rex Yarn")
    clicks.press(page.locator("[class*=st-key-links-from-] button").first)
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)  # the address may come after the graph
    drawn = page.url
    clicks.press(page.get_by_role("link", name="Cases", exact=True))
    expect(page.locator("h1")).to_have_text("Cases")
    expect(page).to_have_url(f"{served.address}/cases")  # may come after the heading, and is the step counted
    steps = page.evaluate("history.length")
    clicks.press(page.get_by_role("link", name="Links", exact=True))
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    assert (page.url, page.evaluate("history.length")) == (drawn, steps + 1)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Cases")
    settle(page)
    assert page.url == f"{served.address}/cases"
    page.go_forward()
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    assert page.url == drawn
    for without in ("null, ''", "null, '', null", "null, '', undefined"):
        page.evaluate(f"history.pushState({without})")
        assert page.url == drawn, "a step without an address has that of the page"
