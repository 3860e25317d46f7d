"""Fifty people at work on the dashboard of one process, beside as many on a bare Streamlit page, in one run.

Each is a client of our own that speaks Streamlit's protocol, so that no browser takes the processor: it signs
in, opens pages (four in ten are cases), and waits about eight seconds between them. A latency is from the
message to the end of the page's program, all of its elements received; the browser's own part comes on top.
``STAC_BENCH_SESSIONS`` makes it another number of people, ``STAC_BENCH_SECONDS`` another length.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.client import ClientConnection

from benchmarks.crowd import SETTINGS, Served, connected, drawn, serving, signed_in
from benchmarks.measured import Measured
from benchmarks.scaled_record import scaled_record
from dashboard.pages import Place
from engine.domain.accounts.acting import Role
from engine.domain.cases.lifecycle import State
from engine.services.accounts.users import find_user, users_for_sign_in
from engine.services.cases.lists import list_page

SESSIONS = int(os.environ.get("STAC_BENCH_SESSIONS", "50"))
SECONDS = float(os.environ.get("STAC_BENCH_SECONDS", "90"))
REFERRALS = int(os.environ.get("STAC_BENCH_SEED_REFERRALS", "512"))
THINK = (4.0, 12.0)
MEDIAN_MS, P95_MS = 150.0, 1_000.0
BARE = "import streamlit as st\nst.html('<h1>Bare</h1>')\nst.button('Again')\n"
VISITS = (
    (Place.CASE, 40),
    (Place.WORKLIST, 25),
    (Place.CASES, 20),
    (Place.OUTCOMES, 10),
    (Place.AGENCIES, 5),
)
READERS = (Role.COORDINATOR, Role.CHAIR)
"""Who has all of these pages, and the longest of them."""


def measure() -> list[Measured]:
    """Latencies in milliseconds, and the server's processor time for each page."""
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as place:
        folder = Path(place)
        bare = folder / "bare.py"
        bare.write_text(BARE)
        home = folder / "home"
        people, references = record_at_work(home)
        with serving(["uvicorn", "dashboard.app:app"], home) as ours:
            cookies = [signed_in(ours, people[each % len(people)]) for each in range(SESSIONS)]
            seen = asyncio.run(_crowd(ours, cookies, references))
        with serving(["streamlit", "run", str(bare)], home) as plain:
            beside = asyncio.run(_crowd(plain, [None] * SESSIONS, references))
    print(seen.in_words(), beside.in_words(), sep="\n", file=sys.stderr)
    against = f"a bare Streamlit page, {SESSIONS} sessions"
    name = f"a page, {SESSIONS} sessions"
    return [
        Measured(
            name=f"{name}, median",
            figure=seen.at(0.5),
            unit="ms",
            target=MEDIAN_MS,
            yardstick=beside.at(0.5),
            against=against,
        ),
        Measured(
            name=f"{name}, p95",
            figure=seen.at(0.95),
            unit="ms",
            target=P95_MS,
            yardstick=beside.at(0.95),
            against=against,
        ),
        Measured(
            name=f"{name}, processor time of the server",
            figure=seen.processor_ms,
            unit="ms",
            target=MEDIAN_MS,
            yardstick=beside.processor_ms,
            against=against,
        ),
    ]


@dataclass
class Seen:
    """What a crowd saw."""

    latencies: list[tuple[str, float]] = field(default_factory=list)
    processor: float = 0.0

    def at(self, share: float, kind: str | None = None) -> float:
        """The latency below which so many lie, in milliseconds."""
        taken = sorted(each for name, each in self.latencies if kind in (None, name))
        return 1_000 * taken[min(len(taken) - 1, int(share * len(taken)))]

    @property
    def processor_ms(self) -> float:
        """The server's processor time for each page."""
        return 1_000 * self.processor / len(self.latencies)

    def in_words(self) -> str:
        """By kind of page: how many, median, p95."""
        kinds = sorted({name for name, _ in self.latencies})
        return "; ".join(
            f"{kind} {sum(name == kind for name, _ in self.latencies)}: "
            f"{self.at(0.5, kind):.0f} / {self.at(0.95, kind):.0f} ms"
            for kind in kinds
        )


async def _crowd(served: Served, cookies: Sequence[str | None], references: Sequence[str]) -> Seen:
    opened: list[ClientConnection] = []
    try:
        for cookie in cookies:
            opened.append(await connected(served, cookie))
        is_bare = cookies[0] is None
        return await at_work(opened, references, processor=served.processor_seconds, is_bare=is_bare)
    finally:
        for each in opened:
            await each.close()


async def at_work(
    opened: Sequence[ClientConnection],
    references: Sequence[str],
    *,
    processor: Callable[[], float],
    is_bare: bool = False,
    begun: Callable[[], object] = bool,
) -> Seen:
    """Everybody opens each page once, unmeasured; after ``begun`` each works until the time is over."""
    seen = Seen()
    await warm_all(opened, references, is_bare=is_bare)
    begun()
    before, until = processor(), time.monotonic() + SECONDS
    working = [
        work_until(until, connection, references, random.Random(number), is_bare=is_bare)
        for number, connection in enumerate(opened)
    ]
    for latencies in await asyncio.gather(*working):
        seen.latencies += latencies
    seen.processor = processor() - before
    return seen


async def warm_all(
    opened: Sequence[ClientConnection], references: Sequence[str], *, is_bare: bool = False
) -> None:
    """Everybody opens each page once, four at the same time."""
    ready = asyncio.Semaphore(4)

    async def warm(connection: ClientConnection) -> None:
        async with ready:
            await _warm(connection, references, is_bare=is_bare)

    await asyncio.gather(*map(warm, opened))


async def _warm(connection: ClientConnection, references: Sequence[str], *, is_bare: bool) -> None:
    if is_bare:
        await drawn(connection, None)
        return
    for place, _ in VISITS:
        query, mark = _query(place, references[0]), references[0].encode()
        page = await drawn(connection, place.address, query, mark=mark)
        if place is Place.CASE and page.drawn_at is None:
            raise RuntimeError("a case was not drawn: the session is not signed in")


async def work_until(
    until: float,
    connection: ClientConnection,
    references: Sequence[str],
    chosen: random.Random,
    *,
    is_bare: bool = False,
) -> list[tuple[str, float]]:
    """Open pages as a person at work does; return the address and the seconds of each."""
    latencies = []
    await asyncio.sleep(chosen.uniform(0, THINK[1]))
    while time.monotonic() < until:
        place = chosen.choices([p for p, _ in VISITS], [share for _, share in VISITS])[0]
        query = _query(place, chosen.choice(references))
        began = time.perf_counter()
        await drawn(connection, None if is_bare else place.address, query)
        latencies.append((place.address, time.perf_counter() - began))
        await asyncio.sleep(chosen.uniform(*THINK))
    return latencies


def _query(place: Place, reference: str) -> str:
    return f"ref={reference}" if place is Place.CASE else ""


def record_at_work(home: Path) -> tuple[list[str], list[str]]:
    """The demonstration, with the people who look and the cases that are looked at."""
    (home / "settings.toml").parent.mkdir(parents=True, exist_ok=True)
    with scaled_record(home, referrals=REFERRALS, seed_referrals=REFERRALS) as runtime:
        people = [user.name for user in users_for_sign_in(uow=runtime.uow) if user.role in READERS]
        reader = find_user(uow=runtime.uow, name="demo").acting()
        states = [state for state in State if state is not State.NOT_SCREENED]
        listed = list_page(runtime.context(reader), states=states, count=60)
        references = [row.reference for row in listed.rows]
    (home / "settings.toml").write_text(SETTINGS)
    return people, references
