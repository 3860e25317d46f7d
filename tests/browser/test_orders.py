"""Orders at a real keyboard: Enter and a double click record once or nothing, and a refresh loses nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.domain.orders.orders import OrderState
from engine.domain.orders.views import OrderView
from engine.exchange.rows import ReferralRow
from engine.runtime import open_runtime
from engine.services.accounts.users import find_user
from engine.services.context import AgencyContext
from engine.services.orders.reading import orders_on_case
from engine.services.referrals.imports import import_referrals
from engine.services.referrals.screening import screen
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.responses.requests import open_requests
from tests.browser.conftest import HIGH, WIDE, Opens, Served, settle
from tests.browser.test_access_for_all import faults
from tests.builders import a_contribution, a_referral, a_screening
from tests.engine.domain.responses.test_reported import an_order

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


def choose(page: Page, dialog: Locator, label: str, option: str | re.Pattern[str]) -> None:
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
    dialog.get_by_role("button", name="Record order").dblclick(delay=150)
    expect(page.get_by_text("The order is recorded.")).to_be_visible()
    settle(page)
    there = recorded(served, reference)
    assert len(there) == before + 1
    order = there[-1].reference

    dialog = dialog_of(page, "Record a step")
    choose(page, dialog, "Order", re.compile(order))  # another test may have recorded one on this case
    choose(page, dialog, "Step", "Served")
    dialog.get_by_label("Date of this step").fill("03/03/2026")
    dialog.get_by_label("Date of this step").press("Tab")
    settle(page)
    dialog.get_by_role("button", name="Record step").dblclick(delay=150)
    expect(page.get_by_text("The step is recorded.")).to_be_visible()
    settle(page)
    (served_one,) = [each for each in recorded(served, reference) if each.reference == order]
    assert served_one.state is OrderState.SERVED
    assert len(served_one.steps) == 2
    expect(page.get_by_text("Respondent must notify police").first).to_be_visible()


def reported_by_police(served: Served) -> str:
    """A case of its own on which the police report an order that nobody recorded."""
    order = an_order(
        made="2026-02-02", ends="2028-02-01", conditions=[{"wording": "To return the keys."}], grade="1A P"
    )
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:

        def as_(name: str) -> AgencyContext:
            return runtime.context(find_user(uow=runtime.uow, name=name).acting())

        row = ReferralRow(row=2, referral=a_referral("reported", protected=(), incidents=()), original="{}")
        (reference,) = import_referrals(as_("cora"), rows=[row], file_digest="1" * 64).referrals
        screen(as_("cora"), reference=reference, screening=a_screening())
        open_requests(as_("cora"), reference=reference)
        answer_by_hand(
            as_("police-worker"), reference=reference, agency="police", answer=a_contribution(orders=(order,))
        )
    return reference


@pytest.mark.full  # the dialog is that of the test before; what fills it in is tried without a browser
def test_a_reported_order_is_recorded_once_with_its_fields_filled_in(sign_in: Opens, served: Served) -> None:
    reference = reported_by_police(served)
    page = sign_in("zhe", f"/orders?of={reference}", size=(320, 800), scheme="dark")
    expect(page.get_by_text("Not recorded here.")).to_be_visible()
    settle(page)
    dialog = dialog_of(page, "Record it")
    expect(dialog.get_by_label("Date made")).to_have_value("2 Feb 2026")
    expect(dialog.get_by_label("End date")).to_have_value("1 Feb 2028")
    expect(dialog.get_by_label(re.compile("court's own words"))).to_have_value("To return the keys.")
    assert page.evaluate("()=>document.documentElement.scrollWidth<=window.innerWidth")
    assert not faults(page, within="[role=dialog]")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert recorded(served, reference) == ()

    page.set_viewport_size({"width": WIDE, "height": HIGH})
    dialog = dialog_of(page, "Record it")
    dialog.get_by_role("button", name="Record order").dblclick(delay=150)
    expect(page.get_by_text("The order is recorded.")).to_be_visible()
    settle(page)
    (order,) = recorded(served, reference)
    assert order.end_in_words == "1 Feb 2028"
    expect(page.get_by_text(f"Same type and date as {order.reference}: compare them.")).to_be_visible()
    expect(page.get_by_role("button", name="Record it", exact=True)).to_have_count(0)
