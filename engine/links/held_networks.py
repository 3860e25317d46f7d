"""Networks that a process holds opened, so that a further map of one need not decrypt and read it again.

They are in memory only, and each for its owner: the row is read first, so what is deleted or past its date
is not answered from here. A network is dropped some minutes after its last use, and when its owner signs out.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Lock, Timer, current_thread
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from engine.links.register import Register

MOST_NETWORKS = 4
MOST_BYTES = 256 * 1024 * 1024
"""Of the files, which are as large as the arrays. Maps and paths add about as much again."""
UNUSED = timedelta(minutes=5)


class _Held(NamedTuple):
    register: Register
    size: int
    timer: Timer


class HeldNetworks:
    """The opened networks of a process, by owner and reference, the least recently used first."""

    def __init__(self, *, unused: timedelta = UNUSED) -> None:
        self._unused, self._lock = unused, Lock()
        self._held: dict[tuple[str, str], _Held] = {}
        self._drops = 0

    def get(self, owner: str, reference: str) -> Register | None:
        """Return a network that is held for this person; None if it is not."""
        with self._lock:
            held = self._pop((owner, reference))
            if held is None:
                return None
            self._put((owner, reference), held.register, held.size)
            return held.register

    @property
    def drops(self) -> int:
        """Number of times that networks were dropped; read it before a network is opened."""
        return self._drops

    def put(self, owner: str, reference: str, register: Register, *, size: int, drops: int) -> None:
        """Hold a network of so many bytes, if it is not too large; those used least recently make room.

        Nothing is held if anything was dropped since ``drops``: its owner may have signed out meanwhile.
        """
        if size > MOST_BYTES:
            return
        with self._lock:
            if drops != self._drops:
                return
            self._pop((owner, reference))
            while self._held and (
                len(self._held) >= MOST_NETWORKS
                or size + sum(each.size for each in self._held.values()) > MOST_BYTES
            ):
                self._pop(next(iter(self._held)))
            self._put((owner, reference), register, size)

    def forget(self, owner: str, reference: str) -> None:
        """Drop a network that this person has no longer."""
        with self._lock:
            self._drops += 1
            self._pop((owner, reference))

    def drop(self, reference: str) -> None:
        """Drop a network that is deleted."""
        with self._lock:
            self._drops += 1
            for key in [key for key in self._held if key[1] == reference]:
                self._pop(key)

    def drop_of(self, owner: str) -> None:
        """Drop the networks of a person who signs out or is locked out."""
        with self._lock:
            self._drops += 1
            for key in [key for key in self._held if key[0] == owner]:
                self._pop(key)

    def close(self) -> None:
        """Drop all of them."""
        with self._lock:
            self._drops += 1
            for key in list(self._held):
                self._pop(key)

    def _put(self, key: tuple[str, str], register: Register, size: int) -> None:
        timer = Timer(self._unused.total_seconds(), self._drop_unused, args=(key,))
        timer.daemon = True
        self._held[key] = _Held(register, size, timer)
        timer.start()

    def _pop(self, key: tuple[str, str]) -> _Held | None:
        held = self._held.pop(key, None)
        if held is not None:
            held.timer.cancel()
        return held

    def _drop_unused(self, key: tuple[str, str]) -> None:
        """Drop a network that was not used, unless it was used in this very moment."""
        with self._lock:
            held = self._held.get(key)
            if held is not None and held.timer is current_thread():
                del self._held[key]
