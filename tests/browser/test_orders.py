"""Orders at a real keyboard: Enter and a double click record once or nothing, and a refresh loses nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.domain.orders.orders import OrderState
from engine.domain.orders.views import OrderView
from engine.runtime import open_runtime
from engine.services.accounts.users import find_user
from engine.services.orders.reading import orders_on_case
from tests.browser.conftest import Opens, Served, settle

pytestmark = pytest.mark.browser


def recorded(served: Served, reference: str) -> tuple[OrderView, ...]:
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        acting = find_user(uow=runtime.uow, name="zhe").acting()
        return orders_on_case(runtime.context(acting), reference=reference).orders


def dialog_of(page: Page, button: str) -> Locator:
    page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    settle(page)
    return dialog


def choose(page: Page, dialog: Locator, label: str, option: str) -> None:
    dialog.get_by_label(label).first.click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_an_order_is_recorded_and_served_once_each_at_the_keyboard(sign_in: Opens, served: Served) -> None:
    reference = served.cases.conferring
    path = f"/orders?of={reference}"
    page = sign_in("zhe", path)
    expect(page.get_by_role("heading", name="If police are called now")).to_be_visible()
    settle(page)
    before = len(recorded(served, reference))

    dialog = dialog_of(page, "Record order")
    dialog.get_by_role("button", name="Record order").click()  # an empty field
    expect(dialog.get_by_text(re.compile("made"))).not_to_have_count(0)
    made = dialog.get_by_label("Date made")
    made.fill("02/03/2026")
    made.press("Enter")
    settle(page)
    words = dialog.get_by_label(re.compile("court's own words"))
    words.fill("must not discuss the hearing online")
    expect(dialog.get_by_text("Draft saved")).to_be_visible()
    assert len(recorded(served, reference)) == before
    page.reload()
    expect(page.get_by_role("heading", name="If police are called now")).to_be_visible()
    settle(page)
    dialog = dialog_of(page, "Record order")
    expect(dialog.get_by_label("Date made")).to_have_value("02/03/2026")
    expect(dialog.get_by_label(re.compile("court's own words"))).to_have_value(
        "must not discuss the hearing online"
    )
    years = dialog.get_by_label("Years")
    years.fill("2")
    years.press("Tab")
    settle(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert len(recorded(served, reference)) == before
    dialog = dialog_of(page, "Record order")
    dialog.get_by_label("Years").fill("2")
    dialog.get_by_label("Years").press("Tab")
    settle(page)
    dialog.get_by_role("button", name="Record order").dblclick()
    expect(page.get_by_text("The order is recorded.")).to_be_visible()
    settle(page)
    there = recorded(served, reference)
    assert len(there) == before + 1
    order = there[-1].reference

    dialog = dialog_of(page, "Record a step")
    choose(page, dialog, "Step", "Served")
    dialog.get_by_label("Date", exact=True).fill("03/03/2026")
    dialog.get_by_label("Date", exact=True).press("Tab")
    settle(page)
    dialog.get_by_role("button", name="Record step").dblclick()
    expect(page.get_by_text("The step is recorded.")).to_be_visible()
    settle(page)
    (served_one,) = [each for each in recorded(served, reference) if each.reference == order]
    assert served_one.state is OrderState.SERVED
    assert len(served_one.steps) == 2
    expect(page.get_by_text("Notify police").first).to_be_visible()
