"""Starting agencies' children as forks of a warm process, with every limit on. Knows no answers.

Where a warm process cannot be had (not Linux, or it cannot be started), a fresh interpreter is started
instead: slower, with the same limits but for its own namespace of processes.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import engine
from engine.hooks.launching import (
    Launch,
    Pipes,
    Running,
    start_interpreter,
)
from engine.hooks.wire import READY
from engine.hooks.zygote import NUMBER, Order

_ENDING_SECONDS = 10.0
_OF_ALL = ("PATH", "LANG", "PYDANTIC_DISABLE_PLUGINS")


class ForkingLauncher:
    """Starts children from a warm process of its own, which is started when first needed. Close it."""

    def __init__(self, *, warm: bool = True) -> None:
        self._lock = threading.Lock()
        self._warm: _Warm | None = None
        self._cannot = not (warm and sys.platform.startswith("linux"))
        self._closed = False

    def __call__(self, launch: Launch) -> Running:
        """Start a child. Raises CallFailedError."""
        with self._lock:
            for _ in range(2):  # the warm process may have ended meanwhile: once more, with another
                warm = None if self._cannot or self._closed else self._ready(launch)
                if warm is None:
                    break
                try:
                    return warm.fork(launch)
                except OSError:
                    self._end()
            else:
                self._cannot = True
        return start_interpreter(launch)

    @property
    def is_warm(self) -> bool:
        """True if children are forked here, and not started as fresh interpreters."""
        return self._warm is not None

    def close(self) -> None:
        """End the warm process. Children that were started go on; in a forked copy it does nothing."""
        with self._lock:
            self._closed = True
            self._end()

    def kill(self) -> None:
        """End the warm process at once, though it be stuck in starting a child; only for a last exit."""
        warm = self._warm
        if warm is not None and warm.is_ours:
            warm.kill()

    def _ready(self, launch: Launch) -> _Warm | None:
        if self._warm is not None and not self._warm.is_ours:
            self._warm = None  # this is a forked copy of the engine, and that one is not its own
        if self._warm is None:
            with contextlib.suppress(OSError):
                self._warm = _Warm(launch)
            self._cannot = self._warm is None
        return self._warm

    def _end(self) -> None:
        warm, self._warm = self._warm, None
        if warm is not None and warm.is_ours:
            warm.end()


class _Warm:
    """The warm process, and the socket over which children are ordered. Without it all raise OSError."""

    def __init__(self, launch: Launch) -> None:
        self._owner = os.getpid()
        os.close(os.pidfd_open(self._owner))  # without it a child could not be held
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            environment = {
                name: value for name, value in launch.clean_environment().items() if name in _OF_ALL
            }
            environment["PYTHONPATH"] = str(Path(engine.__path__[0]).resolve().parent)
            self._process = subprocess.Popen(
                [launch.python, "-P", "-m", "engine.hooks.zygote", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=environment,
                start_new_session=True,
            )
        self._orders.settimeout(launch.start_seconds)
        try:
            if self._orders.recv(len(READY)) != READY:
                raise OSError("the warm process did not start")
        except OSError:
            self.end()
            raise

    @property
    def is_ours(self) -> bool:
        return self._owner == os.getpid()

    def fork(self, launch: Launch) -> Running:
        pipes = Pipes()
        leash, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        order = Order(
            started=launch.for_child(request_fd=-1, reply_fd=-1),
            folder=str(launch.folder),
            environment=launch.clean_environment(),
            import_roots=tuple(str(root) for root in launch.import_roots),
        )
        try:
            with theirs:
                leash.send(order.model_dump_json().encode())
                socket.send_fds(self._orders, [b"F"], [*pipes.theirs, theirs.fileno()])
            leash.settimeout(launch.start_seconds)
            reply = leash.recv(NUMBER.size)
            if len(reply) != NUMBER.size:
                raise OSError("no process was to be had")
        except OSError:
            leash.close()
            pipes.close_ours()
            raise
        finally:
            pipes.close_theirs()
        return _Forked(NUMBER.unpack(reply)[0], pipes, leash)

    def end(self) -> None:
        self._orders.close()
        self.kill()
        self._process.wait()

    def kill(self) -> None:
        self._process.kill()


class _Forked:
    """A child that was forked, held by the leash of its warden."""

    def __init__(self, number: int, pipes: Pipes, leash: socket.socket) -> None:
        self._number, self._leash = number, leash
        self.request_fd, self.reply_fd, self.noise_fd = pipes.ours
        self._child_fd = os.pidfd_open(number)  # its number stays its own until the leash is let go
        self._status: int | None = None

    @property
    def pid(self) -> int:
        return self._number

    @property
    def has_ended(self) -> bool:
        if self._status is not None:
            return True
        watched = select.poll()
        watched.register(self._leash, select.POLLIN)
        return bool(watched.poll(0))

    def end(self) -> int:
        """Kill it with all that it started and wait until they are gone; its exit status."""
        if self._status is None:
            self._status = self._end()
            self._leash.close()
            for fd in (self._child_fd, self.request_fd, self.reply_fd, self.noise_fd):
                os.close(fd)
        return self._status

    def _end(self) -> int:
        status = -signal.SIGKILL
        self._leash.settimeout(_ENDING_SECONDS)
        try:
            with contextlib.suppress(BrokenPipeError):
                self._leash.send(b"K")
            while reply := self._leash.recv(NUMBER.size):
                status = NUMBER.unpack(reply)[0]
        except OSError:  # its warden does not do its duty
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self._child_fd, signal.SIGKILL)
        return status
