"""Program of an agency's own process: it loads one plugin and answers one request after another.

Started by ``engine.hooks.launching``. It sets its own limits before any of the plugin's code runs, separates
the plugin's printing from the answers, and reports a fault in fixed kinds and plain names only. It ends when
the engine closes the pipe.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

import pluggy

from engine.confinement.limits import confine
from engine.hooks.loading import FaultFoundError, load_plugin
from engine.hooks.plugin_calls import Call, calls_for
from engine.hooks.wire import (
    BESIDE,
    FAULT,
    HEADER,
    READY,
    Fault,
    FaultKind,
    Faults,
    Request,
    Started,
)

_SECONDS_OF_GRACE = 2.0
_COLLECTED_AFTER = 20_000
"""Objects, before Python searches for garbage: a message's cases would be gone through again and again."""


def main() -> None:
    """Be a fresh interpreter's whole program: confined by its command line."""
    started = Started.model_validate_json(sys.argv[1])
    for fd in (started.request_fd, started.reply_fd):
        os.set_inheritable(fd, False)
    _end_by_itself_after(started.start_seconds)
    confine(started.confines)
    serve(started)


def serve(started: Started) -> None:
    """Load the plugin, say that it is ready, and answer until the engine closes the pipe."""
    gc.set_threshold(_COLLECTED_AFTER)
    _end_by_itself_after(started.start_seconds)
    try:
        agency = load_plugin(started.package)
    except FaultFoundError as error:
        _send(started.reply_fd, 0, _fault_message(error, started))
        return
    _end_by_itself_after(0)
    gc.collect()
    gc.freeze()
    _send(started.reply_fd, 0, READY)
    _answer_all(agency, started)


def _end_by_itself_after(seconds: float) -> None:
    """Have the kernel end this process if the engine was itself killed and cannot; 0 takes it back.

    The signal's default action does it: a Python handler would never run during a call into C.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds + _SECONDS_OF_GRACE if seconds else 0)


def _answer_all(agency: pluggy.PluginManager, started: Started) -> None:
    digest = None
    while (header := _read(started.request_fd, HEADER.size)) is not None:
        length, call = HEADER.unpack(header)
        body = _read(started.request_fd, length)
        if body is None:
            return
        request, arguments = Request.received(body)
        for put in calls_for(agency, request, arguments):
            _end_by_itself_after(request.seconds)
            answer = _answer(put, request, started)
            _end_by_itself_after(0)
            _send(started.reply_fd, call, answer)
            call += 1
        records = request.records
        if records is not None and records.digest != digest:
            digest = records.digest
            gc.collect()
            gc.freeze()  # a newly read extract stays: to go through it at each collection costs milliseconds


def _answer(put: Call, request: Request, started: Started) -> bytes:
    try:
        answer = put()
        if len(answer) > request.most_bytes + BESIDE:
            raise FaultFoundError(Fault(kind=FaultKind.TOO_LARGE))
    except FaultFoundError as error:
        return _fault_message(error, started)
    return answer


def _fault_message(error: FaultFoundError, started: Started) -> bytes:
    faults = error.faults
    if not started.shows_errors:  # the text of an error may hold a person's name
        faults = tuple(fault.model_copy(update={"traceback": None}) for fault in faults)
    return FAULT + Faults(faults=faults).model_dump_json().encode()


def _read(fd: int, length: int) -> bytes | None:
    """Read so many bytes, or return None when the engine has closed the pipe."""
    received = bytearray()
    while len(received) < length:
        piece = os.read(fd, min(length - len(received), 1_048_576))
        if not piece:
            return None
        received += piece
    return bytes(received)


def _send(fd: int, call: int, body: bytes) -> None:
    to_send = memoryview(HEADER.pack(len(body), call) + body)
    while to_send:
        to_send = to_send[os.write(fd, to_send) :]


if __name__ == "__main__":
    main()
