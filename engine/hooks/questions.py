"""Putting the engine's questions to a plugin, inside the agency's own process: an answer for each.

The only place where a plugin's code runs during a call, and where its errors become faults. What it gave is
checked for its type here and for the contract by the engine, which trusts nothing.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pluggy

from engine.domain.agency_files import AgencyFilesRead
from engine.domain.agency_people import PeopleFound, SubjectAccessTold
from engine.domain.answers import Contribution, NilReturn, Refused
from engine.domain.base import Frozen
from engine.domain.scoring import ScoreTold
from engine.domain.sharing import MayShare
from engine.hooks.loading import FaultFoundError, name_of, traceback_of
from engine.hooks.records import RecordsUnreadableError, plain_name
from engine.hooks.specs import OPTIONAL
from engine.hooks.wire import (
    ANSWER,
    TAKEN,
    AssessRequest,
    Fault,
    FaultKind,
    FindPeopleRequest,
    ImportRequest,
    MayShareRequest,
    Request,
    ScoreRequest,
    SubjectAccessRequest,
    WriteRequest,
)

_T = TypeVar("_T")
Question = Callable[[], bytes]
"""Puts one question and gives the answer as it is sent. Raises FaultFoundError."""


def questions_of(agency: pluggy.PluginManager, request: Request) -> Iterator[Question]:
    """What a request asks, one after another; each is answered before the next is put."""
    match request:
        case AssessRequest():
            answer = (Contribution, NilReturn, Refused)
            for case in request.cases:
                yield _hook(agency, "stac_assess", answer, case=case, records=request.records)
        case FindPeopleRequest():
            yield _hook(
                agency, "stac_find_people", (PeopleFound,), query=request.query, records=request.records
            )
        case SubjectAccessRequest():
            yield _hook(
                agency,
                "stac_subject_access",
                (SubjectAccessTold,),
                person=request.person,
                records=request.records,
            )
        case MayShareRequest():
            for item in request.items:
                yield _hook(
                    agency,
                    "stac_may_share",
                    (MayShare,),
                    item=item,
                    audience=request.audience,
                    purpose=request.purpose,
                )
        case ImportRequest():
            yield _hook(
                agency, "stac_import", (AgencyFilesRead,), files=request.files, records=request.records
            )
        case ScoreRequest():
            for given in request.inputs:
                yield _function(request.function, (ScoreTold,), given)
        case WriteRequest():
            yield _function(request.function, (type(None),), request.task, request.folder)


def _hook(agency: pluggy.PluginManager, hook: str, wanted: tuple[type, ...], **arguments: object) -> Question:
    def put() -> bytes:
        caller = getattr(agency.hook, hook)
        if not caller.get_hookimpls():
            kind = FaultKind.NOT_ANSWERED if hook in OPTIONAL else FaultKind.NO_HOOK
            raise FaultFoundError(Fault(kind=kind, where=hook, names=(hook,)))
        answers, taken = _called(hook, lambda: caller(**arguments))
        if not isinstance(answers, list) or not answers:  # pluggy drops None from its list
            raise FaultFoundError(
                Fault(kind=FaultKind.GAVE_NOTHING, where=hook, names=tuple(each.__name__ for each in wanted))
            )
        return _told(hook, wanted, answers[0], taken)

    return put


def _function(named: str, wanted: tuple[type, ...], *arguments: object) -> Question:
    def put() -> bytes:
        given, taken = _called(named, lambda: _found(named)(*arguments))
        if given is None and type(None) not in wanted:
            names = tuple(each.__name__ for each in wanted)
            raise FaultFoundError(Fault(kind=FaultKind.GAVE_NOTHING, where=named, names=names))
        if type(None) in wanted:
            return ANSWER + TAKEN.pack(taken) + b"{}"
        return _told(named, wanted, given, taken)

    return put


def _found(named: str) -> Callable[..., object]:
    """The function that a manifest or an instrument names as "package.module:function"."""
    module, _, name = named.partition(":")
    function = getattr(importlib.import_module(module), name, None)
    if not callable(function):
        raise FaultFoundError(Fault(kind=FaultKind.NO_FUNCTION, where=named))
    return function  # type: ignore[no-any-return]  # callable() tells no signature


def _told(where: str, wanted: tuple[type, ...], answer: object, taken: int) -> bytes:
    if not isinstance(answer, wanted):
        names = (plain_name(type(answer).__name__), *(each.__name__ for each in wanted))
        raise FaultFoundError(Fault(kind=FaultKind.WRONG_TYPE, where=where, names=names))
    assert isinstance(answer, Frozen)
    try:
        return ANSWER + TAKEN.pack(taken) + answer.model_dump_json(warnings=False).encode()
    except Exception as error:  # noqa: BLE001  a subclass, or a model made without its checks, may break here
        raise FaultFoundError(
            Fault(kind=FaultKind.BROKE_CONTRACT, where=where, traceback=traceback_of(error))
        ) from None


def _called(where: str, call: Callable[[], _T]) -> tuple[_T, int]:
    """What the plugin's code gave, and the nanoseconds that it took."""
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
