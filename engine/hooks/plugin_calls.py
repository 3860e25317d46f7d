"""Calling a plugin's functions inside the agency's own process: an answer for each time a question is put.

The only place where a plugin's code runs during a call, and where its errors become faults. What it gave is
checked for its type here and for the contract by the engine, which trusts nothing.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Never, TypeVar

import pluggy

from engine.domain.base import Frozen
from engine.hooks.loading import FaultFoundError, name_of, traceback_of
from engine.hooks.questions import QUESTIONS, Question
from engine.hooks.records import RecordsUnreadableError, plain_name
from engine.hooks.specs import OPTIONAL
from engine.hooks.wire import ANSWER, TAKEN, Fault, FaultKind, Request

_Row = Question[Never, object]
_T = TypeVar("_T")
Call = Callable[[], bytes]
"""Calls the plugin once and gives the answer as it is sent. Raises FaultFoundError."""


def calls_for(agency: pluggy.PluginManager, request: Request, arguments: Sequence[bytes]) -> Iterator[Call]:
    """Yield a call for each time that the question is put; it is made before the next one is begun."""
    question = QUESTIONS[request.question]
    for sent in arguments:
        named = question.arguments(sent)
        if request.function is not None:
            yield partial(_call_function, request.function, question, named)
        else:
            records = {"records": request.records} if question.of_records else {}
            yield partial(_call_hook, agency, question, {**named, **records})


def _call_hook(agency: pluggy.PluginManager, question: _Row, arguments: Mapping[str, object]) -> bytes:
    hook = question.name
    caller = getattr(agency.hook, hook)
    if not caller.get_hookimpls():
        kind = FaultKind.NOT_ANSWERED if hook in OPTIONAL else FaultKind.NO_HOOK
        raise FaultFoundError(Fault(kind=kind, where=hook, names=(hook,)))
    answers, taken = _called(hook, lambda: caller(**arguments))
    if not isinstance(answers, list) or not answers:  # pluggy drops None from its list
        raise FaultFoundError(_gave_nothing(hook, question))
    return _reply(hook, question, answers[0], taken)


def _call_function(named: str, question: _Row, arguments: Mapping[str, object]) -> bytes:
    given, taken = _called(named, lambda: _found(named)(*arguments.values()))
    if not question.gives:
        return ANSWER + TAKEN.pack(taken) + b"null"
    if given is None:
        raise FaultFoundError(_gave_nothing(named, question))
    return _reply(named, question, given, taken)


def _gave_nothing(where: str, question: _Row) -> Fault:
    return Fault(
        kind=FaultKind.GAVE_NOTHING, where=where, names=tuple(each.__name__ for each in question.gives)
    )


def _found(named: str) -> Callable[..., object]:
    """Return the function that a manifest or an instrument names as "package.module:function"."""
    module, _, name = named.partition(":")
    function = getattr(importlib.import_module(module), name, None)
    if not callable(function):
        raise FaultFoundError(Fault(kind=FaultKind.NO_FUNCTION, where=named))
    return function  # type: ignore[no-any-return]  # callable() shows no signature


def _reply(where: str, question: _Row, answer: object, taken: int) -> bytes:
    if not isinstance(answer, question.gives):
        names = (plain_name(type(answer).__name__), *(each.__name__ for each in question.gives))
        raise FaultFoundError(Fault(kind=FaultKind.WRONG_TYPE, where=where, names=names))
    assert isinstance(answer, Frozen)
    try:
        return ANSWER + TAKEN.pack(taken) + answer.model_dump_json(warnings=False).encode()
    except Exception as error:  # noqa: BLE001  a subclass, or a model made without its checks, may break here
        raise FaultFoundError(
            Fault(kind=FaultKind.BROKE_CONTRACT, where=where, traceback=traceback_of(error))
        ) from None


def _called(where: str, call: Callable[[], _T]) -> tuple[_T, int]:
    """Return what the plugin's code gave, and the nanoseconds that it took."""
    began = time.perf_counter_ns()
    try:
        return call(), time.perf_counter_ns() - began
    except FaultFoundError:
        raise
    except RecordsUnreadableError as error:
        column = (plain_name(error.column),) if error.column else ()
        raise FaultFoundError(
            Fault(
                kind=FaultKind.BAD_RECORDS,
                where=where,
                names=(plain_name(error.file), *column),
                records_fault=error.fault,
                line=error.line,
                sheet=plain_name(error.sheet) if error.sheet else None,
                expected=error.expected,
            )
        ) from None
    except BaseException as error:  # noqa: BLE001  sys.exit() in a plugin is a failure too
        raise FaultFoundError(
            Fault(kind=FaultKind.RAISED, where=where, names=(name_of(error),), traceback=traceback_of(error))
        ) from None
