"""A stretch of network that delays and drops: a proxy of TCP connections, its faults drawn from a seed.

To a program lost packets are bytes that come late, and a lost route is a connection that stalls or ends. The
kernel of a machine that tests may have no ``netem``, which would lose the packets themselves.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_AT_ONCE = 65_536
_RESET = struct.pack("ii", 1, 0)

Target = str | tuple[str, int]
"""The path of a Unix socket, or a host and port."""


@dataclass
class UnreliableNetwork:
    """Connections to one server. While it is unreliable each part is late, and some connections are lost."""

    target: Target
    seed: int
    late: float = 0.03
    lost: float = 0.03
    stalled: float = 0.01
    """The longest delay of a part in seconds, and the share of parts at which a connection ends or stalls."""
    is_unreliable: threading.Event = field(default_factory=threading.Event)
    drops: int = 0
    stalls: int = 0

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listening.getsockname()[1]
        self._chance, self._lock = random.Random(self.seed), threading.Lock()

    def accept(self) -> None:
        """Pass connections on until the socket is closed."""
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
                try:
                    far.connect(self.target)
                except OSError:
                    near.close()
                    continue
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while part := one.recv(_AT_ONCE):
                if self.is_unreliable.is_set() and self._is_lost():
                    for each in (one, other):
                        with suppress(OSError):
                            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                            each.shutdown(socket.SHUT_RDWR)
                    break
                other.sendall(part)
        for each in (one, other):
            with suppress(OSError):
                each.close()

    def _is_lost(self) -> bool:
        """Wait as long as this part is late, and return whether its connection ends here."""
        with self._lock:
            late, fate = self._chance.uniform(0, self.late), self._chance.random()
            is_lost, is_stalled = fate < self.lost, self.lost <= fate < self.lost + self.stalled
            self.drops += is_lost
            self.stalls += is_stalled
        time.sleep(2.0 if is_stalled else late)
        return is_lost


@contextmanager
def unreliable_network(target: Target, *, seed: int) -> Iterator[UnreliableNetwork]:
    """Yield a network that begins reliable, in front of a server."""
    network = UnreliableNetwork(target, seed)
    threading.Thread(target=network.accept, daemon=True).start()
    try:
        yield network
    finally:
        network.close()
