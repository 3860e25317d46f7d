"""A referral file is sent from a real browser, and the page says what became of it, row by row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.services.referrals.files import referral_template
from tests.browser.conftest import Opens, Served, settle

pytestmark = pytest.mark.browser


def send(page: Page, name: str, content: bytes) -> None:
    page.get_by_label(re.compile("Referral file")).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Import file").click()


def test_a_file_is_taken_in_and_its_rows_are_told(sign_in: Opens, served: Served, tmp_path: Path) -> None:
    head, row, *_ = referral_template("csv").decode("utf-8-sig").splitlines()
    spoilt = re.sub(r"\d{4}-\d{2}-\d{2}", "31 February", row, count=1)
    page = sign_in("cora", "/import")
    expect(page.locator("h1")).to_have_text("Import referrals")
    send(page, "../../main.py", "\n".join([head, row, spoilt]).encode())
    expect(page.get_by_text("1 accepted, 0 corrected, 0 unchanged, 1 rejected")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Row 3")).to_be_visible()
    assert not list((served.home / "uploads").iterdir())
    settle(page)
    page.get_by_label(re.compile("Referral file")).set_input_files(
        {"name": "again.csv", "mimeType": "text/csv", "buffer": b"one"}
    )
    page.get_by_label("Referring agency").fill("harbour-police")
    page.get_by_label("Referring agency").press("Enter")
    page.wait_for_timeout(400)
    expect(page.get_by_role("button", name="Import file")).to_be_enabled()
    expect(page.get_by_text("1 accepted, 0 corrected, 0 unchanged, 1 rejected")).to_be_visible()
    send(page, "script.csv", b"<script>document.title='taken'</script>")
    expect(page.get_by_text("Nothing was imported.")).to_be_visible()
    expect(page).not_to_have_title("taken")
