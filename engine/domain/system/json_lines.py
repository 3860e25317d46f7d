"""Logs of a process as JSON, one object a line, of words that are ours.

What a library writes can hold anything that was typed: its text is left out, and its place in the code shows
which line it was. An error is its kind and its places; it has a sentence only where an operator resolves it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import TypeAlias

from engine.domain.errors import RecordError, SetupError
from engine.domain.system.log_lines import UNFORESEEN, keep_references_out_of_logs, without_references

_OURS = ("cli", "dashboard", "engine", "flows", "stac", "__main__")
"""First parts of the names of loggers whose texts are ours, and hold kinds, places and counts."""
_PLACES = 6
_A_TRACE = "Traceback (most recent call last)"
_A_KIND = re.compile(r"(?:\w+\.)*(\w+)(?::|$)")
_Error: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None] | None
)


class LogFormat(StrEnum):
    """Ways of writing a log."""

    TEXT = "text"
    JSON = "json"


def begin_log_as(chosen: LogFormat) -> None:
    """Remove references from the log of this process, and write it in this way."""
    keep_references_out_of_logs()
    if chosen is LogFormat.JSON:
        log_in_json()


def json_line(record: logging.LogRecord) -> str:
    """Return a record as one line: time in UTC, level, logger, event, place, and the kind of an error."""
    is_ours = record.name.split(".")[0] in _OURS
    line = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": record.getMessage() if is_ours else "a library's text was left out",
        "at": f"{record.module}:{record.lineno}",
        **(_error(record.exc_info) or _kind_told(record)),
    }
    return json.dumps(line)


def log_in_json() -> None:
    """Make every handler of this process write JSON, whichever library adds it and whenever.

    Streamlit, uvicorn and Prefect each give their handlers formatters of their own, some of them late. All
    handlers of the standard library format through one method, which is replaced. So are the last words of a
    process or thread that ends by an error, and warnings.
    """
    logging.Handler.format = _formatted  # type: ignore[method-assign, assignment]
    sys.excepthook = _ended
    threading.excepthook = _thread_ended
    logging.captureWarnings(True)


def _formatted(handler: logging.Handler, record: logging.LogRecord) -> str:
    return json_line(record)


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(UNFORESEEN).critical("the process ended", exc_info=(kind, error, trace))


def _thread_ended(given: threading.ExceptHookArgs) -> None:
    error = given.exc_value
    if error is not None and not isinstance(error, SystemExit):
        logging.getLogger(UNFORESEEN).critical(
            "a thread ended", exc_info=(type(error), error, given.exc_traceback)
        )


def _kind_told(record: logging.LogRecord) -> dict[str, str]:
    """Return the kind of an error that a library logs as an object, or as the text of a trace."""
    given = record.args.values() if isinstance(record.args, Mapping) else record.args or ()
    for each in (record.msg, *given):
        if isinstance(each, BaseException):
            return {"error": type(each).__name__}
    *_, last = record.getMessage().rstrip().splitlines() or [""]
    kind = _A_KIND.match(last)
    if kind and _A_TRACE in record.getMessage() and kind[1] in _kinds(BaseException):
        return {"error": kind[1]}
    return {}


def _kinds(of: type[BaseException]) -> set[str]:
    """Return the names of all kinds of errors that are loaded: no text that was typed is taken for one."""
    return {of.__name__}.union(*map(_kinds, type.__subclasses__(of)))


def _error(given: _Error) -> dict[str, str]:
    """Return the kind of an error, its last places in the code, innermost first, and a sentence of ours."""
    if not given or given[0] is None:
        return {}
    frames = traceback.extract_tb(given[2])[-_PLACES:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    said = given[1] if isinstance(given[1], SetupError | RecordError) else None
    sentence = {"sentence": without_references(str(said))} if said is not None else {}
    return {"error": given[0].__name__, "places": places, **sentence}
