"""What runs in an agency's own process: it loads one plugin and answers one request after another.

Started by ``engine.hooks.launching``. It sets its own limits before any of the plugin's code runs, keeps the
plugin's printing away from the answers, and tells a fault in fixed kinds and plain names only. It ends when
the engine closes the pipe.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import resource
import signal
import sys
from collections.abc import Callable
from types import ModuleType

import pluggy
from pydantic import ValidationError

from engine.domain.answers import Contribution, NilReturn, Refused
from engine.hooks.markers import PROJECT
from engine.hooks.records import RecordsUnreadableError, plain_name
from engine.hooks.specs import ALL_SPECS
from engine.hooks.wire import (
    ANSWER,
    FAULT,
    HEADER,
    PLUGIN_ANSWER,
    READY,
    REQUEST,
    AssessRequest,
    Fault,
    FaultKind,
    Faults,
    Started,
    WriteRequest,
    places_of,
)

_SECONDS_OF_GRACE = 2.0
_MARK = f"{PROJECT}_impl"


class FaultFoundError(Exception):
    """Something is wrong that the engine is to be told."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(faults[0].kind.value)


def main() -> None:
    """Load the plugin, say that it is ready, and answer until the engine closes the pipe."""
    started = Started.model_validate_json(sys.argv[1])
    _set_limits(started.memory_mb)
    _end_by_itself_after(started.start_seconds)
    for fd in (started.request_fd, started.reply_fd):
        os.set_inheritable(fd, False)
    try:
        agency = _loaded(started.package)
    except FaultFoundError as error:
        _send(started.reply_fd, 0, FAULT + Faults(faults=error.faults).model_dump_json().encode())
        return
    _end_by_itself_after(0)
    gc.collect()
    gc.freeze()
    _send(started.reply_fd, 0, READY)
    _answer_all(agency, started)


def _set_limits(memory_mb: int) -> None:
    most = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold personal data


def _end_by_itself_after(seconds: float) -> None:
    """Have the kernel end this process if the engine was itself killed and cannot; 0 takes it back.

    The signal's default action is used: a Python handler would never run during a call into C.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + _SECONDS_OF_GRACE if seconds else 0)


def _loaded(package: str) -> pluggy.PluginManager:
    """The plugin, registered and checked; every fault of it is told at once."""
    manager = pluggy.PluginManager(PROJECT)
    for specs in ALL_SPECS:
        manager.add_hookspecs(specs)
    try:
        hooks = importlib.import_module(f"{package}.hooks")
    except BaseException as error:  # noqa: BLE001  the plugin's own code runs at import and may raise anything
        raise FaultFoundError(Fault(kind=FaultKind.NOT_LOADED, names=(_name_of(error),))) from None
    faults = _faults_of_hooks(hooks, manager)
    if faults:
        raise FaultFoundError(*faults)
    try:
        manager.register(hooks, name=package)
        manager.check_pending()
    except pluggy.PluginValidationError:
        raise FaultFoundError(Fault(kind=FaultKind.UNKNOWN_HOOK)) from None
    return manager


def _faults_of_hooks(hooks: ModuleType, manager: pluggy.PluginManager) -> list[Fault]:
    """What pluggy would tell one at a time, or not at all: a function that lacks its mark is skipped."""
    specs = {
        name: function for group in ALL_SPECS for name, function in vars(group).items() if name[:5] == "stac_"
    }
    faults, found = [], 0
    for name, function in sorted(vars(hooks).items()):
        options = getattr(function, _MARK, None) if inspect.isfunction(function) else None
        if options is None:
            if inspect.isfunction(function) and name.startswith("stac_"):
                faults.append(Fault(kind=FaultKind.NOT_MARKED, where=plain_name(name)))
            continue
        answers_to = options.get("specname") or name
        if answers_to not in specs:
            faults.append(
                Fault(kind=FaultKind.UNKNOWN_HOOK, where=plain_name(answers_to), names=tuple(specs))
            )
            continue
        found += 1
        known = set(inspect.signature(specs[answers_to]).parameters) - {"self"}
        extra = [argument for argument in inspect.signature(function).parameters if argument not in known]
        if extra:
            names = tuple(plain_name(argument) for argument in extra)
            faults.append(Fault(kind=FaultKind.WRONG_ARGUMENTS, where=answers_to, names=names))
    if not found and not faults:
        faults.append(Fault(kind=FaultKind.NO_HOOK, names=tuple(specs)))
    return faults


def _answer_all(agency: pluggy.PluginManager, started: Started) -> None:
    digest = None
    while (header := _read(started.request_fd, HEADER.size)) is not None:
        length, call = HEADER.unpack(header)
        body = _read(started.request_fd, length)
        if body is None:
            return
        request = REQUEST.validate_json(body)
        _end_by_itself_after(request.seconds)
        try:
            answer = ANSWER + _answer(agency, request)
            if len(answer) > request.most_bytes:
                raise FaultFoundError(Fault(kind=FaultKind.TOO_LARGE))
        except FaultFoundError as error:
            answer = FAULT + Faults(faults=error.faults).model_dump_json().encode()
        _end_by_itself_after(0)
        _send(started.reply_fd, call, answer)
        if isinstance(request, AssessRequest) and request.records.digest != digest:
            digest = request.records.digest
            gc.collect()
            gc.freeze()  # a newly read extract stays: to go through it at each collection costs milliseconds


def _answer(agency: pluggy.PluginManager, request: AssessRequest | WriteRequest) -> bytes:
    match request:
        case AssessRequest():
            return _assess(agency, request)
        case WriteRequest():
            _write(request)
            return b"{}"


def _assess(agency: pluggy.PluginManager, request: AssessRequest) -> bytes:
    hook = "stac_assess"
    if not hasattr(agency.hook, hook) or not agency.hook.stac_assess.get_hookimpls():
        raise FaultFoundError(Fault(kind=FaultKind.NO_HOOK, names=(hook,)))
    answers = _called(hook, lambda: agency.hook.stac_assess(case=request.case, records=request.records))
    if not isinstance(answers, list) or not answers:  # pluggy drops None from its list
        raise FaultFoundError(Fault(kind=FaultKind.GAVE_NOTHING, where=hook))
    answer = answers[0]
    if not isinstance(answer, Contribution | NilReturn | Refused):
        names = (plain_name(type(answer).__name__),)
        raise FaultFoundError(Fault(kind=FaultKind.WRONG_TYPE, where=hook, names=names))
    return _checked(hook, answer, request.most_bytes)


def _checked(hook: str, answer: Contribution | NilReturn | Refused, most_bytes: int) -> bytes:
    """The answer as JSON, read back once: a model may have been made without its checks."""
    try:
        told = answer.model_dump_json(warnings=False).encode()
        if len(told) <= most_bytes:
            PLUGIN_ANSWER.validate_json(told)
    except ValidationError as error:
        broken = Fault(kind=FaultKind.BROKE_CONTRACT, where=hook, names=places_of(error))
        raise FaultFoundError(broken) from None
    except Exception as error:  # noqa: BLE001  a subclass may break its own serialising
        raise FaultFoundError(
            Fault(kind=FaultKind.BROKE_CONTRACT, where=hook, names=(_name_of(error),))
        ) from None
    return told


def _write(request: WriteRequest) -> None:
    module, _, name = request.function.partition(":")
    _called(
        request.function, lambda: getattr(importlib.import_module(module), name)(request.task, request.folder)
    )


def _called(where: str, call: Callable[[], object]) -> object:
    """The one place where the plugin's code runs during a call, and where its errors become faults."""
    try:
        return call()
    except RecordsUnreadableError as error:
        column = (plain_name(error.column),) if error.column else ()
        raise FaultFoundError(
            Fault(
                kind=FaultKind.BAD_RECORDS,
                where=where,
                names=(plain_name(error.file), *column),
                records_fault=error.fault,
                line=error.line,
            )
        ) from None
    except BaseException as error:  # noqa: BLE001  sys.exit() in a plugin is a failure too
        raise FaultFoundError(Fault(kind=FaultKind.RAISED, where=where, names=(_name_of(error),))) from None


def _name_of(error: BaseException) -> str:
    """The error's type; never its text, which may hold a name."""
    return plain_name(type(error).__name__)


def _read(fd: int, length: int) -> bytes | None:
    """So many bytes, or None when the engine has closed the pipe."""
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
