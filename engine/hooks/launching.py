"""Starting and ending an agency's child: its pipes, its environment, its process group. Knows no answers.

A ``Launcher`` starts a child. Today it is a fresh interpreter; a fork from a warm one, confined before the
plugin is loaded, fits the same place.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.domain.answers import FailureReason
from engine.hooks.wire import Started

START_SECONDS = 20.0
"""How long an interpreter may take to start and load a plugin, on a busy machine."""


class CallFailedError(Exception):
    """A call that came to nothing, and why in one sentence that holds no text of the plugin's.

    ``told`` is what a child that started said to be wrong with its plugin.
    """

    def __init__(self, reason: FailureReason, says: str, *, told: bytes | None = None) -> None:
        self.reason, self.says, self.told = reason, says, told
        super().__init__(says)


@dataclass(frozen=True, kw_only=True)
class Launch:
    """All that is needed to start one agency's child."""

    python: str
    package: str
    import_roots: tuple[Path, ...]
    folder: Path
    environment: Mapping[str, str]
    memory_mb: int
    start_seconds: float = START_SECONDS


@dataclass(frozen=True, kw_only=True)
class Running:
    """A child that was started: the ends of its pipes, and what kills and buries it."""

    process: subprocess.Popen[bytes]
    request_fd: int
    reply_fd: int
    noise_fd: int

    @property
    def has_ended(self) -> bool:
        """Whether it is dead, without burying it: its process group keeps its number until ``end``."""
        if self.process.returncode is not None:
            return True
        try:
            return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:  # somebody else in this process buried it
            return True

    def end(self) -> int:
        """Kill the child with its whole process group, bury it, close the pipes; its exit status."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            for fd in (self.request_fd, self.reply_fd, self.noise_fd):
                os.close(fd)
        return self.process.returncode


class Launcher(Protocol):
    """Starts a child."""

    def __call__(self, launch: Launch) -> Running: ...


def start_interpreter(launch: Launch) -> Running:
    """Start a fresh interpreter in its own process group, in the agency's folder, with a clean environment.

    Safe from any thread: nothing runs between fork and exec. The limits are set by the child itself before
    it loads the plugin.
    """
    request_read, request_write = os.pipe()
    reply_read, reply_write = os.pipe()
    noise_read, noise_write = os.pipe()
    told = Started(
        package=launch.package,
        request_fd=request_read,
        reply_fd=reply_write,
        memory_mb=launch.memory_mb,
        start_seconds=launch.start_seconds,
    )
    ours, theirs = (request_write, reply_read, noise_read), (request_read, reply_write, noise_write)
    try:
        process = subprocess.Popen(
            [launch.python, "-P", "-m", "engine.hooks.child", told.model_dump_json()],
            stdin=subprocess.DEVNULL,
            stdout=noise_write,
            stderr=noise_write,
            pass_fds=(request_read, reply_write),
            cwd=launch.folder,
            env=_clean_environment(launch),
            start_new_session=True,
        )
    except OSError as error:
        for fd in ours:
            os.close(fd)
        says = f"its process could not be started ({type(error).__name__})"
        raise CallFailedError(FailureReason.NOT_RUNNING, says) from None
    finally:
        for fd in theirs:
            os.close(fd)
    for fd in ours:
        os.set_blocking(fd, False)
    return Running(process=process, request_fd=request_write, reply_fd=reply_read, noise_fd=noise_read)


def _clean_environment(launch: Launch) -> dict[str, str]:
    given = dict(launch.environment)
    given.setdefault("PATH", os.defpath)
    given.setdefault("LANG", "C.UTF-8")
    given["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # nobody else's code, and a quarter less time to start
    given["PYTHONPATH"] = os.pathsep.join(str(root) for root in launch.import_roots)
    return given
