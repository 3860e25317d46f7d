"""Starting and ending an agency's child: its pipes, its environment, its process group. Knows no answers.

A ``Launcher`` starts a child: a fresh interpreter here, a fork from a warm one in ``forking``. Either is
confined before the plugin is loaded.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import engine
from engine.confinement.limits import Confines
from engine.domain.file_faults import why_not
from engine.domain.responses.answers import FailureReason
from engine.hooks.wire import Started

START_SECONDS = 20.0
"""Time that an interpreter may take to start and load a plugin, on a busy machine."""


class CallFailedError(Exception):
    """A call that came to nothing, and why in one sentence that holds no text of the plugin's.

    ``reply`` is what a child that started said to be wrong with its plugin.
    """

    def __init__(self, reason: FailureReason, sentence: str, *, reply: bytes | None = None) -> None:
        self.reason, self.sentence, self.reply = reason, sentence, reply
        super().__init__(sentence)


@dataclass(frozen=True, kw_only=True)
class Launch:
    """All that is needed to start one agency's child. Without a package it answers for functions only."""

    python: str
    package: str
    package_folder: Path
    import_roots: tuple[Path, ...]
    folder: Path
    environment: Mapping[str, str]
    memory_mb: int
    reads: tuple[Path, ...] = ()
    network: bool = False
    processes: bool = False
    file_mb: int = 64
    start_seconds: float = START_SECONDS
    shows_errors: bool = False

    def for_child(self, *, request_fd: int, reply_fd: int) -> Started:
        """Return the child's start parameters."""
        return Started(
            package=self.package,
            request_fd=request_fd,
            reply_fd=reply_fd,
            start_seconds=self.start_seconds,
            shows_errors=self.shows_errors,
            confines=Confines(
                reads=tuple(str(path) for path in self._read()),
                lists=tuple(str(root) for root in self.import_roots),
                writes=(str(self.folder),),
                network=self.network,
                processes=self.processes,
                memory_mb=self.memory_mb,
                file_mb=self.file_mb,
            ),
        )

    def clean_environment(self) -> dict[str, str]:
        """Return the child's environment: what it is given,
        and what makes the start short and memory small.
        """
        given = dict(self.environment)
        given.setdefault("PATH", os.defpath)
        given.setdefault("LANG", "C.UTF-8")
        given["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # no other's code, and a quarter less time to start
        given["OPENBLAS_NUM_THREADS"] = "1"  # each of its threads would take memory from the limit
        given["PYTHONPATH"] = os.pathsep.join(str(root) for root in self.import_roots)
        return given

    def _read(self) -> Iterator[Path]:
        """Yield the engine's own code, the plugin's package with what makes its parents packages,
        and the rest.
        """
        yield Path(engine.__path__[0]).resolve()
        yield self.package_folder
        for parent in self.package_folder.parents[: self.package.count(".")]:
            yield parent / "__init__.py"
        yield from self.reads


class Running(Protocol):
    """A child that was started: the ends of its pipes, and what kills and buries it."""

    request_fd: int
    reply_fd: int
    noise_fd: int

    @property
    def pid(self) -> int:
        """Its process number."""
        ...

    @property
    def has_ended(self) -> bool:
        """True if it is dead, before it is buried: its number is not another's until ``end``."""
        ...

    def end(self) -> int:
        """Kill it with all that it started, bury it, close the pipes.

        Return its exit status as Popen does.
        """
        ...


class Interpreter:
    """A child that is a fresh interpreter: a child of this process, in a group of its own."""

    def __init__(self, process: subprocess.Popen[bytes], pipes: Pipes) -> None:
        self._process = process
        self.request_fd, self.reply_fd, self.noise_fd = pipes.ours

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """True if it is dead, before it is buried."""
        if self._process.returncode is not None:
            return True
        try:
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:  # another part of this process buried it
            return True

    def end(self) -> int:
        """Kill the child with its whole process group, bury it, close the pipes; its exit status."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            for fd in (self.request_fd, self.reply_fd, self.noise_fd):
                os.close(fd)
        return self._process.returncode


class Launcher(Protocol):
    """Starts a child. Raises CallFailedError."""

    def __call__(self, launch: Launch) -> Running: ...


class Pipes:
    """The three pipes of a child: requests to it, replies from it, and what it prints."""

    def __init__(self) -> None:
        request_read, request_write = os.pipe()
        reply_read, reply_write = os.pipe()
        noise_read, noise_write = os.pipe()
        self.ours = (request_write, reply_read, noise_read)
        self.theirs = (request_read, reply_write, noise_write)
        for fd in self.ours:
            os.set_blocking(fd, False)

    def close_theirs(self) -> None:
        """Close their ends, when the child has them, or never will."""
        for fd in self.theirs:
            os.close(fd)

    def close_ours(self) -> None:
        """Close our ends, when no child came of it."""
        for fd in self.ours:
            os.close(fd)


def could_not_start(error: OSError) -> CallFailedError:
    """Return the failure of a child that never was."""
    sentence = f"its process could not be started ({why_not(error)})"
    return CallFailedError(FailureReason.NOT_RUNNING, sentence)


def start_interpreter(launch: Launch) -> Running:
    """Start a fresh interpreter in its own process group, in the agency's folder, with a clean environment.

    Safe from any thread: nothing runs between fork and exec. The limits are set by the child itself before
    it loads the plugin.
    """
    pipes = Pipes()
    request_read, reply_write, noise_write = pipes.theirs
    started = launch.for_child(request_fd=request_read, reply_fd=reply_write)
    try:
        process = subprocess.Popen(
            [launch.python, "-P", "-m", "engine.hooks.child", started.model_dump_json()],
            stdin=subprocess.DEVNULL,
            stdout=noise_write,
            stderr=noise_write,
            pass_fds=(request_read, reply_write),
            cwd=launch.folder,
            env=launch.clean_environment(),
            start_new_session=True,
        )
    except OSError as error:
        pipes.close_ours()
        raise could_not_start(error) from None
    finally:
        pipes.close_theirs()
    return Interpreter(process, pipes)
