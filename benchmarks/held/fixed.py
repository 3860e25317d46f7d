"""Time and chance, the same in every run: the software asks its clock, ``secrets`` and ``os.urandom`` alone.

Replaced are the clock of the machine, as a class, and the functions that draw. References are drawn from a
stream of their own for each kind, so that drawing them in another order changes none of them; keys and tokens
from one further stream, the nonces of what is sealed from another. Only what this software itself draws comes
from there: other libraries draw when they are loaded, which is once in a process.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from benchmarks.held.imported import ROOT, SystemClock

SEED = 7
END = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
"""When the invented past ends: a Wednesday afternoon."""
NOW = END + timedelta(minutes=10)
"""When everything is asked."""
_DRAWS: dict[tuple[Any, str], tuple[str, Callable[..., Any]]] = {
    (secrets, "randbelow"): ("reference", Random.randrange),
    (secrets, "choice"): ("choice", Random.choice),
    (secrets, "token_bytes"): ("token", lambda stream, size=32: stream.randbytes(size)),
    (secrets, "token_hex"): ("token", lambda stream, size=32: stream.randbytes(size).hex()),
    (secrets, "token_urlsafe"): ("token", lambda stream, size=32: _in_letters(stream.randbytes(size))),
    (os, "urandom"): ("nonce", Random.randbytes),
}
"""Each function that draws: the name of its stream, and how it draws from it."""


@contextmanager
def fixed(moment: list[datetime]) -> Iterator[None]:
    """Let the clock of the machine show the one moment in this list, and chance be seeded."""
    streams: dict[str, Random] = {}
    with ExitStack() as stack:
        stack.enter_context(patch.object(SystemClock, "now", lambda self: moment[0]))
        for (module, function), (name, draw) in _DRAWS.items():
            drawn = _drawn(streams, name, draw, otherwise=getattr(module, function))
            stack.enter_context(patch.object(module, function, drawn))
        yield


def _drawn(
    streams: dict[str, Random], name: str, draw: Callable[..., Any], *, otherwise: Callable[..., Any]
) -> Callable[..., Any]:
    """What stands in place of a function: for a caller of this software from a stream, else as it was."""

    def drawn(*given: Any) -> Any:
        caller = sys._getframe(1)
        file = Path(caller.f_code.co_filename)
        if not file.is_relative_to(ROOT) or file.is_relative_to(ROOT / ".venv"):
            return otherwise(*given)
        key = f"{SEED} {name} {caller.f_locals.get('kind', '') if name == 'reference' else ''}"
        with _LOCK:
            return draw(streams.setdefault(key, Random(key)), *given)

    return drawn


def _in_letters(drawn: bytes) -> str:
    return base64.urlsafe_b64encode(drawn).rstrip(b"=").decode()


_LOCK = threading.Lock()
