"""The processes of ``stac serve``: a Prefect server, the runner and the dashboard, each restarted if it ends.

Each is a process of its own, so that one that crashes takes no other with it: it is started again, and
the waiting caller gets a message. None outlives this process, however this one ends.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, current_thread, main_thread
from types import FrameType

from engine.domain.errors import SetupError
from flows import process_registry, server
from flows.children import Child, Command, stop_all
from flows.server import PrefectServer, answers
from flows.watch import RUNNER

PORT = "{port}"
DASHBOARD: tuple[str, ...] = (
    "uvicorn",
    "dashboard.app:app",
    "--host",
    "127.0.0.1",
    "--port",
    PORT,
    "--log-level",
    "warning",
)
"""The dashboard: a Python module and its arguments.

``{port}`` is replaced by the port that was found free.
"""
START_SECONDS = 90.0
_LOOK_SECONDS = 0.5
_LONGEST_PAUSE = 60.0
_LIVED_WELL_SECONDS = 120.0
_FAILED_START_SECONDS = 60.0
"""A part that ends sooner has not started: twice the time that a server takes on a busy machine."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Addresses:
    """Addresses at which a browser finds what is served."""

    dashboard: str
    prefect: str


class Serving:
    """Parts that are being served. ``wait`` restarts those that end, until a stop is asked for."""

    def __init__(self, addresses: Addresses, records: Sequence[_Kept], stop: Event) -> None:
        self.addresses = addresses
        self._children, self._stop = tuple(records), stop

    def wait(self, tell: Tell | None = None) -> None:
        """Restart every part that ends, until SIGINT, SIGTERM or ``stop``.

        ``tell`` is called on each crash.
        """
        while not self._stop.wait(_LOOK_SECONDS):
            for part in self._children:
                said = part.look_after()
                if said is not None and tell is not None:
                    tell(said)

    def stop(self) -> None:
        """Let ``wait`` come to its end."""
        self._stop.set()


class _Kept:
    """A child that is started again when it ends, after a pause that grows with each end."""

    def __init__(self, child: Child, *, failed: Callable[[], None] = lambda: None) -> None:
        self.child = child
        self._failed = failed
        """Called when it ended soon after its start, before it is started again."""
        self._pause, self._born, self._again_at = 1.0, time.monotonic(), 0.0
        self._missing = self._ended_soon = False

    def look_after(self) -> str | None:
        """Start it again when it is time to; return a sentence when there is something to report."""
        now = time.monotonic()
        if self.child.is_alive:
            self.child.limit_log()
            if now - self._born > _LIVED_WELL_SECONDS:
                self._pause = 1.0
            return None
        if not self._missing:
            self._missing, self._again_at = True, now + self._pause
            self._ended_soon = now - self._born < _FAILED_START_SECONDS
            return (
                f"the {self.child.command.title} stopped {self.child.how_it_ended}; "
                f"it is started again in {self._pause:.0f} s"
            )
        if now >= self._again_at:
            self.child.bury(by=now)
            if self._ended_soon:
                self._failed()
            self.child.start()
            self._missing, self._born = False, now
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        return None


@contextmanager
def serving(
    home: Path,
    *,
    environ: Mapping[str, str] | None = None,
    dashboard: Sequence[str] = DASHBOARD,
    dashboard_port: int | None = None,
) -> Iterator[Serving]:
    """Serve an initialised home on loopback, from when the dashboard answers until the block is left.

    Within the block SIGINT and SIGTERM end ``wait`` and nothing else. Raises SetupError when this home is
    served already, or when a part cannot be started.
    """
    fields = {**(os.environ if environ is None else environ), "STAC_HOME": str(home.absolute())}
    stop = Event()
    with ExitStack() as stack:
        stack.enter_context(_alone(home))
        stack.enter_context(_signals_stop(stop))
        prefect = PrefectServer(home, name=server.LASTING, lasting=True)
        stack.callback(prefect.close)
        port = dashboard_port or free_port()
        page = tuple(part.replace(PORT, str(port)) for part in dashboard)
        runner = Child(home, Command(name=RUNNER, title="runner", module=("flows.watch",), environ=fields))
        drawn = Child(
            home, Command(name="dashboard", title="dashboard", module=page, environ=fields, port=port)
        )
        children = (runner, drawn, prefect.child)
        stack.callback(stop_all, children)
        runner.start()  # first: it watches over alarms, and waits for no other part
        drawn.start()
        with server.one_at_a_time(home, "server-start"):
            prefect.start()
            _wait_for(drawn, port, stop)
            prefect.wait_through_failed_starts(stop)
        addresses = Addresses(
            dashboard=f"http://127.0.0.1:{port}", prefect=f"http://127.0.0.1:{prefect.port}"
        )
        parts = [_Kept(runner), _Kept(drawn), _Kept(prefect.child, failed=prefect.failed)]
        yield Serving(addresses, parts, stop)


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _wait_for(child: Child, port: int, stop: Event) -> None:
    until = time.monotonic() + START_SECONDS
    while not answers(port, "/"):
        if stop.is_set():
            return
        if not child.is_alive or time.monotonic() > until:
            raise SetupError(
                f"the {child.command.title} did not start ({child.how_it_ended}); "
                f"{process_registry.RUN}/{child.log.name} in the home folder shows why, "
                "or in JSON the kind of error"
            )
        stop.wait(_LOOK_SECONDS)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold this home's place as the one that serves it; the place is free again when this process ends."""
    with (process_registry.run_folder(home) / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            there = process_registry.standing(home, "serve")
            by = f"process {there.pid}" if there else "another process"
            raise SetupError(
                f"this home folder is already served by {by}; stop that one first, or use it"
            ) from None
        process_registry.note(home, "serve", pid=os.getpid())
        try:
            yield
        finally:
            process_registry.forget(home, "serve")


@contextmanager
def _signals_stop(stop: Event) -> Iterator[None]:
    """Set SIGINT and SIGTERM to ask to stop. Python allows it only on the main thread."""
    if current_thread() is not main_thread():
        yield
        return

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
