"""Forms at a real keyboard: Enter records nothing, and what will be recorded is read through first."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.domain.cases.views import CaseView
from engine.runtime import open_runtime
from engine.services.accounts.users import find_user
from engine.services.cases.views import view_case
from tests.browser.conftest import Opens, Served, case_page, settle
from tests.browser.test_work import NAME_OF_FOCUS

pytestmark = pytest.mark.browser

DOMAINS = ("Violence", "Persistence", "Recurrence", "Psychosocial harm")


def as_recorded(served: Served, reference: str) -> CaseView:
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        return view_case(
            runtime.context(find_user(uow=runtime.uow, name="zhe").acting()), reference=reference
        )


def enter_in(page: Page, field: Locator, words: str) -> None:
    """Type, and press Enter twice, as somebody does who wants the next line."""
    field.fill(words)
    expect(page.get_by_text(re.compile("Press (Ctrl|\u2318)?.?Enter to submit"))).to_have_count(0)
    field.press("Enter")
    field.press("Enter")
    page.wait_for_timeout(400)
    settle(page)


def below(one: Locator, other: Locator) -> float:
    """How many pixels the other begins below the one."""
    of_one, of_other = one.bounding_box(), other.bounding_box()
    assert of_one is not None
    assert of_other is not None
    return of_other["y"] - of_one["y"]


def test_enter_in_no_field_records_the_decision(sign_in: Opens, served: Served) -> None:
    reference = served.cases.conferring
    page = case_page(sign_in, "zhe", reference)
    page.get_by_role("button", name="Record decision").click()
    dialog = page.get_by_role("dialog")
    first = dialog.get_by_role("radiogroup", name="Violence: panel judgement")
    confidence = dialog.get_by_role("radiogroup", name="Confidence of the panel")
    expect(dialog.get_by_role("button", name="Review the decision")).to_be_visible()  # it is drawn last
    settle(page)
    apart = below(first, confidence)
    for name in DOMAINS:
        levels = dialog.get_by_role("radiogroup", name=f"{name}: panel judgement")
        levels.get_by_text("High", exact=True).click()
    confidence.get_by_text("Moderate", exact=True).click()
    expect(dialog.get_by_label("Violence: reasons")).to_be_visible()
    # a field that came above them would move the next level under the pointer
    assert below(first, confidence) == apart
    for name in DOMAINS:
        enter_in(page, dialog.get_by_label(f"{name}: reasons"), f"{name} is seen in every report.")
    dialog.get_by_label("Summary of the decision").fill("The panel plans for safety.")
    enter_in(page, dialog.get_by_label(re.compile(": attended by$")).first, "A. Officer")
    enter_in(page, dialog.get_by_label(re.compile("reasons for dissent$")).first, "It asks too little.")
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("button", name="Review the decision")).to_be_visible()
    assert as_recorded(served, reference).decision is None

    review = dialog.get_by_role("button", name="Review the decision")
    review.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    settle(page)
    expect(dialog.get_by_role("heading", name="This will be recorded")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    expect(dialog.get_by_text("A. Officer: It asks too little.")).to_be_visible()
    assert as_recorded(served, reference).decision is None

    dialog.get_by_role("button", name="Change it").click()
    expect(dialog.get_by_label("Violence: reasons")).to_have_value("Violence is seen in every report.")
    dialog.get_by_label("Violence: reasons").fill("Violence is in every report.")
    dialog.get_by_role("button", name="Review the decision").click()
    expect(dialog.get_by_text("Violence is in every report.")).to_be_visible()
    dialog.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("is recorded, version 1.")).to_be_visible()
    decision = as_recorded(served, reference).decision
    assert decision is not None
    assert decision.judgements[0].reasons == "Violence is in every report."
    assert [each.reasons for each in decision.dissent] == ["It asks too little."]


def test_an_action_of_the_plan_that_lacks_something_is_refused_and_kept(
    sign_in: Opens, served: Served
) -> None:
    reference = served.cases.rich
    before = as_recorded(served, reference).plan
    assert before is not None
    page = case_page(sign_in, "zhe", reference)
    page.get_by_role("button", name="Edit plan").click()
    page.get_by_role("button", name="Write an action").first.click()
    enter_in(page, page.get_by_label("Action", exact=True), "Fit a camera at the back.")
    enter_in(page, page.get_by_label("Reason for the change"), "A camera was agreed.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save plan").click()
    expect(page.get_by_text("There is a problem.")).to_be_visible()
    expect(page.get_by_label("Owner agency: choose an agency")).to_be_attached()
    expect(page.get_by_label("Action", exact=True)).to_have_value("Fit a camera at the back.")
    expect(page.get_by_label("Reason for the change")).to_have_value("A camera was agreed.")
    plan = as_recorded(served, reference).plan
    assert plan is not None
    assert plan.version == before.version


def test_a_half_typed_outcome_survives_a_refresh_and_two_clicks_record_it_once(
    sign_in: Opens, served: Served
) -> None:
    reference = served.cases.planned
    page = case_page(sign_in, "zhe", reference)
    dialog = page.get_by_role("dialog")
    record = dialog.get_by_role("button", name="Record outcome")

    def open_form() -> None:
        page.get_by_role("button", name="Record outcome").first.click()
        expect(dialog.get_by_label("Followed up to")).to_be_visible()
        settle(page)

    open_form()
    record.click()
    missing = "give the measure, the finding, the date followed up to and a summary"
    expect(dialog.get_by_text(missing)).to_be_visible()
    dialog.get_by_text("Reported further stalking", exact=True).click()
    dialog.get_by_text("None found", exact=True).click()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    enter_in(page, dialog.get_by_label("Followed up to"), f"{yesterday:%d/%m/%Y}")
    enter_in(page, dialog.get_by_label(re.compile("^Records searched")), "police")
    dialog.get_by_label("Summary in one sentence").press_sequentially("Nothing further.")
    expect(dialog.get_by_text("Draft saved")).to_be_visible()
    assert as_recorded(served, reference).outcomes == ()

    page.reload()
    expect(page.locator("h1")).to_contain_text("Stalking of")
    settle(page)
    expect(dialog).to_have_count(0)
    assert as_recorded(served, reference).outcomes == ()
    open_form()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    open_form()
    expect(dialog.get_by_label("Followed up to")).to_have_value(f"{yesterday:%d/%m/%Y}")
    expect(dialog.get_by_label("Summary in one sentence")).to_have_value("Nothing further.")
    record.dblclick(delay=150)
    expect(page.get_by_text("is recorded.")).to_be_visible()
    expect(dialog).to_have_count(0)
    (outcome,) = as_recorded(served, reference).outcomes
    assert (outcome.says, outcome.looked_in) == ("Nothing further.", ("police",))


def test_tab_comes_to_each_long_text_of_a_dialog_in_the_order_of_the_page_and_back(
    sign_in: Opens, served: Served
) -> None:
    page = case_page(sign_in, "advocacy-worker", served.cases.rich)
    page.get_by_role("button", name="Record incident").click()
    dialog = page.get_by_role("dialog")
    what = dialog.get_by_label("What happened")
    expect(what).to_be_visible()
    settle(page)
    inside = ["Contact method", "What happened", "Discard draft", "Crime reference", "Grade of the report"]
    page.keyboard.press("Tab")
    assert focus(page) == "Close"
    _press_until(page, "Tab", "What happened")
    page.keyboard.type("He waited.")
    expect(dialog.get_by_role("button", name="Discard draft")).to_be_visible()
    names = [focus(page)]
    for key, order in (("Tab", inside[1:]), ("Shift+Tab", inside[::-1])):
        for name in order[1:]:
            page.keyboard.press(key)
            names.append(focus(page))
            assert names[-1].startswith(name), names
    _press_until(page, "Tab", "Reason to withhold it")
    page.keyboard.press("Tab")
    assert focus(page) == "Record incident"
    page.keyboard.press("Tab")
    assert focus(page) == "Close", "the focus stays in the dialog"
    expect(what).to_have_value("He waited.")
    dialog.get_by_role("button", name="Discard draft").click()


def test_tab_goes_past_radio_buttons_in_one_step_to_the_long_text_below(
    sign_in: Opens, served: Served
) -> None:
    page = case_page(sign_in, "cora", served.cases.rich)
    page.get_by_role("button", name="Child safeguarding").click()
    settle(page)
    expect(page.get_by_role("dialog").get_by_label("Reason: person or service informed")).to_be_visible()
    names = []
    for _ in range(4):
        page.keyboard.press("Tab")
        names.append(focus(page))
    assert [names[0], names[3]] == ["Close", "Record"]
    assert names[2].startswith("Reason: person or service informed"), names
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog").get_by_role("radio", name="Referred", exact=True)).to_be_checked()


def focus(page: Page) -> str:
    """The name of what has the focus."""
    return str(page.evaluate(NAME_OF_FOCUS))


def _press_until(page: Page, key: str, name: str) -> None:
    for _ in range(40):
        page.keyboard.press(key)
        if focus(page).startswith(name):
            return
    raise AssertionError(f"{key} never came to '{name}'")
