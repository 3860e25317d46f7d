"""Test of the limits on this machine, by having a confined process break each of them.

Its first half runs in that process and reports what it could do; its second half is the engine's.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pydantic import JsonValue

import engine
from engine.domain.agencies.scoring import ScoreResult
from engine.domain.limits import LimitInForce
from engine.domain.responses.answers import FailureReason
from engine.hooks.forking import ForkingLauncher
from engine.hooks.isolation import AgencyProcess
from engine.hooks.launching import CallFailedError, Launch, Launcher
from engine.hooks.questions import SCORE
from engine.hooks.wire import ANSWER, BESIDE, Request

_MEMORY_MB = 256
_FILE_MB = 1
_SECONDS = 10.0
_SHORT_SECONDS = 0.2
_HERE = "engine.hooks.sandbox_checks"
_HELD = {
    "time": "the engine kills the process at its time limit",
    "size of an answer": "the engine reads no more than the limit and kills the process",
    "memory": "a limit on the address space of the process",
    "size of a file": "a limit on the size of a file that it writes",
    "core dumps": "a limit of zero, since a dump would hold personal data",
    "writing outside its folder": "Landlock lets it write in its own folder only",
    "reading outside its folder": "Landlock lets it read its folder, its code and Python's libraries only",
    "network": "a filter of system calls gives it no socket, unless its manifest declares the network",
    "starting other processes": "a filter of system calls lets it start none",
    "signals to others": "it sees no other process and may signal none",
    "what is left behind": "whatever it started ends with it",
}


def break_limits(given: dict[str, JsonValue]) -> ScoreResult:
    """Try each limit and report which did not work. Runs confined, like a plugin's own code."""
    outside, engine_pid, port = Path(str(given["outside"])), int(str(given["pid"])), int(str(given["port"]))
    attempts: dict[str, Callable[[], object]] = {
        "memory": _take_memory,
        "size of a file": lambda: _write(Path("large"), b"x" * (2 * _FILE_MB * 1024 * 1024)),
        "writing outside its folder": lambda: _write(outside / "written", b"x"),
        "reading outside its folder": (outside / "secret").read_bytes,
        "network": lambda: _reach(port),
        "starting other processes": _start_another,
        "signals to others": lambda: os.kill(engine_pid, 0),
    }
    could = [name for name, attempt in attempts.items() if _succeeds(attempt)]
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        could.append("core dumps")
    return ScoreResult(result={"could": could})  # type: ignore[dict-item]  # a list of text is JSON


def hang(given: dict[str, JsonValue]) -> ScoreResult:
    """Give no answer."""
    time.sleep(3600)
    return ScoreResult(result={})


def tell_too_much(given: dict[str, JsonValue]) -> ScoreResult:
    """Give a larger answer than is allowed."""
    return ScoreResult(result={"much": "x" * 1_000_000})


def leave_somebody(given: dict[str, JsonValue]) -> ScoreResult:
    """Leave a grandchild of another session behind, that holds a lock for as long as it lives."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            held = os.open("lock", os.O_CREAT | os.O_RDWR)
            fcntl.flock(held, fcntl.LOCK_EX)
            Path("left").touch()
            time.sleep(_SECONDS)  # longer than the check waits for it, and it never stays for good
        os._exit(0)
    os.wait()
    return ScoreResult(result={})


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)


def _take_memory() -> None:
    bytearray(2 * _MEMORY_MB * 1024 * 1024)


def _reach(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sent:
        sent.sendto(b"x", ("127.0.0.1", port))


def _start_another() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return False
    return True


@cache
def enforced() -> tuple[LimitInForce, ...]:
    """Return which limits work on this machine: each is tried once,
    by a process confined like an agency's.
    """
    return tried()


def tried(launcher: Launcher | None = None) -> tuple[LimitInForce, ...]:
    """Return every limit, and whether it worked in a process that was started as an agency's is."""
    with contextlib.ExitStack() as opened:
        if launcher is None:
            launcher = opened.enter_context(contextlib.closing(ForkingLauncher()))
        try:
            place = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="stac-limits-")))
            could = frozenset(_could(place, launcher))
        except (CallFailedError, OSError) as error:
            why = f"it could not be tried here ({_error_text(error)})"
            return tuple(LimitInForce(name=name, enforced=False, why_not=why) for name in _HELD)
    return tuple(
        LimitInForce(name=name, enforced=False, why_not=_why_not(name))
        if name in could
        else LimitInForce(name=name, enforced=True, how=how)
        for name, how in _HELD.items()
    )


def _error_text(error: CallFailedError | OSError) -> str:
    return error.sentence if isinstance(error, CallFailedError) else type(error).__name__


def _why_not(name: str) -> str:
    if not sys.platform.startswith("linux"):
        return "only Linux has the means, and a process here could do it when it was tried"
    if name in ("time", "size of an answer"):
        return "the process went past it when it was tried; do not ask any agency before this is fixed"
    return "this kernel, or the container around it, does not give it: a process could do it when tried"


def _could(place: Path, launcher: Launcher) -> Iterator[str]:
    own, outside = place / "own", place / "outside"
    own.mkdir()
    outside.mkdir()
    (outside / "secret").write_bytes(b"x")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reached:
        reached.bind(("127.0.0.1", 0))
        given: dict[str, JsonValue] = {
            "outside": str(outside),
            "pid": os.getpid(),
            "port": reached.getsockname()[1],
        }
        with contextlib.closing(AgencyProcess(_launch(own), launcher=launcher)) as process:
            reply = _ask(process, "break_limits", given)
            if reply[:1] != ANSWER:
                raise CallFailedError(FailureReason.RAISED, "the limits could not be tried")
            result = ScoreResult.model_validate_json(reply[BESIDE:]).result or {}
            yield from (str(name) for name in _as_list(result.get("could")))
            if not _is_refused(process, "tell_too_much", FailureReason.TOO_LARGE):
                yield "size of an answer"
            if not _is_refused(process, "hang", FailureReason.TIME_LIMIT):
                yield "time"
    if _left_behind(own, launcher):
        yield "what is left behind"


def _as_list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else list(_HELD)


def _left_behind(own: Path, launcher: Launcher) -> bool:
    """Return whether a grandchild lives on.

    This process may start others, as if nothing else prevented it.
    """
    with contextlib.closing(AgencyProcess(_launch(own, processes=True), launcher=launcher)) as process:
        _ask(process, "leave_somebody", {})
        deadline = time.monotonic() + _SECONDS
        while not (own / "left").exists() and time.monotonic() < deadline:
            time.sleep(0.005)
    with (own / "lock").open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _launch(own: Path, *, processes: bool = False) -> Launch:
    root = Path(engine.__path__[0]).resolve()
    return Launch(
        python=sys.executable,
        package="",
        package_folder=root,
        import_roots=(root.parent,),
        folder=own,
        environment={},
        processes=processes,
        memory_mb=_MEMORY_MB,
        file_mb=_FILE_MB,
    )


def _ask(
    process: AgencyProcess,
    function: str,
    given: dict[str, JsonValue],
    *,
    seconds: float = _SECONDS,
    most_bytes: int = 10_000,
) -> bytes:
    request = Request(
        question=SCORE.name, function=f"{_HERE}:{function}", seconds=seconds, most_bytes=most_bytes
    )
    replies: list[bytes] = []
    body = request.sent([SCORE.written(given)])
    process.ask(body, seconds=seconds, most_bytes=most_bytes, take=replies.append)
    return replies[0]


def _is_refused(process: AgencyProcess, function: str, reason: FailureReason) -> bool:
    try:
        reply = _ask(process, function, {}, seconds=_SHORT_SECONDS)
    except CallFailedError as error:
        return error.reason is reason
    return b"too large" in reply  # the process itself noticed
