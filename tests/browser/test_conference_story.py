"""The story of a conference in real browsers, from its agenda to agreed minutes, with all that goes wrong.

The chair, the police and the advocate each have a browser, and the room has its screen. Three cases, and
fifteen with a drop of 90 seconds. It prints the clicks and seconds of each case. ``test_conference`` is its
shorter sample in every run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from engine.domain.accounts.acting import Acting
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.minutes import Minutes
from engine.domain.plans.actions import PlanGiven, PlannedAction
from engine.runtime import Runtime, open_runtime
from engine.services.accounts import users
from engine.services.cases.views import view_case
from engine.services.conference import agenda, meetings, quorum
from engine.services.conference.minutes import read_minutes
from engine.services.plans import versions as plan_versions
from tests.browser.conftest import settle
from tests.browser.test_conference import Morning, build, opened, picture, press
from tests.browser.test_drafts import Unit, sign_in

pytestmark = pytest.mark.browser
SUMMARY = "Summary of the decision, in a few sentences"
DISSENT = "Reasons for dissent"
DOMAINS = ("VIOLENCE", "PERSISTENCE", "RECURRENCE", "PSYCHOSOCIAL_HARM")
VICTIMS = [
    "Amber",
    "Bea",
    "Cleo",
    "Dina",
    "Elif",
    "Fay",
    "Gia",
    "Hana",
    "Ivy",
    "Jun",
    "Kaia",
    "Lena",
    "Mina",
    "Nora",
    "Opal",
]
PERPETRATORS = [
    "Abel",
    "Bert",
    "Cyril",
    "Dov",
    "Emil",
    "Finn",
    "Gus",
    "Hal",
    "Igor",
    "Jem",
    "Kurt",
    "Levi",
    "Milo",
    "Nils",
    "Otto",
]
POLICE = "Chike Okafor"
ALSO_PRESENT = ("probation-worker", "advocacy-worker")


@dataclass(frozen=True)
class Script:
    """How many cases the story has, and in which item what goes wrong, counted from 1."""

    cases: int
    private: int
    killed: int
    conflict: int
    drop_ms: int

    @property
    def people(self) -> list[tuple[str, str, str, str]]:
        """Invented names, none of them twice."""
        return [
            (victim, f"Tale{victim}", perpetrator, f"Fiction{perpetrator}")
            for victim, perpetrator in zip(VICTIMS[: self.cases], PERPETRATORS, strict=False)
        ]


THREE = Script(cases=3, private=2, killed=2, conflict=3, drop_ms=7_000)
FIFTEEN = Script(cases=15, private=6, killed=7, conflict=9, drop_ms=90_000)


@dataclass
class Counted:
    """The chair's page, with the clicks and seconds of the case at hand."""

    page: Page
    clicks: int = 0
    rows: list[tuple[int, int, float]] = field(default_factory=list)

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1
        settle(self.page)

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True).first)

    @contextmanager
    def case(self, number: int) -> Iterator[None]:
        """One case, from the click that shows its item until its decision is recorded."""
        self.clicks, began = 0, time.monotonic()
        yield
        self.rows.append((number, self.clicks, time.monotonic() - began))


@contextmanager
def record_of(morning: Morning) -> Iterator[Runtime]:
    with open_runtime({"STAC_HOME": str(morning.unit.home)}) as runtime:
        yield runtime


def acting(runtime: Runtime, user: str) -> Acting:
    return users.find_user(uow=runtime.uow, name=user).acting()


def on_screen(page: Page, number: int) -> None:
    expect(page.locator("h1", has_text=f"{number}. ")).to_be_visible()  # the one before may still be there
    settle(page)


def judge(chair: Counted, case: str, *, summary: str | None = None) -> None:
    """Choose a level for each domain and the confidence; agencies agree, so only the summary is typed."""
    page = chair.page
    for chosen in (*DOMAINS, "confidence"):
        chair.click(page.locator(f".st-key-decide-{case}-{chosen}").get_by_text("High", exact=True))
    if summary is not None:
        chair.click(page.get_by_label(SUMMARY))
        page.keyboard.type(summary)


def record(chair: Counted) -> None:
    chair.press("Review the decision")
    expect(chair.page.locator(".st-key-decision-column")).to_contain_text("Record the decision")
    chair.press("Record the decision")
    expect(chair.page.get_by_role("button", name="Amend the decision")).to_be_visible()


@pytest.mark.full
@pytest.mark.parametrize(
    "script",
    [pytest.param(THREE, id="three"), pytest.param(FIFTEEN, id="fifteen")],
)
def test_a_conference_loses_nothing_and_has_nothing_twice(
    browser: Browser,
    tmp_path: Path,
    script: Script,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = tmp_path / "home"
    conference, cases = build(home, script.people, private=(script.private - 1,), differ=(), on_agenda=False)
    unit = Unit(home, cases[0], {})
    unit.start()
    try:
        chair = _play(browser, Morning(unit, conference, cases), script, request)
    finally:
        unit.kill()
    with capsys.disabled():
        print(f"\n{script.cases} cases: item, clicks of the chair, seconds of the machine")
        for number, clicks, seconds in chair.rows:
            print(f"  {number:2} {clicks:3} {seconds:6.1f}")


def _play(browser: Browser, morning: Morning, script: Script, request: pytest.FixtureRequest) -> Counted:
    chair = Counted(opened(browser, morning, "zhe"))
    chair.press("Add all cases that are ready")
    expect(chair.page.get_by_text(f"{script.cases} items")).to_be_visible()
    chair.press("Start the conference")
    chair.press("Start now")
    with record_of(morning) as runtime:
        there = meetings.view_conference(
            runtime.context(acting(runtime, "zhe")), conference=morning.conference
        )
        agenda_order = tuple(str(item.case) for item in there.items)
        assert sorted(agenda_order) == sorted(morning.cases)
        wanted = [agenda_order.index(case) + 1 for case in morning.cases]
        agenda.order_agenda(
            runtime.context(acting(runtime, "zhe")),
            conference=morning.conference,
            places=wanted,
            seen=there.agenda,
        )
    _arrive(chair.page, morning)
    police = opened(browser, morning, "police-worker")
    _declare(police, morning, morning.cases[script.conflict - 1])
    advocate = opened(browser, morning, "advocacy-worker")
    wall = opened(browser, morning, "cora", "room", size=(1920, 1080))
    for number, case in enumerate(morning.cases, start=1):
        with chair.case(number):
            chair.press("Next item")
            on_screen(chair.page, number)
            is_private = number in (script.private, script.conflict)
            on_screen(police, number)
            assert ("Private item" in police.locator("h1").first.inner_text()) is is_private
            on_screen(advocate, number)
            if number == script.killed:
                _kill_the_server(chair, morning, case)
            else:
                judge(chair, case, summary=f"Decided in item {number}.")
            if number == script.conflict:
                expect(chair.page.get_by_text("Provisional: not quorate").first).to_be_visible()
            record(chair)
        if number == 1:
            _drop(advocate, script.drop_ms)
            _expire(police, morning)
            _plan_twice(browser, chair.page, morning, case)
    _amend(chair.page, morning)
    press(chair.page, "Close the conference")
    press(chair.page, "Close now")
    expect(wall.locator("h1")).to_have_text("The conference is closed.")
    _agree(chair, police, browser, morning, request)
    _check(morning, script)
    for page in (chair.page, police, advocate, wall):
        page.context.close()
    return chair


def _kill_the_server(chair: Counted, morning: Morning, case: str) -> None:
    """What was chosen and typed before the server was killed, and while it was gone, is there again."""
    page = chair.page
    page.get_by_label(SUMMARY).press_sequentially("Before. ")
    expect(page.get_by_text("Draft saved").first).to_be_visible()
    morning.unit.kill()
    page.get_by_label(SUMMARY).press_sequentially("While it was gone. ")
    expect(page.get_by_text("Trying again.").first).to_be_visible()
    morning.unit.start()
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    page.wait_for_timeout(4_000)
    expect(page.get_by_label(SUMMARY)).to_have_value("Before. While it was gone. ")
    page.keyboard.press("Tab")
    settle(page)
    judge(chair, case)


def _drop(advocate: Page, milliseconds: int) -> None:
    """No contact, while dissent is typed: it says so, and what is typed stays."""
    field = advocate.get_by_label(DISSENT)
    field.press_sequentially("The victim fears ")
    expect(advocate.get_by_text("Draft saved").first).to_be_visible()
    advocate.context.set_offline(True)
    field.press_sequentially("the anniversary.")
    advocate.wait_for_timeout(milliseconds)
    expect(advocate.get_by_text("No contact since")).to_be_visible()
    advocate.context.set_offline(False)
    expect(advocate.get_by_text("No contact since")).to_be_hidden()
    expect(field).to_have_value("The victim fears the anniversary.")
    field.press("Tab")
    settle(advocate)
    press(advocate, "Record dissent")
    expect(advocate.get_by_text("Dissent is recorded for your agency.")).to_be_visible()


def _expire(police: Page, morning: Morning) -> None:
    """A sign-in that ends in the middle of a sentence."""
    field = police.get_by_label(DISSENT)
    field.press_sequentially("No weapon was ")
    expect(police.get_by_text("Draft saved").first).to_be_visible()
    assert police.evaluate("fetch('/lock',{method:'POST'}).then(r=>r.status)") == 200
    field.press_sequentially("reported.")
    expect(police.get_by_text("Sign in again to record it.").first).to_be_visible()
    sign_in(police, morning.unit, "police-worker")
    police.goto(morning.address)
    settle(police)
    expect(police.get_by_label(DISSENT)).to_have_value("No weapon was reported.")
    press(police, "Record dissent")
    expect(police.get_by_text("Dissent is recorded for your agency.")).to_be_visible()


def _arrive(page: Page, morning: Morning) -> None:
    """The chair records on the page of the agenda that the police came; the others are recorded behind it."""
    page.goto(f"{morning.address}&part=agenda")
    settle(page)
    person = page.get_by_role("combobox", name="Person", exact=True)
    person.fill(POLICE)
    page.get_by_role("option", name=POLICE).click()
    page.wait_for_timeout(1_000)  # the run that takes the choice over has begun
    settle(page)
    press(page, "Record attendance")
    expect(page.get_by_role("table").get_by_text(POLICE)).to_be_visible()
    with record_of(morning) as runtime:
        for user in ALSO_PRESENT:
            quorum.record_attendance(
                runtime.context(acting(runtime, "cora")),
                conference=morning.conference,
                given=AttendanceGiven(act=AttendanceAct.ARRIVED, user=user),
            )
    page.goto(morning.address)
    settle(page)


def _declare(police: Page, morning: Morning, case: str) -> None:
    """A conflict of interest is declared on the case, which is closed from then on."""
    police.goto(f"{morning.unit.address}/case?ref={case}")
    settle(police)
    press(police, "Access")
    press(police, "Declare my own conflict of interest")
    expect(police.get_by_text("The case is closed for you.")).to_be_visible()
    police.goto(morning.address)
    settle(police)


def _plan_twice(browser: Browser, page: Page, morning: Morning, case: str) -> None:
    """Two people edit the plan of the case at once, each another action; both changes are in it."""
    with record_of(morning) as runtime:
        _write_plan(runtime, case, "Apply for an order.", "Call the bank.")
    second = opened(browser, morning, "cora")
    second.goto(f"{morning.unit.address}/case?ref={case}")
    page.reload()
    for each in (page, second):
        settle(each)
        press(each, "Edit plan")
    _edit(page, "Apply for an order.")
    owner = page.get_by_role("combobox", name="Owner", exact=True)
    owner.fill("Second Owner")
    owner.press("Enter")
    settle(page)
    page.get_by_label("Reason for the change").fill("The owner is on leave.")
    page.keyboard.press("Tab")
    settle(page)
    _edit(second, "Call the bank.")
    second.get_by_label("Action", exact=True).fill("Call the court.")
    second.get_by_label("Reason for the change").fill("It was the wrong office.")
    second.keyboard.press("Tab")
    settle(second)
    press(second, "Save plan")
    expect(second.get_by_text("The plan is saved as version 2.")).to_be_visible()
    press(page, "Save plan")
    expect(page.get_by_text("saved version 2 on")).to_be_visible()
    settle(page)
    press(page, "Save plan")
    expect(page.get_by_text("The plan is saved as version 3.")).to_be_visible()
    second.context.close()


def _edit(page: Page, what: str) -> None:
    """Open one action of the plan: their order is not that in which they were written."""
    row = page.locator("[data-testid=stHorizontalBlock]", has_text=what).last
    row.get_by_role("button", name="Edit", exact=True).click()
    expect(page.get_by_label("Action", exact=True)).to_have_value(what)
    settle(page)


def _write_plan(runtime: Runtime, case: str, *wanted: str) -> None:
    """The first version of a plan, with these actions of the police."""
    due = runtime.clock.today() + timedelta(days=14)
    actions = [PlannedAction(what=what, agency="police", owner="Chike Okafor", due=due) for what in wanted]
    plan_versions.make_plan(
        runtime.context(acting(runtime, "cora")),
        reference=case,
        plan=PlanGiven(actions=tuple(actions), reason="Agreed in the room.", base_version=0),
        agencies=runtime.agencies.codes,
    )


def _amend(page: Page, morning: Morning) -> None:
    """A slip in the first decision, corrected on its case while the conference sits."""
    page.goto(f"{morning.unit.address}/case?ref={morning.cases[0]}")
    settle(page)
    press(page, "Amend the decision")
    page.get_by_label("Reason for the amendment").fill("A slip.")
    page.get_by_label(SUMMARY).fill("Decided in item 1, as corrected.")
    page.keyboard.press("Tab")
    settle(page)
    press(page, "Review the amendment")
    expect(page.get_by_text("The levels stay. This corrects a slip.")).to_be_visible()
    press(page, "Record the amendment")
    expect(page.get_by_text("Version 2 of the decision is recorded.")).to_be_visible()
    page.goto(morning.address)
    settle(page)


def _agree(
    chair: Counted, police: Page, browser: Browser, morning: Morning, request: pytest.FixtureRequest
) -> None:
    """The minute taker prepares, the police correct, the chair annexes; nobody can agree on that date."""
    taker = opened(browser, morning, "cora")
    press(taker, "Mark as prepared")
    press(taker, "Open for corrections")
    expect(taker.get_by_text("The minutes are open for corrections.")).to_be_visible()
    police.goto(morning.address)
    settle(police)
    police.get_by_label("Corrected text").fill("The order was applied for on Monday.")
    police.keyboard.press("Tab")
    settle(police)
    press(police, "Propose correction")
    expect(police.get_by_text("Waiting for the chair").first).to_be_visible()
    chair.page.goto(morning.address)
    settle(chair.page)
    chair.page.get_by_label("Item 1: reason, if you refuse it").fill("It was Tuesday.")
    chair.page.keyboard.press("Tab")
    settle(chair.page)
    press(chair.page, "Refuse and annex")
    expect(chair.page.get_by_text("Annex 1, to item 1")).to_be_visible()
    police.goto(morning.address)
    expect(police.get_by_text("Refused, annexed")).to_be_visible()
    settle(police)
    picture(police, request, "conference-minutes")
    expect(chair.page.get_by_role("button", name="Agree the minutes")).to_have_count(
        0
    )  # until corrections end
    taker.context.close()


def _check(morning: Morning, script: Script) -> None:
    """Each decision once, the copy of each person whole, and its numbers without a gap."""
    with record_of(morning) as runtime:
        context = runtime.context(acting(runtime, "zhe"))
        for number, case in enumerate(morning.cases, start=1):
            view = view_case(context, reference=case)
            assert view.decision is not None
            assert view.decision.version == (2 if number == 1 else 1)
            assert len(view.earlier_decisions) == (1 if number == 1 else 0)
        first = view_case(context, reference=morning.cases[0])
        assert first.decision is not None
        assert first.decision.summary == "Decided in item 1, as corrected."
        assert first.plan is not None
        assert sorted((action.what, action.owner) for action in first.plan.actions) == [
            ("Apply for an order.", "Second Owner"),
            ("Call the court.", "Chike Okafor"),
        ]
        copies: dict[str, Minutes] = {
            user: _copy(runtime, morning, user) for user in ("zhe", "police-worker", "advocacy-worker")
        }
    whole, own = copies["zhe"], copies["police-worker"]
    hidden = {morning.cases[script.private - 1], morning.cases[script.conflict - 1]}
    assert [item.case for item in whole.items] == list(morning.cases)
    assert [item.case for item in own.items] == [case for case in morning.cases if case not in hidden]
    assert [item.number for item in own.items] == list(range(1, script.cases - 1))
    for number, item in enumerate(whole.items, start=1):
        assert item.decision is not None
        assert item.quorate is (number != script.conflict)
    assert whole.items[script.killed - 1].decision.summary == "Before. While it was gone."  # type: ignore[union-attr]
    assert {each.reasons for each in whole.items[0].dissent} == {
        "The victim fears the anniversary.",
        "No weapon was reported.",
    }
    assert len(whole.items[0].dissent) == 2
    assert [each.who for each in whole.items[script.conflict - 1].conflicts] == ["police-worker"]
    assert [item.number for item, _ in copies["advocacy-worker"].annexed] == [1]


def _copy(runtime: Runtime, morning: Morning, user: str) -> Minutes:
    return read_minutes(runtime.context(acting(runtime, user)), conference=morning.conference)
