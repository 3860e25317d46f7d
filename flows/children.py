"""Child processes that end with this one at the latest. Knows how to start and stop, not what they do."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows import process_registry

STOP_SECONDS = 8.0
"""Time that a child may take to stop before it is killed."""
_LOG_MOST = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Command:
    """Command to start: a Python module and its arguments.

    Its note and its log bear ``name``; messages to people use ``title``.
    """

    name: str
    title: str
    module: tuple[str, ...]
    environ: Mapping[str, str]
    port: int | None = None
    handed_on: tuple[int, ...] = ()


class Child:
    """One guarded process (``flows.guard``), in a session of its own: Ctrl-C reaches only its parent."""

    def __init__(self, home: Path, command: Command) -> None:
        self.command = command
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, with what it prints in its log; its note says where it is."""
        root = Path(__file__).resolve().parent.parent
        path = os.pathsep.join([str(root), *filter(None, [self.command.environ.get("PYTHONPATH")])])
        self.limit_log()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.guard", *self.command.module],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**self.command.environ, "PYTHONPATH": path},
                pass_fds=self.command.handed_on,
                start_new_session=True,
            )
        process_registry.note(self._home, self.command.name, pid=self._process.pid, port=self.command.port)

    @property
    def log(self) -> Path:
        """File of its output."""
        return process_registry.run_folder(self._home) / f"{self.command.name}.log"

    def limit_log(self) -> None:
        """Move what is in a large log into the one older log beside it. Its process may go on writing.

        The process only appends, so what it writes next is at the beginning of the emptied log. What it
        writes between the copy and the emptying is lost, which is little.
        """
        log, older = self.log, self.log.with_suffix(".log.old")
        log.touch(mode=0o600)
        if log.stat().st_size <= _LOG_MOST:
            return
        with contextlib.suppress(OSError):  # a log without its older part is better than a full disk
            older.touch(mode=0o600)
            shutil.copyfile(log, older)
        os.truncate(log, 0)

    @property
    def is_alive(self) -> bool:
        """True if it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process number."""
        assert self._process is not None
        return self._process.pid

    @property
    def how_it_ended(self) -> str:
        """In words, once it has ended."""
        assert self._process is not None
        status = self._process.poll()
        if status is None:
            return "still running"
        return f"by signal {-status}" if status < 0 else f"with exit status {status}"

    def ask_to_stop(self) -> None:
        """Ask it to stop, and do not wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def bury(self, *, by: float) -> None:
        """Wait for it until then (``time.monotonic``), then kill it and whatever it started."""
        process = self._process
        if process is None:
            return
        try:
            process.wait(max(0.0, by - time.monotonic()))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
        process_registry.forget(self._home, self.command.name)


def stop_all(children: Iterable[Child]) -> None:
    """Stop them all at once; none is left."""
    there = tuple(children)
    for child in there:
        child.ask_to_stop()
    by = time.monotonic() + STOP_SECONDS
    for child in there:
        child.bury(by=by)
