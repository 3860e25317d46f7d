"""An advocate records a knife on a case that got advice months ago: its people have the alarm at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, Served, case_page, settle
from tests.browser.test_access_for_all import COLOURS, faults

pytestmark = pytest.mark.browser


def test_a_knife_reaches_chair_coordinator_and_officer_and_the_case_is_stepped_up_in_three_clicks(
    sign_in: Opens, served: Served
) -> None:
    reference = served.cases.advised
    advocate = case_page(sign_in, "advocacy-worker", reference)
    band = advocate.locator(".band")
    expect(band).to_contain_text("Nothing new since the advice of")
    expect(band).to_contain_text("Not decided: no conference is to come.")
    _record_knife(advocate)
    expect(band).to_contain_text("New since the advice of")
    pages = {who: case_page(sign_in, who, reference) for who in ("police-worker", "zhe", "cora")}
    for who, page in pages.items():
        expect(page.locator(".band[role=alert]")).to_contain_text("Weapon")
        expect(page.locator(".band")).to_contain_text("“A knife at the gate, 21:10”")
        expect(page.locator(".band")).to_contain_text("Not acknowledged, due by")
        may_act = page.get_by_role("button", name="Acknowledge alarm")
        expect(may_act).to_have_count(0 if who == "police-worker" else 1)
    coordinator = pages["cora"]
    assert faults(coordinator, COLOURS, within=".st-key-band-alarm") == []
    coordinator.locator(".st-key-band-alarm").get_by_role("button", name="Step up").click()
    dialog = coordinator.get_by_role("dialog")
    settle(coordinator)
    dialog.get_by_label("Reason").fill("A knife was shown.")
    dialog.get_by_role("button", name="Confirm").click()
    expect(coordinator.get_by_text(f"{reference} is stepped up. Agencies are asked next.")).to_be_visible()
    expect(coordinator.locator(".band")).to_contain_text("Weapon")  # until the panel has decided
    expect(coordinator.get_by_role("button", name="Step up")).to_have_count(0)


def _record_knife(page: Page) -> None:
    """Record a threat: its form asks whether there was a weapon."""
    page.get_by_role("button", name="Record incident").click()
    dialog = page.get_by_role("dialog")
    settle(page)
    dialog.get_by_role("combobox", name="Kind of incident").click()
    page.get_by_role("option", name="Threat", exact=True).click()
    weapon = dialog.get_by_role("radiogroup", name="Weapon")
    weapon.get_by_text("Yes", exact=True).click()
    expect(dialog.get_by_text("This raises an alarm")).to_be_visible()
    dialog.get_by_label("What happened").fill("A knife at the gate, 21:10.")
    dialog.get_by_role("button", name="Record incident").click()
    expect(dialog).to_have_count(0)
