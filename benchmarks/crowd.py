"""The real dashboard in a process of its own, and clients that speak Streamlit's protocol with it.

No browser takes the processor that is measured. Knows no benchmark and no page.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.asyncio.client import ClientConnection, connect

from dashboard.sign_in import COOKIE

ROOT = Path(__file__).parents[1]
BARE_ROUTE = "/_stcore/health"
"""A route of the same server that reads no record and no sign-in."""
SETTINGS = "ask_about_connections = false\ndevelopment_sign_in = true\n"


@dataclass
class Served:
    """A server under measurement."""

    address: str
    process: subprocess.Popen[bytes]

    @property
    def resident_bytes(self) -> int:
        """Memory of the process."""
        return psutil.Process(self.process.pid).memory_info().rss

    def processor_seconds(self) -> float:
        """What it used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(command: Sequence[str], home: Path) -> Iterator[Served]:
    """A server of this home, until it is no longer needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    named = (
        ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
        if command[0] == "uvicorn"
        else ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    )
    process = subprocess.Popen(
        [sys.executable, "-m", *command, *named],
        cwd=ROOT,
        env={**os.environ, "STAC_HOME": str(home), "STAC_DEVELOPMENT_SIGN_IN": "1"},
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


def signed_in(served: Served, user: str) -> str:
    """The cookie of a new sign-in of this user."""
    address = served.address
    answer = httpx.post(f"{address}/sign-in", data={"user": user}, headers={"Origin": address})
    return str(answer.headers["set-cookie"].split(f"{COOKIE}=")[1].split(";")[0])


async def connected(served: Served, cookie: str | None) -> ClientConnection:
    """A session, before its first page."""
    return await connect(
        served.address.replace("http", "ws", 1) + "/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]  # a type of its own, which is a str
        additional_headers={"Cookie": f"{COOKIE}={cookie}"} if cookie else {},
        origin=served.address,  # type: ignore[arg-type]
        max_size=None,
        ping_interval=None,
    )


@dataclass
class Page:
    """A page as its client knows it: its buttons, and the part that is drawn again without the others."""

    buttons: dict[str, str] = field(default_factory=dict)
    """The ids of its buttons by their labels."""
    part: str | None = None
    drawn_at: float | None = None
    """When all was received of what has the mark that was asked for."""


async def drawn(
    connection: ClientConnection,
    address: str | None,
    query: str = "",
    *,
    pressed: str | None = None,
    part: str | None = None,
    mark: bytes | None = None,
) -> Page:
    """Run the page once, or that part of it, after this button was pressed. All of it is received then.

    ``mark`` is in what a person waits for.
    """
    message = BackMsg()
    asked = message.rerun_script
    asked.page_script_hash = calc_hash(address) if address else ""
    asked.query_string = query
    if part is not None:
        asked.fragment_id = part
    if pressed is not None:
        asked.widget_states.widgets.add(id=pressed, trigger_value=True)
    await connection.send(message.SerializeToString())
    page = Page()
    while True:
        raw = await connection.recv()
        assert isinstance(raw, bytes)
        if mark is not None and page.drawn_at is None and mark in raw:
            page.drawn_at = time.monotonic()
        if len(raw) > 1_000:  # neither the end of a run nor a button
            continue
        answer = ForwardMsg.FromString(raw)
        if answer.WhichOneof("type") == "script_finished" and answer.script_finished != 2:
            assert answer.script_finished == (3 if part else 0), answer
            return page
        if answer.WhichOneof("type") == "delta" and answer.delta.new_element.WhichOneof("type") == "button":
            button = answer.delta.new_element.button
            page.buttons[button.label] = button.id
            page.part = answer.delta.fragment_id or page.part


def _await(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}{BARE_ROUTE}", timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
