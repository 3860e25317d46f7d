"""What an agency's process may use and touch, put on from inside before any of the plugin's code is loaded.

Linux keeps most of it; where the kernel gives less, the process runs with what there is. Whether a limit
holds on this machine is found out by trying it (``enforced``), never by the kernel's version.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import resource
import struct
import sys
from collections.abc import Iterator

from engine.domain.base import Frozen
from engine.domain.limits import LimitInForce
from engine.hooks.landlock import allow_only
from engine.hooks.syscalls import forbid_calls

__all__ = ["Confines", "LimitInForce", "confine", "enforced", "enter_own_namespaces"]

OPEN_FILES = 256
_NEW_USER, _NEW_PROCESSES, _NEW_IPC = 0x10000000, 0x20000000, 0x08000000
_SET_PARENT_DEATH, _SET_DUMPABLE = 1, 4
_KILL = 9
_CAPABILITIES = 0x20080522
_MAY_PASS_FILE_MODES = 1 << 1  # the folder may be another user's; Landlock keeps what this would open
_PYTHON = ("lib", "lib64")
_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/zoneinfo",
    "/etc/localtime",
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
)
_NETWORK = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/services",
    "/etc/gai.conf",
    "/etc/ssl",
    "/etc/pki",
    "/usr/share/ca-certificates",
    "/run/systemd/resolve",
)


class Confines(Frozen):
    """What one process may use and touch. The paths are read beside Python's own libraries."""

    reads: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    network: bool = False
    processes: bool = False
    memory_mb: int
    file_mb: int


def confine(confines: Confines) -> None:
    """Put every limit on this process that the kernel gives; the process must have a single thread."""
    _set_limits(confines)
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        _drop_powers()
    with contextlib.suppress(OSError):
        allow_only(
            reads=(*_python(), *_SYSTEM, *(_NETWORK if confines.network else ()), *confines.reads),
            lists=confines.lists,
            writes=("/dev/null", *confines.writes),
            network=confines.network,
        )
    with contextlib.suppress(OSError):
        forbid_calls(network=confines.network, processes=confines.processes)


def enter_own_namespaces() -> None:
    """Give the processes that this one starts numbers of their own: they all end with the first of them.

    Raises OSError where the kernel forbids it, and RuntimeError where it forbids the second half of it: then
    this process is of no use any more.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_PROCESSES | _NEW_IPC) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_NEW_USER | _NEW_PROCESSES | _NEW_IPC) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    try:
        for file, says in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{file}", "w", encoding="ascii") as told:
                told.write(says)
    except OSError as error:
        raise RuntimeError("half of the way into a namespace of its own, and nobody there") from error


def end_with_parent() -> None:
    """Have the kernel kill this process when the one that started it is gone."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_SET_PARENT_DEATH, _KILL, 0, 0, 0)


def _set_limits(confines: Confines) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, confines.memory_mb * 1024 * 1024),
        (resource.RLIMIT_CORE, 0),  # a core dump would hold personal data
        (resource.RLIMIT_FSIZE, confines.file_mb * 1024 * 1024),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        allowed = resource.getrlimit(limit)[1]
        least = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        with contextlib.suppress(OSError, ValueError):  # macOS refuses a limit on memory
            resource.setrlimit(limit, (least, least))


def _drop_powers() -> None:
    """Nobody of the same user may look into this process, and root's powers are gone from it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    header = struct.pack("=Ii", _CAPABILITIES, 0)
    held = ctypes.create_string_buffer(24)
    if libc.capget(header, held) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    kept = struct.unpack("=6I", held.raw)[1] & _MAY_PASS_FILE_MODES
    if libc.capset(header, struct.pack("=6I", kept, kept, 0, 0, 0, 0)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _python() -> Iterator[str]:
    for root in dict.fromkeys((sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)):
        yield from (f"{root}/{part}" for part in _PYTHON)


@functools.cache
def enforced() -> tuple[LimitInForce, ...]:
    """Which limits hold on this machine: each is tried once, by a process confined like an agency's."""
    from engine.hooks.trying import tried  # it starts processes, which those who are confined need not know

    return tried()
