"""Does whatever a plugin must not: what, stands in the case's reference ("R-hangs in C")."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl

SECRET = "Petronella Mustnotshow"
calls = 0


def _reply_fd() -> int:
    return int(json.loads(sys.argv[1])["reply_fd"])


def _home(records: AgencyRecords) -> Path:
    return records.folder.parent.parent


def _hang_in_python(records: AgencyRecords) -> None:
    while records.digest:
        time.sleep(0.01)  # it takes the time, not the processor, as the next one does


def _hang_in_c(records: AgencyRecords) -> None:
    """Wait in C for what never comes, with Python's lock held: no thread runs, and no signal ends it."""
    library, lock = ctypes.PyDLL(None), ctypes.create_string_buffer(64)
    library.pthread_mutex_init(lock, None)
    for _ in range(2):
        library.pthread_mutex_lock(lock)


def _hang_in_a_socket(records: AgencyRecords) -> None:
    ours, _theirs = socket.socketpair()
    ours.recv(1)


def _ignore_signals(records: AgencyRecords) -> None:
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    time.sleep(3600)


def _stop(records: AgencyRecords) -> None:
    os._exit(7)


def _crash(records: AgencyRecords) -> None:
    ctypes.string_at(0)


def _close_its_pipes(records: AgencyRecords) -> None:
    os.closerange(0, 200)
    time.sleep(3600)


def _flood(records: AgencyRecords) -> None:
    while records.digest:
        os.write(1, SECRET.encode() * 1000)


def _fork(records: AgencyRecords) -> None:
    if os.fork() == 0:
        time.sleep(3600)


def _fork_bomb(records: AgencyRecords) -> None:
    for _ in range(50):
        if os.fork() == 0:
            time.sleep(3600)
    time.sleep(3600)


def _leave_a_grandchild(records: AgencyRecords) -> None:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(3600)
        os._exit(0)
    os.wait()


def _start_a_program(records: AgencyRecords) -> None:
    os.execv("/bin/sleep", ["sleep", "3600"])


def _write_outside(records: AgencyRecords) -> None:
    (_home(records) / "written").write_text(SECRET)


def _write_to_a_neighbour(records: AgencyRecords) -> None:
    (records.folder.parent / "answers" / "written").write_text(SECRET)


def _read_the_database(records: AgencyRecords) -> None:
    (_home(records) / "stac.db").read_bytes()


def _read_through_a_link(records: AgencyRecords) -> None:
    link = records.folder / ".link"
    link.unlink(missing_ok=True)
    link.symlink_to(_home(records) / "stac.db")
    link.read_bytes()


def _connect(records: AgencyRecords) -> None:
    socket.create_connection(("127.0.0.1", int((records.folder / "port").read_text())), timeout=0.2)


def _send_a_datagram(records: AgencyRecords) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(SECRET.encode(), ("127.0.0.1", 9))


def _signal_the_engine(records: AgencyRecords) -> None:
    os.kill(int((records.folder / "engine").read_text()), signal.SIGTERM)


def _allocate(records: AgencyRecords) -> None:
    stored = []
    while records.digest:
        stored.append(bytes(10_000_000))


def _thread(records: AgencyRecords) -> None:
    while records.digest:
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()


def _write_a_large_file(records: AgencyRecords) -> None:
    with (records.folder / ".large").open("wb") as file:
        while records.digest:
            file.write(b"x" * 1_000_000)


def _open_files(records: AgencyRecords) -> None:
    stored = []
    while records.digest:
        stored.append(os.open(os.devnull, os.O_RDONLY))


def _share_memory(records: AgencyRecords) -> None:
    held = os.memfd_create("toy")
    while records.digest:
        os.write(held, b"x" * 1_000_000)


def _send_100_mb(records: AgencyRecords) -> None:
    os.write(_reply_fd(), struct.pack(">QQ", 100_000_000, 1))
    for _ in range(100):
        os.write(_reply_fd(), b"x" * 1_000_000)


def _send_rubbish(records: AgencyRecords) -> None:
    os.write(_reply_fd(), os.urandom(5_000))


def _raise(records: AgencyRecords) -> None:
    raise ValueError(SECRET)


def _leave(records: AgencyRecords) -> None:
    sys.exit(SECRET)


DOES: dict[str, Callable[[AgencyRecords], None]] = {
    "hangs in Python": _hang_in_python,
    "hangs in C": _hang_in_c,
    "hangs in a socket": _hang_in_a_socket,
    "ignores signals": _ignore_signals,
    "stops": _stop,
    "crashes": _crash,
    "closes its pipes": _close_its_pipes,
    "floods": _flood,
    "forks": _fork,
    "is a fork bomb": _fork_bomb,
    "leaves a grandchild": _leave_a_grandchild,
    "starts a program": _start_a_program,
    "writes outside its folder": _write_outside,
    "writes to a neighbour": _write_to_a_neighbour,
    "reads the database": _read_the_database,
    "reads through a link": _read_through_a_link,
    "opens a connection": _connect,
    "sends a datagram": _send_a_datagram,
    "signals the engine": _signal_the_engine,
    "allocates without end": _allocate,
    "starts threads without end": _thread,
    "writes a file without end": _write_a_large_file,
    "opens files without end": _open_files,
    "shares memory without end": _share_memory,
    "sends 100 MB": _send_100_mb,
    "sends rubbish": _send_rubbish,
    "raises": _raise,
    "leaves": _leave,
}
GIVES: dict[str, Callable[[], Any]] = {
    "returns None": lambda: None,
    "returns a dict": lambda: {"kind": "nil return", "looked_in": [SECRET], "says": SECRET},
    "returns text": lambda: SECRET,
    "returns 100 MB": lambda: NilReturn(looked_in=("x" * 100_000_000,), says="Nothing was found."),
    "breaks the contract": lambda: NilReturn.model_construct(looked_in=(), says=SECRET * 100),
    "changes its answer": lambda: NilReturn(looked_in=(f"call {calls}",), says="Nothing was found."),
}


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """Do what the reference says, then answer as if nothing had been."""
    global calls
    calls += 1
    text = case.reference.removeprefix("R-")
    if text in GIVES:
        return GIVES[text]()
    if text in DOES:
        DOES[text](records)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
