"""A warm, single-threaded process from which agencies' children are forked. Knows no agency and no answers.

Started by ``engine.hooks.forking`` as a program of its own. It has loaded what every child needs and nothing
of any plugin's. For each order it forks a warden, which forks the child and stays beside it: the warden kills
the child, and all that the child started, when the engine says so or is itself gone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import struct
import sys

from engine.confinement.limits import confine
from engine.confinement.namespaces import adopt_orphans, end_with_parent, enter_own_namespaces
from engine.domain.base import Frozen
from engine.hooks import child
from engine.hooks.wire import READY, Started

NUMBER = struct.Struct(">q")
"""Number that a warden sends: the child's process number, later its exit status."""
ORDER_MOST = 1_000_000
_WARM = (
    "csv",
    "json",
    "tomllib",
    "engine.hooks.v1",
    "engine.instruments.offences",
    "engine.instruments.reading",
)


class Order(Frozen):
    """One child to be forked; its pipes and the warden's leash come beside it."""

    started: Started
    folder: str
    environment: dict[str, str]
    import_roots: tuple[str, ...]


def main() -> None:
    """Fork a warden for each order until the engine closes the socket."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    for name in _WARM:
        with contextlib.suppress(ImportError):  # then the plugin that needs it says so
            importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a warden that ends needs no burying
    gc.collect()
    gc.freeze()
    orders.send(READY)
    while True:
        called, fds, _, _ = socket.recv_fds(orders, 1, 4)
        if not called:
            return
        with contextlib.suppress(OSError):  # no process to be had: the engine sees the leash closed
            if os.fork() == 0:
                _be_warden(orders, fds)
        for fd in fds:
            os.close(fd)


def _be_warden(orders: socket.socket, fds: list[int]) -> None:
    """Become the warden, and never return: this is the forked copy of the zygote.

    The order is read here, not in the zygote: it holds what only one agency may know, and every later child
    is a copy of the zygote's memory.
    """
    try:
        orders.close()
        request_fd, reply_fd, noise_fd, leash_fd = fds
        leash = socket.socket(fileno=leash_fd)
        order = Order.model_validate_json(leash.recv(ORDER_MOST))
        started = order.started.model_copy(update={"request_fd": request_fd, "reply_fd": reply_fd})
        _watch_over(order.model_copy(update={"started": started}), noise_fd, leash)
    finally:
        os._exit(0)


def _watch_over(order: Order, noise_fd: int, leash: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    adopt_orphans()
    with contextlib.suppress(OSError):
        enter_own_namespaces()
    number = os.fork()
    if number == 0:
        leash.close()
        _be_child(order, noise_fd)
    for fd in (order.started.request_fd, order.started.reply_fd, noise_fd):
        os.close(fd)
    leash.send(NUMBER.pack(number))
    watched = select.poll()
    child_fd = os.pidfd_open(number)
    watched.register(child_fd, select.POLLIN)
    watched.register(leash, select.POLLIN)
    happened = dict(watched.poll())
    if leash.fileno() not in happened:
        _tell_end(number, leash)  # unburied, so that its number stays its own until the engine has heard
        _wait_for_word(leash)
        _end_all(number)
    else:
        _wait_for_word(leash)
        _end_all(number, leash)


def _wait_for_word(leash: socket.socket) -> None:
    """Wait until the engine says that the child may be buried, or is gone."""
    with contextlib.suppress(OSError):
        leash.recv(1)


def _tell_end(number: int, leash: socket.socket) -> None:
    ended = os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)
    if ended is not None:
        status = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        with contextlib.suppress(OSError):
            leash.send(NUMBER.pack(status))


def _end_all(number: int, leash: socket.socket | None = None) -> None:
    """Kill the child and its group, report its status, bury it, and remove what it left."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(number, signal.SIGKILL)
    if leash is not None:
        _tell_end(number, leash)
    os.waitpid(number, 0)
    with contextlib.suppress(ChildProcessError):
        while True:
            for orphan in _orphans():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(orphan, signal.SIGKILL)
            os.waitpid(-1, 0)


def _orphans() -> list[int]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as children:
            return [int(number) for number in children.read().split()]
    except OSError:
        return []


def _be_child(order: Order, noise_fd: int) -> None:
    """Become the child, and never return: from here on it is the agency's own process."""
    status = 1
    try:
        started = order.started
        os.setsid()
        end_with_parent()
        nothing = os.open(os.devnull, os.O_RDONLY)
        for fd, place in ((nothing, 0), (noise_fd, 1), (noise_fd, 2)):
            os.dup2(fd, place)
        _close_all_but({0, 1, 2, started.request_fd, started.reply_fd})
        os.chdir(order.folder)
        os.environ.clear()
        os.environ.update(order.environment)
        for root in reversed(order.import_roots):
            if root not in sys.path:
                sys.path.insert(0, root)
        sys.argv = ["engine.hooks.child", started.model_dump_json()]
        confine(started.confines)
        child.serve(started)
        sys.stdout.flush()
        status = 0
    finally:
        os._exit(status)


def _close_all_but(counts: set[int]) -> None:
    """Close all handles but these: an inherited one would go round every limit on files."""
    before = -1
    for fd in [*sorted(counts), os.sysconf("SC_OPEN_MAX")]:
        if before + 1 < fd:  # an empty range would close everything
            os.closerange(before + 1, fd)
        before = fd


if __name__ == "__main__":
    main()
