"""Long text at a real keyboard: it survives a refresh, a drop, a killed server and a sign-in that expired."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from engine.domain.accounts.acting import Role
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.minutes import MinutesPhase
from engine.domain.drafts import DraftForm
from engine.runtime import open_runtime
from engine.services.access.primary_roles import assess_roles
from engine.services.accounts.users import find_user
from engine.services.cases.views import view_case
from engine.services.conference import agenda, agreeing, meetings, quorum, session
from engine.services.conference.session import Turn
from engine.services.plans.urgent import start_urgent_action
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import name_people
from engine.services.vault.typed_texts import texts_to_see_to
from tests.browser.conftest import ROOT, SECONDS, _await, settle
from tests.browser.test_real_sign_in import free_port
from tests.builders import SAFE_HOUSE, Desk, a_desk, an_incident, an_urgent_action, say_whose
from tests.dashboard.visits import asked, decided, opened, referred, screened
from tests.engine.services.orders.test_breaches import an_order, report

pytestmark = pytest.mark.browser


SECOND = (
    ("cora-2", Role.COORDINATOR, None),
    ("chair-2", Role.CHAIR, None),
    ("pol-2", Role.PRACTITIONER, "police"),
)
"""One more person in each role: who opens the same form beside the first."""


@dataclass
class Unit:
    """A dashboard of its own, whose server can be killed and started again at the same address."""

    home: Path
    case: str
    cases: dict[str, str]
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        log = self.home.parent / "server.log"
        command = [sys.executable, "-m", "uvicorn", "dashboard.app:app", "--app-dir", str(ROOT)]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        environ = {**os.environ, "STAC_HOME": str(self.home), "STAC_DEVELOPMENT_SIGN_IN": "1"}
        with log.open("a") as out:
            self.server = subprocess.Popen(
                command, env=environ, stdout=out, stderr=subprocess.STDOUT, cwd=self.home.parent
            )
        _await(self.server, self.address, log)

    def kill(self) -> None:
        assert self.server is not None
        self.server.send_signal(signal.SIGKILL)
        self.server.wait(10)


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    expect.set_options(timeout=SECONDS * 1000)
    home = tmp_path_factory.mktemp("drafts") / "home"
    with a_desk(home) as desk:
        police = desk.add("pol", Role.PRACTITIONER, "police")
        for name, role, agency in SECOND:
            desk.add(name, role, agency)
        cases = {
            "unscreened": referred(desk, "2"),
            "urgent": screened(desk, "3", TriageOutcome.URGENT),
            "consulted": screened(desk, "4", TriageOutcome.CONSULTATION),
            "conferring": asked(desk, "5"),
            "planned": screened(desk, "6"),
        }
        opened(desk, cases["conferring"])
        for case in ("conferring", "planned"):
            name_people(desk.context(desk.coordinator), reference=cases[case], people=[police.user, "pol-2"])
        start_urgent_action(
            desk.context(desk.coordinator),
            reference=cases["planned"],
            action=an_urgent_action("police"),
            agencies=["police"],
        )
        opened(desk, cases["planned"])
        decided(desk, cases["planned"])
        assess_roles(
            desk.context(desk.chair), reference=cases["planned"], is_primary=True, why="As recorded."
        )
        an_order(desk, cases["planned"])
        report(desk, cases["planned"])
        say_whose(SAFE_HOUSE)
        for day in ("2026-02-27", "2026-02-28"):
            incident = an_incident(day, what=f"Waited outside {SAFE_HOUSE}.")
            record_incident(desk.context(police), reference=cases["conferring"], incident=incident)
        _name_texts(*(each.number for each in texts_to_see_to(desk.context(desk.coordinator))))
        cases["minutes"] = corrected(desk, cases["planned"])
        cases["sitting"] = sitting(desk, screened(desk, "7"))
        made = Unit(home, screened(desk), cases)
    (home / "settings.toml").write_text("ask_about_connections = false\n")
    made.start()
    yield made
    made.kill()


def _name_texts(first: int, second: int) -> None:
    """Name the forms of the two texts to review by their numbers, which are drawn at random."""
    TEXTS[:] = [first, second]
    FORMS["protected text"] = replace(
        FORMS["protected text"], label=f"Action taken on text {first}", buttons=(f"Review text {first}",)
    )


def corrected(desk: Desk, case: str) -> str:
    """A conference with this case, which two of the police attended; its minutes are open for corrections."""
    chair, conference = desk.context(desk.chair), started(desk, case)
    session.close_conference(chair, conference=conference)
    for phase, until in ((MinutesPhase.PREPARED, None), (MinutesPhase.CORRECTIONS, date(2035, 1, 1))):
        agreeing.move_minutes(chair, conference=conference, to=phase, until=until)  # the server has today
    return conference


def sitting(desk: Desk, case: str) -> str:
    """A conference in session with this case on the screen, which two of the police attend."""
    name_people(desk.context(desk.coordinator), reference=case, people=["pol", "pol-2"])
    conference = started(desk, case)
    session.turn_to(desk.context(desk.chair), conference=conference, turn=Turn.NEXT)
    return conference


def started(desk: Desk, case: str) -> str:
    """A conference with this case, which two of the police attend."""
    chair = desk.context(desk.chair)
    given = ConferenceGiven(held_on=desk.clock.today(), minute_taker="cora")
    here: dict[str, Any] = {"conference": meetings.create_conference(chair, given=given).reference}
    agenda.add_cases(chair, **here, cases=[case])
    session.start_conference(chair, **here)
    for user in ("pol", "pol-2"):
        quorum.record_attendance(chair, **here, given=AttendanceGiven(act=AttendanceAct.ARRIVED, user=user))
    return str(here["conference"])


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that tests take in turn: the app is loaded quicker a second time."""
    made = browser.new_context(locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def window(context: BrowserContext) -> Iterator[Page]:
    """A page of it, with nobody signed in."""
    expect.set_options(timeout=SECONDS * 1000)
    there = context.new_page()
    there.set_default_timeout(SECONDS * 1000)
    yield there
    there.close()
    context.set_offline(False)
    context.clear_cookies()


@pytest.fixture
def page(window: Page, unit: Unit) -> Page:
    sign_in(window, unit)
    window.goto(f"{unit.address}/case?ref={unit.case}")
    expect(window.locator("h1")).to_contain_text("Stalking of")
    return window


def sign_in(page: Page, unit: Unit, user: str = "cora") -> None:
    page.context.request.post(
        f"{unit.address}/sign-in", form={"user": user}, headers={"Origin": unit.address}, max_redirects=0
    )


def what_happened(page: Page) -> Locator:
    """The field of the open form; opens the form when it is not open."""
    settle(page)
    field = page.get_by_label("What happened", exact=True)
    if not field.count():
        page.get_by_role("button", name="Record incident").first.click()
    expect(field).to_be_visible()
    return field


def sees(page: Page, words: str) -> None:
    expect(page.get_by_role("dialog").get_by_text(words).first).to_be_visible()


def recorded(unit: Unit, case: str | None = None) -> list[str | None]:
    with open_runtime({"STAC_HOME": str(unit.home)}) as runtime:
        context = runtime.context(find_user(uow=runtime.uow, name="cora").acting())
        incidents = view_case(context, reference=unit.cases[case] if case else unit.case).incidents
    return [report.what for each in incidents for report in each.reports]


def test_what_is_typed_is_never_lost_and_is_recorded_whole(page: Page, unit: Unit) -> None:
    what_happened(page).press_sequentially("One. ")
    sees(page, "Draft saved")
    page.reload()
    expect(page.locator("h1")).to_contain_text("Stalking of")
    expect(what_happened(page)).to_have_value("One. ")

    page.context.set_offline(True)
    what_happened(page).press("End")
    what_happened(page).press_sequentially("Two. ")
    sees(page, "Your text is kept on this page. Trying again.")
    page.context.set_offline(False)
    sees(page, "Draft saved")
    expect(what_happened(page)).to_have_value("One. Two. ")

    unit.kill()
    page.get_by_label("What happened", exact=True).press_sequentially("Three. ")
    sees(page, "Your text is kept on this page. Trying again.")
    unit.start()
    page.wait_for_timeout(4_000)  # the page finds the server again, and draws what is new to it
    expect(what_happened(page)).to_have_value("One. Two. Three. ")
    sees(page, "Draft saved")

    assert page.evaluate("fetch('/lock',{method:'POST'}).then(r=>r.status)") == 200
    what_happened(page).press_sequentially("Four. ")
    sees(page, "Sign in again to record it.")
    sign_in(page, unit)
    page.reload()
    expect(what_happened(page)).to_have_value("One. Two. Three. Four. ")
    assert "One." not in page.evaluate("JSON.stringify([localStorage, sessionStorage]) + location.href")

    page.get_by_label("Kind of incident").click()
    page.get_by_role("option", name="Loitering").click()
    what_happened(page).press("End")
    what_happened(page).press_sequentially("Five.")
    page.get_by_role("dialog").get_by_role("button", name="Record incident").click()
    expect(page.get_by_text("is recorded.")).to_be_visible()
    assert "One. Two. Three. Four. Five." in recorded(unit)
    expect(what_happened(page)).to_have_value("")


@dataclass(frozen=True)
class Form:
    """A form of the pages: who fills it in, on which case, how it is opened, and one of its long fields."""

    user: str
    case: str
    label: str
    buttons: tuple[str, ...] = ()
    choice: str | None = None
    page: str = "case"
    named_by: str = "ref"

    def address(self, unit: Unit) -> str:
        """The address of the page that has the form."""
        return f"{unit.address}/{self.page}?{self.named_by}={unit.cases[self.case]}"

    def field(self, page: Page) -> Locator:
        """The field, after what opens it."""
        settle(page)
        field = page.get_by_label(self.label, exact=True)
        if not (field.count() and field.first.is_visible()):
            for button in self.buttons:
                page.get_by_role("button", name=button, exact=True).first.click()
            if self.choice is not None:
                page.get_by_text(self.choice, exact=True).first.click()
        expect(field).to_be_visible()
        return field


TEXTS: list[int] = []
FORMS = {
    "screening": Form("cora", "unscreened", "Reason, in one line", page="screening"),
    "safeguarding": Form("cora", "urgent", "Safeguarding done, and who did it", ("Record safeguarding",)),
    "ending": Form("chair", "consulted", "Reason", ("End consultation",)),
    "decision": Form(
        "chair", "conferring", "Summary of the decision, in a few sentences", ("Record decision",)
    ),
    "dissent": Form("pol", "planned", "Reasons for dissent", ("Enter dissent",)),
    "outcome": Form("chair", "conferring", "Summary in one sentence", ("Record outcome",)),
    "answer": Form(
        "pol",
        "conferring",
        "Finding 1",
        ("Write a response",),
        choice="Contribution: we hold information",
    ),
    "incident": Form("cora", "consulted", "What happened", ("Record incident",)),
    "urgent action": Form("pol", "conferring", "Action", ("Start urgent safety action",)),
    "plan": Form("cora", "planned", "Reason for the change", ("Edit plan",)),
    "approval": Form("cora", "planned", "In one sentence", ("Sign why not",)),
    "action": Form(
        "pol", "planned", "Note (required if not done or no longer possible)", ("Update an action",)
    ),
    "correction": Form("pol", "minutes", "Corrected text", page="conferences", named_by="conference"),
    "amendment": Form("chair", "planned", "Reason for the amendment", ("Amend the decision",)),
    "victim words": Form(
        "chair",
        "sitting",
        "The victim's words",
        choice="Note the victim's words",
        page="conferences",
        named_by="conference",
    ),
    "remark": Form(
        "pol", "sitting", "Remark", ("Add what was said",), page="conferences", named_by="conference"
    ),
    "note": Form("cora", "sitting", "Note", ("Add a note",), page="conferences", named_by="conference"),
    "order": Form(
        "chair",
        "planned",
        "A condition in the court's own words (not checked by software)",
        ("Record order",),
        page="orders",
        named_by="of",
    ),
    "breach": Form("chair", "planned", "Reason", ("Confirm breach",), page="orders", named_by="of"),
    "protected text": Form(
        "cora", "conferring", "Action taken on text 1", ("Review text 1",), page="worklist"
    ),
    "victim pack": Form(
        "cora",
        "planned",
        "Text for the victim, one sentence on each line",
        ("Records and rights", "Informing the victim"),
        choice="Approve what goes in the victim's information pack",
    ),
}


OF_TWO = [name for name in FORMS if name != "note"]
"""A conference has one minute taker: no second person has the form for a note."""


MADE_BY_A_MODEL = {
    "alarm",
    "alert",
    "attempt",
    "child_safeguarding",
    "complaint_finding",
    "responsible",
    "custody",
    "episode",
    "incident_details",
    "link_export",
    "link_map",
    "link_notes",
    "link_search",
    "notice",
    "order_case",
    "police_decision",
    "price",
    "record_request",
    "review",
    "shared_acts",
    "step_up",
    "suspension",
    "works_for",
}
"""Each field of these is tried in ``tests/dashboard/test_form_drafts.py``, without a browser."""
TRIED_WITHOUT_A_BROWSER = {
    "change_asked",
    "order_step",
    "places_named",
    "protected_note",
    "retention",
    "right_to_know",
    "sharing_rule",
    "victim_description",
    "victim_outcome",
    "victim_request",
}
"""Dialogs with short texts: ``tests/dashboard`` opens, types and records them without one, in
``views/vault/test_despair.py``, ``views/vault/test_many_places.py`` and ``test_short_drafts.py``."""


def test_every_form_that_stores_drafts_is_tried_here() -> None:
    tried = {name.replace(" ", "_") for name in FORMS} | TRIED_WITHOUT_A_BROWSER | MADE_BY_A_MODEL
    assert tried == {form.name.lower() for form in DraftForm}


@pytest.mark.full
@pytest.mark.parametrize("name", OF_TWO)
def test_in_every_form_two_people_type_and_neither_reads_or_loses_the_others_text(
    browser: Browser, unit: Unit, name: str
) -> None:
    form = FORMS[name]
    pages = []
    for user, text in ((form.user, "First. "), (f"{form.user}-2", "Second. ")):
        page = browser.new_context(locale="en-GB", timezone_id="Europe/London").new_page()
        page.set_default_timeout(SECONDS * 1000)
        sign_in(page, unit, user)
        page.goto(form.address(unit))
        expect(page.locator("h1")).to_be_visible()
        expect(form.field(page)).to_have_value("")
        form.field(page).press_sequentially(text)
        expect(page.get_by_text("Draft saved").first).to_be_visible()
        pages.append((page, text))
    for page, text in pages:
        page.reload()
        expect(page.locator("h1")).to_be_visible()
        expect(form.field(page)).to_have_value(text)
        page.locator(".draft", has_text=form.label).get_by_role("button", name="Discard draft").first.click()
        expect(page.get_by_text("Draft discarded.").first).to_be_visible()
        page.context.close()


@pytest.mark.full
@pytest.mark.parametrize("name", FORMS)
def test_in_every_form_what_is_typed_survives_a_refresh_a_drop_a_killed_server_and_a_lost_sign_in(
    browser: Browser, unit: Unit, name: str
) -> None:
    form = FORMS[name]
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    address = form.address(unit)
    sign_in(page, unit, form.user)
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    form.field(page).press_sequentially("One. ")
    expect(page.get_by_text("Draft saved").first).to_be_visible()

    page.reload()
    expect(page.locator("h1")).to_be_visible()
    expect(form.field(page)).to_have_value("One. ")

    context.set_offline(True)
    form.field(page).press("End")
    page.keyboard.type("Two. ")
    expect(page.get_by_text("Trying again.").first).to_be_visible()
    page.wait_for_timeout(90_000)
    context.set_offline(False)
    expect(page.get_by_text("Draft saved").first).to_be_visible()

    unit.kill()
    form.field(page).press("End")
    page.keyboard.type("Three. ")
    expect(page.get_by_text("Trying again.").first).to_be_visible()
    unit.start()
    page.wait_for_timeout(4_000)
    expect(form.field(page)).to_have_value("One. Two. Three. ")

    assert page.evaluate("fetch('/lock',{method:'POST'}).then(r=>r.status)") == 200
    form.field(page).press("End")
    page.keyboard.type("Four. ")
    expect(page.get_by_text("Sign in again to record it.").first).to_be_visible()
    sign_in(page, unit, form.user)
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    expect(form.field(page)).to_have_value("One. Two. Three. Four. ")
    context.close()


@pytest.mark.full  # every run has it without a browser
def test_what_is_typed_on_one_text_stays_when_another_is_resolved_here_or_in_another_tab(
    browser: Browser, unit: Unit
) -> None:
    form, (first_text, second_text) = FORMS["protected text"], TEXTS
    page = browser.new_context(locale="en-GB", timezone_id="Europe/London").new_page()
    page.set_default_timeout(SECONDS * 1000)
    sign_in(page, unit, form.user)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(form.address(unit))
        expect(tab.locator("h1")).to_be_visible()
        form.field(tab)
    second = replace(form, label=f"Action taken on text {second_text}")
    second.field(other).press_sequentially("Rewritten")
    expect(other.get_by_text("Draft saved").first).to_be_visible()
    second.field(page).press_sequentially("Rewritten with them.")
    form.field(page).press_sequentially("Spoken with them.")
    page.get_by_role("button", name=f"Mark text {first_text} as resolved").click()
    expect(page.get_by_text(f"Text {first_text} is resolved.")).to_be_visible()
    expect(replace(second, buttons=(f"Review text {second_text}",)).field(page)).to_have_value(
        "Rewritten with them."
    )

    second.field(other).press("End")
    second.field(other).press_sequentially(" by them.")
    form.field(other).fill("Spoken with them.")
    other.get_by_role("button", name=f"Mark text {first_text} as resolved").click()
    expect(other.get_by_role("dialog").get_by_role("alert").filter(has_text="text to review")).to_be_visible()
    expect(second.field(other)).to_have_value("Rewritten by them.")
    other.get_by_role("button", name="Mark text 2 as resolved").click()
    expect(other.get_by_text("Text 2 is resolved.")).to_be_visible()
    page.context.close()


def test_the_same_text_is_recorded_twice_in_a_field_that_stays_once_its_author_says_it_is_another(
    window: Page, unit: Unit
) -> None:
    form, page = FORMS["correction"], window
    sign_in(page, unit, form.user)
    page.goto(form.address(unit))
    expect(page.locator("h1")).to_be_visible()
    propose = page.get_by_role("button", name="Propose correction")
    for times in (1, 2):
        expect(form.field(page)).to_have_value("")
        form.field(page).fill("It was Monday.")
        propose.click()
        if times == 2:
            expect(page.get_by_text("Recorded already")).to_be_visible()
            expect(page.get_by_text("Waiting for the chair")).to_have_count(1)
            page.get_by_role("button", name="It is another one").click()
            expect(form.field(page)).to_have_value("It was Monday.")
            propose.click()
        expect(page.get_by_text("Waiting for the chair")).to_have_count(times)


@pytest.mark.parametrize(  # the field is the same in each form
    "name", ["ending", pytest.param("decision", marks=pytest.mark.full)]
)
def test_a_letter_typed_into_a_field_of_a_draft_is_no_shortcut(window: Page, unit: Unit, name: str) -> None:
    form, page = FORMS[name], window
    sign_in(page, unit, form.user)
    page.goto(form.address(unit))
    expect(page.locator("h1")).to_be_visible()
    field = form.field(page)
    settle(page)
    field.fill("")  # another test of the form may have left its draft
    page.keyboard.type("car error car")
    expect(field).to_have_value("car error car")


def test_enter_and_ctrl_enter_record_nothing_and_a_discarded_draft_can_be_taken_back(
    page: Page, unit: Unit
) -> None:
    page.goto(f"{unit.address}/case?ref={unit.cases['consulted']}")
    expect(page.locator("h1")).to_contain_text("Stalking of")
    before = recorded(unit, "consulted")
    field = what_happened(page)
    field.press_sequentially("First line")
    field.press("Enter")
    field.press("Enter")
    field.press_sequentially("third")
    field.press("Control+Enter")
    settle(page)
    expect(what_happened(page)).to_have_value("First line\n\nthird")
    reason = page.get_by_label("Reason to withhold it from others (if any)")
    reason.press_sequentially("One line")
    reason.press("Enter")
    expect(reason).to_have_value("One line")
    discard = page.locator(".draft", has_text="What happened").get_by_role("button")
    expect(discard).to_have_text("Discard draft")
    discard.click()
    sees(page, "Draft discarded.")
    expect(what_happened(page)).to_have_value("")
    expect(discard).to_have_text("Undo discard")
    discard.click()
    expect(what_happened(page)).to_have_value("First line\n\nthird")
    discard.click()
    sees(page, "Draft discarded.")
    page.reload()
    expect(page.locator("h1")).to_contain_text("Stalking of")
    expect(what_happened(page)).to_have_value("")
    expect(page.get_by_label("Reason to withhold it from others (if any)")).to_have_value("One line")
    assert recorded(unit, "consulted") == before
