"""A conference of three cases in real browsers: the chair, a follower, and what neither may see or lose."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import words
from engine.clock import SetClock, SystemClock
from engine.domain.accounts.acting import Role
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.risk import Domain, Level
from engine.domain.conference.room import RoomShows
from engine.runtime import initialise, open_runtime
from engine.services.accounts import users
from engine.services.cases.views import view_case
from engine.services.conference import agenda, meetings
from engine.services.conference.quorum import record_attendance
from engine.services.conference.room import open_room
from engine.services.context import AgencyContext
from engine.services.referrals import screening
from tests.browser.conftest import HIGH, PICTURES, SECONDS, WIDE, settle
from tests.browser.showcase import VIEWS, _Maker
from tests.browser.test_access_for_all import (
    COLOURS,
    FOLDER,
    RULES,
    SIDEWAYS,
    _keep,
    change_to_dark,
    faults,
)
from tests.browser.test_drafts import Unit, sign_in
from tests.browser.test_work import NAME_OF_FOCUS
from tests.builders import Desk, a_person, a_screening

pytestmark = pytest.mark.browser
FOCUSABLE = """()=>[...document.querySelectorAll('a[href],button,input,select,textarea,[tabindex="0"]')]
 .filter(part=>part.id!=='stMain'&&part.checkVisibility()&&part.offsetWidth>1).map(part=>part.outerHTML.slice(0,150))"""
"""Whatever the keyboard would come to on the room's screen, which has no control."""
WALL = "wall"
"""The account of the room's screen."""
SIZES = """()=>{const parts=[...document.querySelectorAll('.st-key-room-screen *')],
 inside=parts.map(part=>part.shadowRoot),
 least=at=>{const sizes=[document,...inside.filter(Boolean)].flatMap(root=>[...root.querySelectorAll(at)])
 .map(part=>parseFloat(getComputedStyle(part).fontSize));return sizes.length?Math.min(...sizes):0};
 return ['.is-room dd','.st-key-room h2','table.room .tag','table.room td',
 '.st-key-room p,.st-key-room small,.st-key-room .absent,.is-room dt,.is-room .contact'].map(least)}"""
READ_WHILE_WAITING = """()=>{const part=[...document.querySelectorAll('*')]
 .map(each=>each.shadowRoot?.querySelector('.pulse .changed')).find(Boolean),said=part.querySelector('span');
 new MutationObserver(()=>{if(!part.hidden&&!window.readFirst&&said.textContent.startsWith('The room'))
 window.readFirst=[said.textContent,document.querySelector('h1').innerText]})
 .observe(part,{attributes:true,childList:true,subtree:true,characterData:true})}"""
"""Stores the first note that the room is on another item, and the heading of the page at that moment."""
CUT_OFF = """()=>[...document.querySelectorAll('.tag,h1,h2,h3,.stHtml p')].filter(part=>!part.closest('table')
 &&part.checkVisibility()&&part.getBoundingClientRect().right>innerWidth).map(part=>part.innerText)"""
"""Texts outside a table, which scrolls by itself, that end beyond the screen."""
LEGIBLE = [84, 68, 46, 38, 28]
"""Pixels of the timer, the domain, a level, a reason and the smallest text: legible from 4 metres."""
PEOPLE = (
    ("Manisha", "Tale", "Rick", "Fiction"),
    ("Ines", "Fabula", "Piet", "Parable"),
    ("Yaa", "Legend", "Sol", "Novel"),
)


AGREED = 2
"""The case on which all agencies agree, by its place in the list."""


@dataclass(frozen=True)
class Morning:
    """A dashboard with a conference of today, whose three cases are ready."""

    unit: Unit
    conference: str
    cases: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"{self.unit.address}/conferences?conference={self.conference}"


def build(
    home: Path,
    people: Sequence[tuple[str, str, str, str]] = PEOPLE,
    *,
    private: Sequence[int] = (),
    differ: Sequence[int] = (0, 1),
    on_agenda: bool = True,
) -> tuple[str, tuple[str, ...]]:
    """Cases with the views of every agency, and a conference of today.

    The places of those that name no police are ``private``; on those of ``differ`` the agencies do.
    """
    now = SystemClock().now()
    clock = SetClock(now - timedelta(days=30))
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text(
        "development_sign_in = true\nask_about_connections = false\n", encoding="utf-8"
    )
    with (
        pytest.MonkeyPatch.context() as patched,
        initialise({"STAC_HOME": str(home)}, clock=clock) as runtime,
    ):
        patched.setattr("engine.store.record_state.CLOCKS_MAY_DIFFER", timedelta(days=100_000))
        users.add_first_user(uow=runtime.uow, clock=clock, name="cora")
        coordinator = users.find_user(uow=runtime.uow, name="cora").acting()
        made = _Maker(Desk(runtime, clock, coordinator, coordinator), now)
        made.add_people()
        second = made._add("police-second", "Ife Legend", Role.PRACTITIONER, "police")
        made._add(WALL, "Screen of room 4", Role.ROOM_SCREEN)
        everyone, cases = made.workers, []
        for number, (forename, surname, his, name) in enumerate(people):
            made.at(20)
            parties = {"victim": a_person(forename, surname), "perpetrator": a_person(his, name, pnc=None)}
            case = made.refer(f"ready-{number}", **parties)
            workers = {**everyone, "police": second} if number in private else everyone
            screening.screen(
                made.desk.context(coordinator).with_agencies(runtime.agencies_known),
                reference=case,
                screening=a_screening(people=tuple(worker.user for worker in workers.values())),
            )
            made.ask(case)
            made.at(9)
            made.workers = workers
            for code in runtime.agencies.codes:
                agreed = tuple((domain, Level.HIGH, "Seen in every report.") for domain in Domain)
                made.answer(case, code, VIEWS[code] if number in differ else agreed)
            made.workers = everyone
            cases.append(case)
        made.at(0)
        context = runtime.context(made.chair)
        given = ConferenceGiven(held_on=clock.today(), place="Room 4", minute_taker="cora")
        planned = meetings.create_conference(context, given=given).reference
        if on_agenda:
            agenda.add_cases(context, conference=planned, cases=cases)
        return planned, tuple(cases)


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    home = tmp_path_factory.mktemp("conference") / "home"
    conference, cases = build(home)
    unit = Unit(home, cases[0], {})
    unit.start()
    yield Morning(unit, conference, cases)
    unit.kill()


def opened(
    browser: Browser, morning: Morning, user: str, part: str = "", *, size: tuple[int, int] = (WIDE, HIGH)
) -> Page:
    """The page of the conference in a browser of this person's own."""
    context = browser.new_context(
        locale="en-GB",
        timezone_id="America/New_York",  # a screen's own zone makes no difference
        reduced_motion="reduce",
        viewport={"width": size[0], "height": size[1]},
    )
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    expect.set_options(timeout=SECONDS * 1000)
    sign_in(page, morning.unit, user)
    is_screen = user == WALL
    page.goto(morning.unit.address if is_screen else f"{morning.address}{f'&part={part}' if part else ''}")
    expect(page.locator("h1")).to_be_visible()
    settle(page)
    return page


def press(page: Page, name: str) -> None:
    """Press a button by keyboard, as a person without a mouse does."""
    page.get_by_role("button", name=name, exact=True).first.press("Enter")
    settle(page)


def seconds_until(page: Page, heading: str, press: Callable[[], None]) -> float:
    """How long after a press the page has this heading, looked at in each frame that it draws."""
    press()
    began = time.monotonic()
    page.wait_for_function("begins=>document.querySelector('h1')?.innerText.startsWith(begins)", arg=heading)
    return time.monotonic() - began


def names_by_tab(page: Page) -> list[str]:
    """The names of what Tab alone comes to, from the beginning of the page until it is there again."""
    page.evaluate("()=>{document.activeElement.blur();window.getSelection().removeAllRanges()}")
    names: list[str] = []
    while len(names) < 200:
        page.keyboard.press("Tab")
        name = str(page.evaluate(NAME_OF_FOCUS))
        if names and name == names[0]:
            return names
        names.append(name)
    raise AssertionError(f"Tab does not come back: {names[-5:]}")


def picture(page: Page, request: pytest.FixtureRequest, name: str) -> None:
    if request.config.getoption(PICTURES, default=False):
        whole = page.evaluate("()=>document.querySelector('[data-testid=stMain]').scrollHeight")
        width = page.viewport_size["width"] if page.viewport_size else WIDE
        page.set_viewport_size({"width": width, "height": min(whole + 52, 3400)})
        page.wait_for_timeout(1_500)
        _keep(page.screenshot(), FOLDER / f"{name}.png")
        page.set_viewport_size({"width": width, "height": HIGH})


def decided_in_clicks(page: Page, summary: str) -> int:
    """Record a decision on which all agree, typing only the summary; return the clicks that it took."""
    column = page.locator(".st-key-decision-column")
    field = column.get_by_label("Summary of the decision, in a few sentences")
    groups = [f"{words.domain_in_words(domain)}: panel judgement" for domain in Domain]
    choices = [
        column.get_by_role("radiogroup", name=name).get_by_text("High", exact=True)
        for name in (*groups, "Confidence of the panel")
    ]
    for choice in choices:
        choice.click()
        settle(page)
    field.click()
    page.keyboard.type(summary)
    column.get_by_role("button", name="Review the decision").click()
    column.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("is recorded, version 1.")).to_be_visible()
    settle(page)
    return len(choices) + 3


def test_a_morning_from_the_agenda_to_the_minutes_with_a_follower_who_is_never_moved_while_typing(
    browser: Browser, morning: Morning, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    chair = opened(browser, morning, "zhe")
    assert faults(chair, RULES) == []
    picture(chair, request, "conference-agenda")
    press(chair, "Start the conference")
    press(chair, "Start now")
    police = opened(browser, morning, "police-worker")
    expect(police.get_by_text("The first item is not on the screen yet.")).to_be_visible()

    wall = opened(browser, morning, WALL, size=(1920, 1080))
    expect(wall.locator("h1")).to_have_text("No conference is open on this screen.")
    _counts_as_used(wall)
    with everyone_is_here(morning) as taker:
        open_room(taker, conference=morning.conference, account=WALL)
    expect(wall.locator("h1")).to_have_text("The conference is in session.")

    next_item = chair.get_by_role("button", name="Next item", exact=True)
    first = seconds_until(police, "1. Stalking of Manisha", lambda: next_item.press("Enter"))
    settle(chair)
    expect(chair.get_by_text("Conference ends about")).to_be_visible()
    assert chair.evaluate(SIDEWAYS) <= 0
    assert faults(chair, RULES) == []
    assert faults(police, RULES) == []
    picture(chair, request, "conference-chair")
    picture(police, request, "conference-follower")

    expect(wall.locator("h1")).to_have_text("M. T., alleged: R. F.")
    assert "Manisha" not in wall.locator("body").inner_text()
    assert wall.evaluate(FOCUSABLE) == []
    assert faults(wall, RULES) == []
    assert wall.evaluate(SIDEWAYS) <= 0
    with as_user(morning, "cora") as taker:
        open_room(taker, conference=morning.conference, shows=RoomShows.VIOLENCE)
    expect(wall.locator("h2")).to_contain_text("Violence")
    settle(wall)
    assert faults(wall, RULES) == []
    assert wall.evaluate(SIDEWAYS) <= 0
    assert all(size >= least for size, least in zip(wall.evaluate(SIZES), LEGIBLE, strict=True))
    if request.config.getoption(PICTURES, default=False):
        _keep(wall.screenshot(), FOLDER / "conference-room.png")
    _counts_as_used(wall)
    began = time.monotonic()
    wall.context.set_offline(True)
    wall.wait_for_function("()=>document.documentElement.classList.contains('no-contact')")
    blank = time.monotonic() - began
    assert blank < 8  # five seconds and one interval on a machine that does nothing else
    expect(wall.get_by_text("No contact since")).to_be_visible()
    expect(wall.locator("h1")).to_be_hidden()
    wall.context.set_offline(False)
    expect(wall.locator("h1")).to_be_visible()

    reached = names_by_tab(chair)
    levels = [f"{words.domain_in_words(domain)}: panel judgement" for domain in Domain]
    wanted = {*levels, "Next item", "Break", "Close the conference", "Show item 2", "Review the decision"}
    assert not wanted - set(reached)
    for page in (chair, police):
        change_to_dark(page, width=320)
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(CUT_OFF) == []
        assert faults(page, COLOURS) == []
        page.set_viewport_size({"width": WIDE, "height": HIGH})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        settle(page)

    chair.get_by_label("Summary of the decision, in a few sentences").press_sequentially("The panel plans. ")
    with as_user(morning, "cora") as deputy:
        seen = meetings.view_conference(deputy, conference=morning.conference).agenda
        agenda.order_agenda(deputy, conference=morning.conference, places=[1, 3, 2], seen=seen)
    expect(chair.get_by_role("button", name="Show it", exact=True)).to_be_visible()
    expect(chair.get_by_label("Summary of the decision, in a few sentences")).to_have_value(
        "The panel plans. "
    )
    press(chair, "Show it")
    expect(chair.get_by_label("Summary of the decision, in a few sentences")).to_have_value(
        "The panel plans. "
    )

    press(police, "View item 3")
    expect(police.locator("h1")).to_contain_text("3. Stalking of Ines")
    press(chair, "Next item")
    expect(police.get_by_text("The room is on item 2.").first).to_be_visible()
    expect(police.locator("h1")).to_contain_text("3. Stalking of Ines")
    press(police, "Return to the room")
    expect(police.locator("h1")).to_contain_text("2. Stalking of Yaa")

    assert decided_in_clicks(chair, "All members agree on the order.") <= 8

    expect(police.get_by_text("All members agree on the order.")).to_be_visible()
    settle(police)  # else this change and the next come with one drawing
    police.evaluate(READ_WHILE_WAITING)
    follows = seconds_until(police, "3. Stalking of Ines", lambda: next_item.press("Enter"))
    said, heading = police.evaluate("()=>window.readFirst")
    assert said == "The room is on item 3."
    assert heading.startswith("2. Stalking of Yaa"), "it is said before the page is drawn"
    assert follows < 5  # two seconds on a machine that does nothing else
    settle(chair)
    with capsys.disabled():
        print(f"\nthe follower has the first item after {first:.1f} s, a later one after {follows:.1f} s;")
        print(f"without contact the room's screen is blank after {blank:.1f} s")

    press(chair, "Close the conference")
    press(chair, "Close now")
    expect(police.get_by_text("Copy for Chike Okafor")).to_be_visible()
    expect(chair.get_by_text("Copy for Zhe Pang")).to_be_visible()
    expect(wall.locator("h1")).to_have_text("No conference is open on this screen.")
    expect(wall.get_by_text("Conference ends about")).to_be_hidden()
    assert faults(police, RULES) == []
    police.set_viewport_size({"width": 320, "height": HIGH})
    settle(police)
    assert police.evaluate(SIDEWAYS) <= 0
    police.emulate_media(media="print")
    expect(police.locator("article.minutes")).to_be_visible()
    expect(police.get_by_role("button", name="Print")).to_be_hidden()
    expect(police.locator(".pm").first).to_be_hidden()  # the marking is in the margins of each sheet
    police.emulate_media(media="screen")
    change_to_dark(police)
    assert faults(police, COLOURS) == []
    with as_user(morning, "zhe") as context:
        assert view_case(context, reference=morning.cases[0]).decision is None
        decision = view_case(context, reference=morning.cases[AGREED]).decision
        assert decision is not None
        assert {each.reasons or each.settled for each in decision.judgements} == {None}
    for page in (chair, police, wall):
        page.context.close()


def _counts_as_used(wall: Page) -> None:
    """The script that locks a page that is not used reads a movement at each answer: the wall stays open."""
    moves = "()=>new Promise(done=>addEventListener('pointermove',()=>done(true),{once:true}))"
    assert wall.evaluate(moves)


@contextmanager
def as_user(morning: Morning, name: str) -> Iterator[AgencyContext]:
    """What a use case is given behind the browsers' back."""
    with open_runtime({"STAC_HOME": str(morning.unit.home)}) as runtime:
        yield runtime.context(users.find_user(uow=runtime.uow, name=name).acting())


@contextmanager
def everyone_is_here(morning: Morning) -> Iterator[AgencyContext]:
    """The minute taker, after recording that the four agencies came."""
    with as_user(morning, "cora") as taker:
        for agency in VIEWS:
            given = AttendanceGiven(act=AttendanceAct.ARRIVED, user=f"{agency}-worker")
            record_attendance(taker, conference=morning.conference, given=given)
        yield taker
