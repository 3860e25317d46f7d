"""A hundred people on two processes of the dashboard behind nginx, while an agency's file is taken in.

The pages and people are those of ``dashboard``, each signed in with a password over TLS, through the file for
nginx that operators copy. ``STAC_BENCH_SESSIONS`` and ``STAC_BENCH_SECONDS`` as there; ``STAC_BENCH_ROWS`` is
the length of the file. Beside it, in the same run: as many on a bare Streamlit page of one process.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.behind_nginx import NAME, nginx
from benchmarks.crowd import ROOT, Served, connected, serving
from benchmarks.dashboard import BARE, Seen, at_work, record_at_work, warm_all
from benchmarks.importing import write_file
from benchmarks.measured import Measured
from dashboard.sign_in import COOKIE
from engine.clock import SystemClock
from engine.domain.accounts.sign_ins import SignInWay
from engine.runtime import open_runtime
from engine.services.accounts.sign_ins import begin_sign_in

SESSIONS = int(os.environ.get("STAC_BENCH_SESSIONS", "100"))
ROWS = int(os.environ.get("STAC_BENCH_ROWS", "10000"))
MEDIAN_MS, P95_MS, SESSION_MB = 150.0, 1_000.0, 1.5
FIRST = max(2, SESSIONS // 10)
"""So many are there before memory is measured: each process has loaded its pages then."""
SETTINGS = f'ask_about_connections = false\n[sign_in]\naddress = "https://{NAME}"\n'
_MB = 1_000_000


def measure() -> list[Measured]:
    """Latencies in milliseconds with the file at work, and memory of the dashboards for each session."""
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as place, ExitStack() as stack:
        folder, home = Path(place), Path(place) / "home"
        people, references = record_at_work(home)
        (home / "settings.toml").write_text(SETTINGS)
        file = folder / "agency.csv"
        write_file(file, ROWS, numbered="W")
        tokens = _tokens(home, [people[each % len(people)] for each in range(SESSIONS)])
        ours = [stack.enter_context(serving(["uvicorn", "dashboard.app:app"], home)) for _ in range(2)]
        ports = [int(each.address.rpartition(":")[2]) for each in ours]
        port = stack.enter_context(nginx(folder / "nginx", *ports))
        crowd = _Crowd(ours, home, file, port)
        seen = asyncio.run(crowd.at_work(tokens, references))
        bare = folder / "bare.py"
        bare.write_text(BARE)
        with serving(["streamlit", "run", str(bare)], home) as plain:
            beside, bare_megabytes = asyncio.run(_on_bare(plain, references))
    print(seen.in_words(), beside.in_words(), sep="\n", file=sys.stderr)
    name, against = f"a page, {SESSIONS} sessions behind nginx", f"a bare Streamlit page, {SESSIONS} sessions"
    return [
        Measured(
            name=f"{name}, {ROWS:,} referrals taken in beside them, {which}",
            figure=seen.at(share),
            unit="ms",
            target=target,
            yardstick=beside.at(share),
            against=against,
        )
        for which, share, target in (("median", 0.5, MEDIAN_MS), ("p95", 0.95, P95_MS))
    ] + [
        Measured(
            name=f"{name}, processor time of the dashboards",
            figure=seen.processor_ms,
            unit="ms",
            target=MEDIAN_MS,
            yardstick=beside.processor_ms,
            against=against,
        ),
        Measured(
            name="memory of the dashboards for each session",
            figure=crowd.megabytes_each,
            unit="MB",
            target=SESSION_MB,
            yardstick=bare_megabytes,
            against=against,
        ),
    ]


class _Crowd:
    """The people before nginx, and the agency whose file comes meanwhile."""

    def __init__(self, dashboards: list[Served], home: Path, file: Path, port: int) -> None:
        self._dashboards, self._home, self._file, self._port = dashboards, home, file, port
        self._taking_in: subprocess.Popen[bytes] | None = None
        self.megabytes_each = float("nan")

    async def at_work(self, tokens: list[str], references: list[str]) -> Seen:
        """Everybody works; the file begins when the measuring does, and is taken in whole."""
        opened: list[ClientConnection] = []
        try:
            for token in tokens[:FIRST]:
                opened.append(await self._connected(token))
            await warm_all(opened, references)
            before = self._resident_bytes()
            for token in tokens[FIRST:]:
                opened.append(await self._connected(token))
            seen = await at_work(opened, references, processor=self._processor_seconds, begun=self._take_in)
            self.megabytes_each = (self._resident_bytes() - before) / (SESSIONS - FIRST) / _MB
        finally:
            for each in opened:
                await each.close()
        assert self._taking_in is not None
        if self._taking_in.wait(600) != 0:
            raise RuntimeError("the file was not taken in")
        return seen

    def _resident_bytes(self) -> int:
        return sum(each.resident_bytes for each in self._dashboards)

    def _processor_seconds(self) -> float:
        return sum(each.processor_seconds() for each in self._dashboards)

    def _take_in(self) -> None:
        self._taking_in = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "--as", "demo", "referral", "import", str(self._file)],
            cwd=ROOT,
            env={**os.environ, "STAC_HOME": str(self._home)},
            stdout=subprocess.DEVNULL,
        )

    async def _connected(self, token: str) -> ClientConnection:
        """A session at the process that nginx gives this browser."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        async with httpx.AsyncClient(verify=False) as browser:
            first = await browser.get(f"https://127.0.0.1:{self._port}/", headers={"Host": NAME})
        route = next(each for each in first.headers.get_list("set-cookie") if each.startswith("stac_route="))
        return await connect(
            f"wss://{NAME}/_stcore/stream",
            host="127.0.0.1",
            port=self._port,
            ssl=trusting,
            subprotocols=["streamlit"],  # type: ignore[list-item]  # a type of its own, which is a str
            additional_headers={"Cookie": f"{COOKIE}={token}; {route.partition(';')[0]}"},
            origin=f"https://{NAME}",  # type: ignore[arg-type]
            max_size=None,
            ping_interval=None,
        )


async def _on_bare(plain: Served, references: list[str]) -> tuple[Seen, float]:
    opened = [await connected(plain, None) for _ in range(FIRST)]
    try:
        await warm_all(opened, references, is_bare=True)
        before = plain.resident_bytes
        opened += [await connected(plain, None) for _ in range(SESSIONS - FIRST)]
        seen = await at_work(opened, references, processor=plain.processor_seconds, is_bare=True)
        return seen, (plain.resident_bytes - before) / (SESSIONS - FIRST) / _MB
    finally:
        for each in opened:
            await each.close()


def _tokens(home: Path, people: list[str]) -> list[str]:
    """A sign-in for each session, as after a password."""
    with open_runtime({"STAC_HOME": str(home)}, clock=SystemClock()) as runtime:
        return [
            begin_sign_in(
                uow=runtime.uow,
                clock=runtime.clock,
                name=name,
                way=SignInWay.PASSWORD,
                lasts=runtime.settings.sign_in.lasts,
            )
            for name in people
        ]
