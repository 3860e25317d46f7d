"""Logs of a process without references of cases, people and parts of cases.

Access is logged in the audit log and nowhere else: a server's log is read by others, stored elsewhere and
never erased. Whatever library writes a line, it is made here first.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from typing import TypeAlias

from engine.domain.ids import PREFIXES

NOT_LOGGED = "[reference]"
UNFORESEEN = "stac.unforeseen"
"""Logger of errors that no code of ours expected."""
_REFERENCE = re.compile(
    rf"(?<![0-9a-z])(?:{'|'.join(PREFIXES.values())})(?:-|%2d)[2-9a-z]{{7}}(?![0-9a-z])", re.IGNORECASE
)
_Args: TypeAlias = tuple[object, ...] | Mapping[str, object] | None
"""Arguments of a line, as the standard library types them."""
_A_LOOK = re.compile(r'"WebSocket |connection (?:open|closed|rejected)')


def without_references(text: str) -> str:
    """Return the text with each reference replaced, as it is written or in an address."""
    return _REFERENCE.sub(NOT_LOGGED, text)


def keep_references_out_of_logs() -> None:
    """Keep references out of every line that this process logs, in its text or in an error's trace."""
    before = logging.getLogRecordFactory()
    if getattr(before, "keeps_references_out", False):
        return

    def record(*given: object, **named: object) -> logging.LogRecord:
        made = before(*given, **named)
        made.msg, made.args = _clean(made.msg), _clean_args(made.args)
        if made.exc_info and made.exc_info[0] is not None:
            # A formatter writes the text that it finds here, and makes none of its own.
            made.exc_text = without_references("".join(traceback.format_exception(*made.exc_info)).rstrip())
        return made

    record.keeps_references_out = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(record)
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _log_ignored


def _log_ignored(given: sys.UnraisableHookArgs) -> None:
    """Log an error that Python ignores, as at the end of an object, instead of writing its text."""
    error = given.exc_value
    if error is not None:
        logging.getLogger(UNFORESEEN).error(
            "an error was ignored", exc_info=(type(error), error, given.exc_traceback)
        )


def log_no_requests() -> None:
    """Stop uvicorn logging requests and connections: address and time would show who viewed what when."""
    logging.getLogger("uvicorn.access").disabled = True
    errors = logging.getLogger("uvicorn.error")
    if _is_no_look not in errors.filters:
        errors.addFilter(_is_no_look)


def _is_no_look(record: logging.LogRecord) -> bool:
    return record.levelno > logging.INFO or not _A_LOOK.search(str(record.msg))


def _clean(value: object) -> object:
    """Return a value as it may be logged; a number stays one, for a line that formats it as one."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    clean = without_references(text)
    return value if clean == text else clean


def _clean_args(args: _Args) -> _Args:
    if isinstance(args, Mapping):
        return {name: _clean(each) for name, each in args.items()}
    return tuple(map(_clean, args)) if isinstance(args, tuple) else args
