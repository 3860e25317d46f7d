"""A network in a real browser: from two files to a drawn map in at most 6 clicks, and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens, Served, settle
from tests.browser.test_access_for_all import SIDEWAYS, faults

pytestmark = pytest.mark.browser
FILES = Path(__file__).parents[1] / "files" / "links"
TERMS = {
    "Your name for it": "Town",
    "Controller": "Harbour Police",
    "Purpose": "Task 12",
    "Lawful basis": "Law enforcement",
}


@pytest.mark.full  # every run uploads a file, draws a map, and has these steps without a browser
def test_from_two_csv_files_to_a_drawn_map_in_at_most_6_clicks(sign_in: Opens, served: Served) -> None:
    page = sign_in("cora", "/worklist")
    settle(page)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Networks").click()
    clicks = 2
    settle(page)
    expect(page.locator("h1")).to_have_text("Networks")
    assert faults(page) == []
    files = [str(FILES / "stalking-entities.csv"), str(FILES / "stalking-links.csv")]
    page.get_by_label(re.compile("Up to 28 files")).set_input_files(files)
    page.get_by_role("button", name="Send files").click()
    clicks += 2  # choosing files opens the browser's own window
    expect(page.get_by_text("Table 2: stalking-links.csv")).to_be_visible()
    settle(page)
    assert faults(page) == []
    for label, text in TERMS.items():
        page.get_by_label(re.compile(label)).fill(text)
    page.get_by_label(re.compile("Date of deletion")).fill("31 January 2027")
    page.get_by_role("button", name="Import network").click()
    clicks += 1
    expect(page.locator(".canvas[data-drawn]")).to_be_visible()
    settle(page)
    expect(page.locator("h1")).to_have_text("Town")
    expect(page.get_by_role("rowheader", name="Perpetua Toyson").first).to_be_visible()
    assert clicks <= 6
    assert "Toyson" not in page.url
    assert not list((served.home / "uploads").iterdir())
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    settle(page)
    page.wait_for_function(f"({SIDEWAYS})() <= 0")
    page.get_by_label("Id or part of a label").fill("Ola")
    page.get_by_role("button", name="Find").press("Enter")
    page.get_by_role("button", name="Show links").first.press("Enter")
    settle(page)
    first = page.get_by_role("rowheader").first
    expect(first).to_have_text("Ola Toyson")
    expect(page).to_have_url(re.compile(r"[?&]at=\d+$"))  # a number, as an id may be a name
    page.reload()
    expect(first).to_have_text("Ola Toyson")
    settle(page)
    page.go_back()
    expect(first).to_have_text("Perpetua Toyson")
    settle(page)
    page.go_forward()
    expect(first).to_have_text("Ola Toyson")


def test_what_cannot_be_read_is_one_sentence_and_the_page_goes_on(sign_in: Opens) -> None:
    page = sign_in("zhe", "/networks")
    settle(page)
    page.get_by_label(re.compile("Up to 28 files")).set_input_files(
        {"name": "gang.anb", "mimeType": "application/octet-stream", "buffer": b"chart"}
    )
    page.get_by_role("button", name="Send files").click()
    expect(page.get_by_text("an i2 chart (.anb) cannot be read")).to_be_visible()
    settle(page)
    expect(page.get_by_text("You have no networks.")).to_be_visible()
