"""Two days at work in a real browser: a practitioner's morning, and ten minutes of a manager."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, Served, settle

pytestmark = pytest.mark.browser

LATE, DUE = "Phone download and contact analysis", "Apply for the full order before the interim one ends"


def lead(page: Page) -> str:
    """The sentence under the heading."""
    return page.locator("p.lead").inner_text()


@pytest.mark.full  # every run has a manager's day here, and this morning without a browser in tests/stories
def test_a_practitioners_morning(sign_in: Opens, served: Served) -> None:
    # 08:40. Chike Okafor signs in and arrives at what he has to do: the late action first.
    page = sign_in("police-worker")
    expect(page.locator("h1")).to_have_text("My actions")
    settle(page)
    before = lead(page)
    assert "1 is overdue" in before
    expect(page.locator("h2").first).to_have_text("Overdue")
    expect(page.locator("[class*=st-key-action-late-]").first).to_contain_text(LATE)

    # He reports on it in two presses, from the keyboard, and reads that it is saved.
    late = page.locator("[class*=st-key-action-late-]").filter(has_text=LATE)
    late.get_by_role("button", name=re.compile("Report")).press("Enter")
    settle(page)
    page.get_by_role("button", name="In progress", exact=True).press("Enter")
    saved = page.get_by_role("status").filter(has_text="Saved")
    expect(saved).to_contain_text(LATE)
    expect(saved).to_contain_text("is in progress")

    # It was another action that he meant: he takes it back, and nothing is lost.
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("Your report is undone.")).to_be_visible()
    settle(page)
    assert lead(page) == before

    # A case that he is on, and back again: the list is as he left it, and no name came into the address.
    page.locator("[class*=st-key-action-late-]").get_by_role("link", name=served.cases.rich).first.click()
    expect(page.locator("h1")).to_contain_text("Stalking of Amira K.")
    page.go_back()
    expect(page.locator("h1")).to_have_text("My actions")
    settle(page)

    # All of the agency's actions, only the overdue ones: two codes in the address, which survive a refresh.
    page.get_by_text("My agency's actions", exact=True).click()
    settle(page)
    page.get_by_text("Overdue only").click()
    expect(page).to_have_url(re.compile("overdue=yes"))
    settle(page)
    page.reload()
    expect(page.locator("table.plans")).to_contain_text(LATE)
    expect(page.locator("table.plans")).not_to_contain_text(DUE)
    assert set(re.findall(r"[?&](\w+)=", page.url)) == {"list", "overdue"}
    assert not re.search("Amira|Okafor|Daniel", page.url + page.title())


def test_a_managers_ten_minutes(sign_in: Opens, served: Served) -> None:
    # Max opens the app: no release of outcomes is made yet, and when the first is due.
    page = sign_in("max")
    expect(page.locator("h1")).to_contain_text("Outcomes")
    expect(page.get_by_text("No release yet")).to_be_visible()

    # He goes on to the plans: every plan in figures, with no name.
    page.get_by_role("link", name="Plans", exact=True).click()
    expect(page.locator("h1")).to_have_text("Plans")
    settle(page)
    assert "overdue, on" in lead(page)
    expect(page.get_by_role("heading", name="Progress by agency")).to_be_visible()

    # What is overdue, by the link in the strip of weeks; then one agency of those, by its name.
    page.get_by_role("link", name="Overdue", exact=True).click()
    expect(page).to_have_url(re.compile("due=overdue"))
    settle(page)
    expect(page.locator("table.plans")).to_contain_text(served.cases.rich)
    expect(page.locator("table.plans")).to_contain_text("overdue")
    page.get_by_role("link", name="Police", exact=True).click()
    expect(page).to_have_url(re.compile("agency=police"))
    settle(page)

    # He takes the table along; neither the page nor the file has a person in it.
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download CSV").click()
    file = taken.value.path().read_text("utf-8-sig")
    assert taken.value.suggested_filename == "plans.csv"
    assert served.cases.rich in file
    for name in ("Amira", "Daniel", "Okafor", "Mbeki", "Phone download"):
        assert name not in file
        expect(page.locator("body")).not_to_contain_text(name)

    # A case is not his to open: its reference leads nowhere, and its address is that of no page.
    expect(page.get_by_role("link", name=served.cases.rich)).to_have_count(0)
    page.goto(f"{served.address}/case?ref={served.cases.rich}")
    settle(page)
    expect(page.locator("body")).not_to_contain_text("Amira")
