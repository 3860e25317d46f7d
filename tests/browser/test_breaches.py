"""Likely breaches at a real keyboard: Enter, Escape and a refresh record nothing; two tabs answer apart."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.domain.orders.breaches import BreachStatus, BreachView
from engine.domain.orders.orders import OrderGiven
from engine.runtime import open_runtime
from engine.services.accounts.users import find_user
from engine.services.orders.breaches import breaches_on_case
from engine.services.orders.recording import create_order, record_step, vary_order
from engine.services.referrals.incidents import record_incident
from tests.browser.conftest import Opens, Served, settle
from tests.browser.test_access_for_all import faults
from tests.engine.services.orders.test_breaches import NO_CONTACT, SERVED, a_call

pytestmark = pytest.mark.browser
FACTS = {"type": "spo", "made": "2026-02-02", "years": 2, "conditions": [NO_CONTACT]}
REASON = "The message was read by police."


@pytest.fixture(scope="module")
def case(served: Served) -> str:
    """Plant a served order, its variation, and a call under each, and return the case."""
    case = served.cases.conferring
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        context = runtime.context(find_user(uow=runtime.uow, name="zhe").acting())
        given = OrderGiven.model_validate(FACTS)
        order = create_order(context, reference=case, given=given).reference
        record_step(context, order=order, step=SERVED)
        record_incident(context, reference=case, incident=a_call("2026-02-20"))
        varied = OrderGiven.model_validate({**FACTS, "in_effect": "2026-02-22"})
        vary_order(context, order=order, given=varied, why="The court added hours.")
        record_incident(context, reference=case, incident=a_call("2026-02-24"))
    return case


def there(served: Served, case: str) -> tuple[BreachView, ...]:
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        context = runtime.context(find_user(uow=runtime.uow, name="zhe").acting())
        return breaches_on_case(context, reference=case).breaches


def opened(page: Page, button: str = "Confirm breach") -> Locator:
    page.get_by_role("button", name=button, exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    settle(page)
    return dialog


def reason(dialog: Locator) -> Locator:
    return dialog.get_by_label("Reason", exact=True)


def cards(page: Page) -> Page:
    """The page once it shows a likely breach to answer."""
    expect(page.get_by_role("heading", name="Likely breach to confirm").first).to_be_visible()
    settle(page)
    return page


def test_a_button_pressed_twice_records_one_answer(sign_in: Opens, served: Served, case: str) -> None:
    page = cards(sign_in("zhe", f"/orders?of={case}"))
    before = there(served, case)
    dialog = opened(page)
    reason(dialog).fill(REASON)
    # Without the delay both presses are sent to the server as one.
    dialog.get_by_role("button", name="Confirm breach").dblclick(delay=150)
    expect(page.get_by_text("The answer is recorded: confirmed.")).to_be_visible()
    settle(page)
    (confirmed,) = [each for each in there(served, case) if each not in before]
    assert confirmed.status is BreachStatus.CONFIRMED
    assert [each.why for each in confirmed.reviews] == [REASON]


@pytest.mark.full  # every run has these keys in the form of an order, which is made of the same parts
def test_no_key_records_an_answer_and_a_refresh_keeps_the_draft(
    sign_in: Opens, served: Served, case: str
) -> None:
    page = cards(sign_in("zhe", f"/orders?of={case}"))
    before = there(served, case)
    dialog = opened(page)
    dialog.get_by_role("button", name="Confirm breach").click()  # an empty field
    expect(dialog.get_by_text("Write it.")).to_be_visible()
    reason(dialog).press_sequentially(REASON)
    reason(dialog).press("Enter")
    expect(dialog.get_by_text("Draft saved")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert there(served, case) == before, "neither Enter nor Escape records an answer"

    page.reload()
    cards(page).set_viewport_size({"width": 320, "height": 800})
    dialog = opened(page)
    expect(reason(dialog)).to_have_value(f"{REASON}\n")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert faults(page, within="[role=dialog]") == []
    reason(dialog).fill("")  # no draft is left to the other tests of the server
    expect(dialog.get_by_text("Draft saved")).to_be_visible()


@pytest.mark.full  # every run has both answers without a browser
def test_two_tabs_answer_apart(sign_in: Opens, served: Served, case: str) -> None:
    page = cards(sign_in("zhe", f"/orders?of={case}"))
    before = there(served, case)
    second = page.context.new_page()
    second.goto(page.url)
    other = opened(cards(second), "Reject, with reason")
    dialog = opened(page, "Reject, with reason")
    for tab, there_in, text in (
        (page, dialog, "It was the bank."),
        (second, other, "It was the bank again."),
    ):
        reason(there_in).fill(text)
        there_in.get_by_role("button", name="Reject likely breach").click()
        expect(tab.get_by_text("The answer is recorded: rejected.")).to_be_visible()
    second.close()
    (rejected,) = [each for each in there(served, case) if each not in before]
    assert rejected.status is BreachStatus.REJECTED
    assert [each.why for each in rejected.reviews] == ["It was the bank.", "It was the bank again."]
