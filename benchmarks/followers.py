"""Twenty-five people who follow a conference, beside a dashboard at work, in one process of the server.

Each follower asks the pulse each second, as the script of the page does, and draws the page again when it
changed. In turns: nobody asks; the followers ask; the same clients ask a bare route at the same rate. Five
people open pages all the time, the same ones in each turn. Then the chair presses "Next item", and each
follower notes when the pulse has the item, when the item's levels are on the page, and when all of it is
drawn. The browser's own part comes on top.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection

from benchmarks.crowd import BARE_ROUTE, SETTINGS, Page, Served, connected, drawn, serving, signed_in
from benchmarks.dashboard import READERS, VISITS, work_until
from benchmarks.measured import Measured, median
from benchmarks.scaled_record import scaled_record
from dashboard.pages import Place
from dashboard.pulses import ASK
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Role, User
from engine.domain.cases.lifecycle import State
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.errors import StacError
from engine.runtime import Runtime
from engine.services.accounts.users import add_user, find_user, users_for_sign_in
from engine.services.cases.lists import list_page
from engine.services.conference.agenda import add_cases
from engine.services.conference.meetings import create_conference
from engine.services.conference.session import start_conference
from engine.services.referrals.screening import name_people

FOLLOWERS = int(os.environ.get("STAC_BENCH_FOLLOWERS", "25"))
AT_WORK = 5
SECONDS = float(os.environ.get("STAC_BENCH_SECONDS", "25"))
ROUNDS = 2
REFERRALS = int(os.environ.get("STAC_BENCH_SEED_REFERRALS", "512"))
CASES = 8
INTERVAL = 1.0
MOST_SECONDS = 30.0
HALF_A_CORE, SHOWN_WITHIN = 0.5, 2.0
NEXT = "Next item"
LEVELS = b'class="f sides"'
"""Mark of the table of each agency's levels on the item, which follows the names of its people."""
CHAIR = "chair"


@dataclass(frozen=True)
class Morning:
    """A conference in session, its followers, and what the others at work look at."""

    conference: str
    followers: tuple[str, ...]
    at_work: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def query(self) -> str:
        """The conference in the address of its page."""
        return f"conference={self.conference}"


@dataclass
class Follower:
    """One person who follows, and when each item was there: by the number of the change of the screen."""

    connection: ClientConnection
    cookie: str
    part: str | None = None
    """The part of the page that is drawn again when the conference changed."""
    in_pulse: dict[int, float] = field(default_factory=dict)
    has_levels: dict[int, float] = field(default_factory=dict)
    on_page: dict[int, float] = field(default_factory=dict)
    failed: int = 0


def measure() -> list[Measured]:
    """Processor seconds of the server for each second, and seconds until a follower has the next item."""
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as place:
        home = Path(place) / "home"
        home.mkdir()
        with scaled_record(home, referrals=REFERRALS, seed_referrals=REFERRALS) as runtime:
            morning = _morning(runtime)
        (home / "settings.toml").write_text(SETTINGS)
        with serving(["uvicorn", "dashboard.app:app"], home) as served:
            return asyncio.run(_measured(served, morning))


async def _measured(served: Served, morning: Morning) -> list[Measured]:
    followers = [
        Follower(await connected(served, cookie), cookie)
        for cookie in (signed_in(served, user) for user in morning.followers)
    ]
    workers = [await connected(served, signed_in(served, user)) for user in morning.at_work]
    chair = await connected(served, signed_in(served, CHAIR))
    # the server closes a connection that is idle for 5 seconds: a client that does so first never meets that
    limits = httpx.Limits(
        max_connections=FOLLOWERS, max_keepalive_connections=FOLLOWERS, keepalive_expiry=2.5 * INTERVAL
    )
    try:
        async with httpx.AsyncClient(base_url=served.address, limits=limits, timeout=30) as client:
            for worker in workers:
                for place, _ in VISITS:
                    await drawn(worker, place.address, _reference(place, morning.references))
            page = await _page(chair, morning)
            page = await _page(chair, morning, pressed=page.buttons[NEXT], part=page.part)
            alone = [await _drawn_alone(follower, morning) for follower in followers]
            rates = await _rates(served, morning, workers, followers, client)
            turns = await _turns(morning, chair, page, followers, client)
    finally:
        for connection in (chair, *workers, *(each.connection for each in followers)):
            await connection.close()
    failed = sum(follower.failed for follower in followers)
    assert not failed, f"{failed} pulses had no answer"
    return [*_in_cores(rates), *_until_shown(turns, followers, alone=median(alone))]


async def _drawn_alone(follower: Follower, morning: Morning) -> float:
    """How long the part of a follower's page takes that is drawn again, while nobody else asks for one."""
    follower.part = (await _page(follower.connection, morning)).part
    began = time.perf_counter()
    await _page(follower.connection, morning, part=follower.part)
    return time.perf_counter() - began


def _in_cores(rates: dict[str, list[float]]) -> list[Measured]:
    alone = median(rates["alone"])
    pulses, bare = (median(rates[kind]) - alone for kind in ("pulses", "bare"))
    print({kind: [round(rate, 3) for rate in each] for kind, each in rates.items()}, file=sys.stderr)
    return [
        Measured(
            name=f"{FOLLOWERS} followers, processor of the server",
            figure=pulses,
            unit="cores",
            target=HALF_A_CORE,
            yardstick=max(bare, 0.001),
            against="the same clients ask a bare route",
        )
    ]


def _until_shown(turns: Sequence[Turned], followers: Sequence[Follower], *, alone: float) -> list[Measured]:
    print("the chair's own page:", [round(turn.own, 2) for turn in turns], file=sys.stderr)
    rows = []
    for what, times in (
        ("a follower's pulse has the next item", [follower.in_pulse for follower in followers]),
        ("the item with its levels is on a follower's page", [each.has_levels for each in followers]),
        ("all of a follower's page is drawn", [follower.on_page for follower in followers]),
    ):
        by_turn = [sorted(at[turn.screen] - turn.pressed for at in times) for turn in turns]
        for which, figure in (
            ("median", median([seconds for turn in by_turn for seconds in turn])),
            (f"last of {FOLLOWERS}", median([turn[-1] for turn in by_turn])),
        ):
            rows.append(
                Measured(
                    name=f"{what}, {which}",
                    figure=figure,
                    unit="s",
                    target=SHOWN_WITHIN,
                    yardstick=alone,
                    against="one such page drawn again alone",
                )
            )
    return rows


async def _rates(
    served: Served,
    morning: Morning,
    workers: Sequence[ClientConnection],
    followers: Sequence[Follower],
    client: httpx.AsyncClient,
) -> dict[str, list[float]]:
    """Processor seconds for each second, in turns: the pages that are opened are the same in each."""

    async def nothing(follower: Follower, is_over: Callable[[], bool]) -> None:
        """Ask nothing."""

    async def pulses(follower: Follower, is_over: Callable[[], bool]) -> None:
        await _follow(follower, morning, client, is_over)

    async def bare(follower: Follower, is_over: Callable[[], bool]) -> None:
        await _each_second(lambda: _bare(client), is_over)

    kinds = {"alone": nothing, "pulses": pulses, "bare": bare}
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    for turn in range(ROUNDS):
        for kind, ask in kinds.items() if turn % 2 == 0 else reversed(kinds.items()):
            began, before = time.monotonic(), served.processor_seconds()
            until = began + SECONDS
            await asyncio.gather(
                asyncio.sleep(SECONDS),
                *(
                    work_until(until, worker, morning.references, random.Random(number))
                    for number, worker in enumerate(workers)
                ),
                *(ask(follower, _after(until)) for follower in followers),
            )
            rates[kind].append((served.processor_seconds() - before) / (time.monotonic() - began))
    return rates


@dataclass(frozen=True)
class Turned:
    """One press of the chair: when, the change of the screen that it made, and the chair's own seconds."""

    pressed: float
    screen: int
    own: float


async def _turns(
    morning: Morning,
    chair: ClientConnection,
    page: Page,
    followers: Sequence[Follower],
    client: httpx.AsyncClient,
) -> list[Turned]:
    """The chair goes through the agenda, while everyone follows."""
    is_over = asyncio.Event()
    following = asyncio.gather(
        *(_follow(follower, morning, client, is_over.is_set) for follower in followers)
    )
    turned = []
    for screen in range(2, CASES + 1):
        await asyncio.sleep(2 * INTERVAL)
        pressed = time.monotonic()
        page = await _page(chair, morning, pressed=page.buttons[NEXT], part=page.part)
        turned.append(Turned(pressed, screen, time.monotonic() - pressed))
        late = pressed + MOST_SECONDS
        while time.monotonic() < late and not all(screen in follower.on_page for follower in followers):
            await asyncio.sleep(0.1)
    is_over.set()
    await following
    return turned


def _after(until: float) -> Callable[[], bool]:
    return lambda: time.monotonic() >= until


async def _follow(
    follower: Follower, morning: Morning, client: httpx.AsyncClient, is_over: Callable[[], bool]
) -> None:
    """Ask each second; when something changed, draw the page again, and ask on meanwhile."""
    state: list[object] = []
    drawing: list[asyncio.Task[None]] = []
    headers = {"Origin": str(client.base_url).rstrip("/"), "Cookie": f"{COOKIE}={follower.cookie}"}

    async def draw(screen: int) -> None:
        page = await _page(follower.connection, morning, part=follower.part)
        follower.has_levels.setdefault(screen, page.drawn_at or time.monotonic())
        follower.on_page.setdefault(screen, time.monotonic())

    async def ask() -> None:
        answer = await client.post(ASK, json={"conference": morning.conference}, headers=headers)
        if answer.status_code != httpx.codes.OK:
            follower.failed += 1
            return
        pulse = answer.json()
        follower.in_pulse.setdefault(pulse["screen"], time.monotonic())
        is_drawing = bool(drawing) and not drawing[-1].done()
        if [pulse["version"], pulse["changes"]] != state and not is_drawing:
            if state:
                drawing.append(asyncio.create_task(draw(pulse["screen"])))
            state[:] = [pulse["version"], pulse["changes"]]

    await _each_second(ask, is_over)
    await asyncio.gather(*drawing)


async def _bare(client: httpx.AsyncClient) -> None:
    (await client.get(BARE_ROUTE)).raise_for_status()


async def _each_second(ask: Callable[[], Awaitable[None]], is_over: Callable[[], bool]) -> None:
    """Ask at a second's distance, from a moment of this client's own, and never twice at once."""
    at = time.monotonic() + random.uniform(0, INTERVAL)
    while not is_over():
        await asyncio.sleep(max(0, at - time.monotonic()))
        await ask()
        while at <= time.monotonic():
            at += INTERVAL


async def _page(
    connection: ClientConnection, morning: Morning, *, pressed: str | None = None, part: str | None = None
) -> Page:
    return await drawn(
        connection, Place.CONFERENCES.address, morning.query, pressed=pressed, part=part, mark=LEVELS
    )


def _reference(place: Place, references: Sequence[str]) -> str:
    return f"ref={references[0]}" if place is Place.CASE else ""


def _morning(runtime: Runtime) -> Morning:
    """A conference in session, with followers who are named on each of its cases."""
    chair = runtime.context(find_user(uow=runtime.uow, name=CHAIR).acting())
    followers = [user.name for user in users_for_sign_in(uow=runtime.uow) if user.role is Role.PRACTITIONER]
    coordinator = runtime.context(find_user(uow=runtime.uow, name="demo").acting())
    codes = runtime.agencies.codes
    for number in range(FOLLOWERS - len(followers)):
        name, code = f"follower-{number}", codes[number % len(codes)]
        user = User(name=name, display_name=name, role=Role.PRACTITIONER, agency=code)
        followers.append(add_user(coordinator, user=user).name)
    states = [State.READY_FOR_CONFERENCE, State.IN_CONFERENCE, State.DECIDED, State.IN_DELIVERY]
    cases: list[str] = []
    for row in list_page(chair, states=states, count=4 * CASES).rows:
        try:
            name_people(chair, reference=row.reference, people=followers[:FOLLOWERS])
        except StacError:
            continue  # one side of a counter-allegation, or a case that one of them has a conflict with
        cases.append(row.reference)
    assert len(cases) >= CASES, f"only {len(cases)} cases for a conference"
    given = ConferenceGiven(held_on=runtime.clock.today())
    conference = create_conference(chair, given=given).reference
    add_cases(chair, conference=conference, cases=cases[:CASES])
    start_conference(chair, conference=conference)
    listed = list_page(chair, states=[state for state in State if state is not State.NOT_SCREENED], count=60)
    readers = [user.name for user in users_for_sign_in(uow=runtime.uow) if user.role in READERS]
    return Morning(
        conference=conference,
        followers=tuple(followers[:FOLLOWERS]),
        at_work=tuple(readers[number % len(readers)] for number in range(AT_WORK)),
        references=tuple(row.reference for row in listed.rows),
    )
