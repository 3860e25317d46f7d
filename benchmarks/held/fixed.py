"""Time and chance, the same in every run: the software asks its clock, ``secrets`` and ``os.urandom`` alone.

Replaced are the clock of the machine, as a class, and the functions of ``secrets``. References are drawn from
a stream of their own for each kind, so that drawing them in another order changes none of them; keys and
tokens are drawn from one further stream, and the nonces of what is sealed from another.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from unittest.mock import patch

from benchmarks.held.imported import SystemClock

SEED = 7
END = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
"""When the invented past ends: a Wednesday afternoon."""
NOW = END + timedelta(minutes=10)
"""When everything is asked."""
_One = TypeVar("_One")


class Chance:
    """Draws in place of the operating system's."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._streams: defaultdict[str, Random] = defaultdict()
        self._seed = seed

    def randbelow(self, most: int) -> int:
        """A number below that, from the stream of the caller's kind of reference."""
        kind = sys._getframe(1).f_locals.get("kind", "")
        return self._draw(f"reference {kind}", lambda stream: stream.randrange(most))

    def choice(self, choices: Sequence[_One]) -> _One:
        """One of these."""
        return self._draw("choice", lambda stream: stream.choice(choices))

    def token_bytes(self, size: int | None = None) -> bytes:
        """So many bytes."""
        return self._draw("token", lambda stream: stream.randbytes(size or 32))

    def token_hex(self, size: int | None = None) -> str:
        """So many bytes in hexadecimal."""
        return self.token_bytes(size).hex()

    def token_urlsafe(self, size: int | None = None) -> str:
        """So many bytes in letters that an address may hold."""
        return base64.urlsafe_b64encode(self.token_bytes(size)).rstrip(b"=").decode()

    def urandom(self, size: int) -> bytes:
        """So many bytes, from a stream that other libraries draw from too."""
        return self._draw("nonce", lambda stream: stream.randbytes(size))

    def _draw(self, name: str, draw: Callable[[Random], _One]) -> _One:
        with self._lock:
            if name not in self._streams:
                self._streams[name] = Random(f"{self._seed} {name}")
            return draw(self._streams[name])


@contextmanager
def fixed(moment: list[datetime]) -> Iterator[None]:
    """Let the clock of the machine show the one moment in this list, and chance be seeded."""
    chance = Chance(SEED)
    replaced: dict[str, Any] = {
        name: getattr(chance, name)
        for name in ("randbelow", "choice", "token_bytes", "token_hex", "token_urlsafe")
    }
    with ExitStack() as stack:
        stack.enter_context(patch.object(SystemClock, "now", lambda self: moment[0]))
        for name, drawn in replaced.items():
            stack.enter_context(patch.object(secrets, name, drawn))
        stack.enter_context(patch.object(os, "urandom", chance.urandom))
        yield
