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
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.measured import Measured
from benchmarks.scaled_record import scaled_record
from dashboard.pages import Place
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Role
from engine.domain.cases.lifecycle import State
from engine.services.accounts.users import find_user, users_for_sign_in
from engine.services.cases.lists import list_page

ROOT = Path(__file__).parents[1]
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
        people, references = _record(home)
        with _serving(["uvicorn", "dashboard.app:app"], home) as ours:
            cookies = [_cookie(ours.address, people[each % len(people)]) for each in range(SESSIONS)]
            seen = asyncio.run(_crowd(ours, cookies, references))
        with _serving(["streamlit", "run", str(bare)], home) as plain:
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
class Served:
    """A server under measurement."""

    address: str
    process: subprocess.Popen[bytes]

    def processor_seconds(self) -> float:
        """What it used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
    """Everybody opens a page once, unmeasured; then each works until the time is over."""
    seen, begins = Seen(), asyncio.Event()
    ready = asyncio.Semaphore(4)
    opened: list[ClientConnection] = []
    try:
        for cookie in cookies:
            opened.append(await _connected(served, cookie))
        chosen = [random.Random(number) for number in range(len(opened))]

        async def warm(number: int) -> None:
            async with ready:
                for place, _ in VISITS if cookies[number] else ():
                    await _asked(opened[number], place, references[0] if place is Place.CASE else None)
                if not cookies[number]:
                    await _asked(opened[number], None, None)

        await asyncio.gather(*(warm(number) for number in range(len(opened))))

        async def work(number: int) -> None:
            random_of = chosen[number]
            await begins.wait()
            await asyncio.sleep(random_of.uniform(0, THINK[1]))
            while time.monotonic() < until:
                place = random_of.choices([p for p, _ in VISITS], [share for _, share in VISITS])[0]
                reference = random_of.choice(references) if place is Place.CASE else None
                began = time.perf_counter()
                await _asked(opened[number], place if cookies[number] else None, reference)
                seen.latencies.append((place.address, time.perf_counter() - began))
                await asyncio.sleep(random_of.uniform(*THINK))

        tasks = [asyncio.create_task(work(number)) for number in range(len(opened))]
        before = served.processor_seconds()
        until = time.monotonic() + SECONDS
        begins.set()
        await asyncio.gather(*tasks)
        seen.processor = served.processor_seconds() - before
    finally:
        for each in opened:
            await each.close()
    return seen


async def _connected(served: Served, cookie: str | None) -> ClientConnection:
    return await connect(
        served.address.replace("http", "ws", 1) + "/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]  # a type of its own, which is a str
        additional_headers={"Cookie": f"{COOKIE}={cookie}"} if cookie else {},
        origin=served.address,  # type: ignore[arg-type]
        max_size=None,
        ping_interval=None,
    )


async def _asked(socket_: ClientConnection, place: Place | None, reference: str | None) -> None:
    message = BackMsg()
    asked = message.rerun_script
    asked.page_script_hash = calc_hash(place.address) if place else ""
    asked.query_string = f"ref={reference}" if reference else ""
    await socket_.send(message.SerializeToString())
    while True:
        raw = await socket_.recv()
        assert isinstance(raw, bytes)
        if len(raw) < 200:  # the end of a run is a small message
            answer = ForwardMsg.FromString(raw)
            if answer.WhichOneof("type") == "script_finished" and answer.script_finished != 2:
                assert answer.script_finished == 0, answer
                return


def _record(home: Path) -> tuple[list[str], list[str]]:
    """The demonstration, with the people who look and the cases that are looked at."""
    (home / "settings.toml").parent.mkdir(parents=True, exist_ok=True)
    with scaled_record(home, referrals=REFERRALS, seed_referrals=REFERRALS) as runtime:
        people = [user.name for user in users_for_sign_in(uow=runtime.uow) if user.role in READERS]
        reader = find_user(uow=runtime.uow, name="demo").acting()
        states = [state for state in State if state is not State.NOT_SCREENED]
        listed = list_page(runtime.context(reader), states=states, count=60)
        references = [row.reference for row in listed.rows]
    (home / "settings.toml").write_text("ask_about_connections = false\ndevelopment_sign_in = true\n")
    return people, references


def _cookie(address: str, user: str) -> str:
    answer = httpx.post(f"{address}/sign-in", data={"user": user}, headers={"Origin": address})
    return str(answer.headers["set-cookie"].split(f"{COOKIE}=")[1].split(";")[0])


@contextmanager
def _serving(command: Sequence[str], home: Path) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    named = (
        ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
        if command[0] == "uvicorn"
        else ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    )
    environ = {**os.environ, "STAC_HOME": str(home), "STAC_DEVELOPMENT_SIGN_IN": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", *command, *named],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(process, address)
        yield Served(address, process)
    finally:
        process.terminate()
        process.wait(20)


def _await(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
