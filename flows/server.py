"""The Prefect server of a home: the lasting one if it runs, else a temporary one. Imports no Prefect."""

from __future__ import annotations

import fcntl
import http.client
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event

from engine.domain.errors import SetupError
from engine.runtime import HOME, log_format_of
from flows import prefect_settings, process_registry
from flows.children import Child, Command, stop_all

LASTING = "server"
_TEMPORARY = "temporary-server"
ASIDE = "prefect-moved-aside.db"
"""The database that was moved aside last, in the same folder."""
_FAILED_STARTS = 2
_LOOK_SECONDS = 0.1
_ANSWER_SECONDS = 3.0


class PrefectServer:
    """A server of our own as a child process. It has the same port when it is started again."""

    def __init__(self, home: Path, *, name: str, lasting: bool) -> None:
        self._home, self._lasting = home, lasting
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/api"
        self._failed = 0
        environ = dict(os.environ)
        prefect_settings.apply(home, environ=environ)
        environ |= prefect_settings.for_server(self.port, with_pages=lasting)
        database = environ.get(prefect_settings.DATABASE) if lasting else None
        self._has_own_database = not database
        if database:
            environ |= prefect_settings.for_database(database)
        kind = "lasting" if lasting else "temporary"
        fd = self._socket.fileno()
        log_format = log_format_of({**environ, HOME: str(home)}).value
        self.child = Child(
            home,
            Command(
                name=name,
                title="Prefect server",
                module=("flows.prefect_server", str(fd), kind, log_format),
                environ=environ,
                port=self.port,
                handed_on=(fd,),
            ),
        )

    def start(self) -> None:
        """Start it, and do not wait until it answers."""
        (self._home / "prefect").mkdir(mode=0o700, parents=True, exist_ok=True)
        self.child.start()

    def wait_until_ready(self, stop: Event | None = None) -> None:
        """Wait until it answers, or a stop is asked for. Raises SetupError when it does not."""
        until = time.monotonic() + prefect_settings.START_SECONDS
        while self.child.is_alive and time.monotonic() < until:
            if stop is not None and stop.is_set():
                return
            if answers(self.port, "/api/health"):
                if not self._lasting:
                    self._socket.close()  # so that a call to it when it is gone fails at once
                return
            time.sleep(_LOOK_SECONDS)
        raise SetupError(
            f"the {self.child.command.title} did not start ({self.child.how_it_ended}); "
            f"{process_registry.RUN}/{self.child.command.name}.log in the home folder shows why, "
            "or in JSON the kind of error"
        )

    def wait_through_failed_starts(self, stop: Event | None = None) -> None:
        """Wait until it answers, and start it again where it ends instead.

        After the second failed start its database is moved aside. Raises SetupError when it does not answer.
        """
        for _ in range(_FAILED_STARTS):
            try:
                return self.wait_until_ready(stop)
            except SetupError:
                if self.child.is_alive:
                    raise
            self.child.bury(by=time.monotonic())
            self.failed()
            self.child.start()
        return self.wait_until_ready(stop)

    def failed(self) -> None:
        """Note a failed start; after the second one, move the database of its own aside.

        It is disposable: what waits is in the record. A damaged one would end every start.
        """
        self._failed += 1
        if self._failed < _FAILED_STARTS or not self._has_own_database:
            return
        self._failed = 0
        for suffix in ("", "-wal", "-shm"):
            file = self._home / "prefect" / f"prefect.db{suffix}"
            if file.exists():
                file.replace(file.with_name(f"{ASIDE}{suffix}"))

    def close(self) -> None:
        """Let go of its port."""
        self._socket.close()


def lasting_server(home: Path) -> str | None:
    """Return the API of this home's lasting server, if one runs and answers."""
    there = process_registry.standing(home, LASTING)
    if there is None or there.port is None or not answers(there.port, "/api/health"):
        return None
    return f"{there.address}/api"


@contextmanager
def temporary_server(home: Path) -> Iterator[str]:
    """Yield the API of a server that ends with the block, or with this process."""
    with begun_server(home) as ready:
        yield ready()


@contextmanager
def begun_server(home: Path) -> Iterator[Callable[[], str]]:
    """Start a temporary server, and yield a function that waits for it and returns its API."""
    server = PrefectServer(home, name=f"{_TEMPORARY}-{os.getpid()}", lasting=False)
    try:
        with ExitStack() as starting:
            # two that start at once would both make the database
            starting.enter_context(one_at_a_time(home, "server-start"))
            _clear_away_the_dead(home)
            server.start()

            def ready() -> str:
                server.wait_through_failed_starts()
                starting.close()
                return server.url

            yield ready
    finally:
        stop_all([server.child])
        server.close()
    server.child.log.unlink(missing_ok=True)


def _clear_away_the_dead(home: Path) -> None:
    """Forget temporary servers whose process was killed."""
    for file in process_registry.run_folder(home).glob(f"{_TEMPORARY}-*.json"):
        if process_registry.standing(home, file.stem) is None:
            file.unlink(missing_ok=True)
            file.with_suffix(".log").unlink(missing_ok=True)


@contextmanager
def one_at_a_time(home: Path, name: str) -> Iterator[None]:
    """Hold a lock of this home; others that want it wait. It is released when the process ends."""
    with (process_registry.run_folder(home) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def answers(port: int, path: str) -> bool:
    """Return whether something on this loopback port answers without an error of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
