"""Limits of what a process may use and touch, put on from inside before any code that is not ours is loaded.

Linux enforces most of it; where the kernel gives less, the process runs with what there is. Whether a limit
works on this machine is found out by trying it (``engine.hooks.sandbox_checks``), never by the kernel's
version.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from engine.confinement.landlock import allow_only
from engine.confinement.syscalls import forbid_calls

OPEN_FILES = 256
_SET_DUMPABLE = 4
_CAPABILITIES = 0x20080522
_MAY_PASS_FILE_MODES = 1 << 1  # the folder may be another user's; Landlock closes what this would open
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


@dataclass(frozen=True, kw_only=True)
class Confines:
    """Confinement of one process: what it may use and touch.

    The paths are read beside Python's own libraries. No pydantic model: loading that takes longer than what
    a small process does.
    """

    reads: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    network: bool = False
    processes: bool = False
    memory_mb: int
    file_mb: int
    processor_seconds: int | None = None


class _State:
    is_confined = False


def is_confined() -> bool:
    """Return whether this process was confined: it starts no other, and what it reads it reads here."""
    return _State.is_confined


def confine(confines: Confines) -> None:
    """Put every limit on this process that the kernel gives; the process must have a single thread."""
    _State.is_confined = True
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


def _set_limits(confines: Confines) -> None:
    limits = [
        (resource.RLIMIT_AS, confines.memory_mb * 1024 * 1024),
        (resource.RLIMIT_CORE, 0),  # a core dump would hold personal data
        (resource.RLIMIT_FSIZE, confines.file_mb * 1024 * 1024),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ]
    if confines.processor_seconds is not None:
        limits.append((resource.RLIMIT_CPU, confines.processor_seconds))
    for limit, most in limits:
        allowed = resource.getrlimit(limit)[1]
        least = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        with contextlib.suppress(OSError, ValueError):  # macOS refuses a limit on memory
            resource.setrlimit(limit, (least, least))


def _drop_powers() -> None:
    """Shut this process to others of the same user, and drop root's powers."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    header = struct.pack("=Ii", _CAPABILITIES, 0)
    held = ctypes.create_string_buffer(24)
    if libc.capget(header, held) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    stored = struct.unpack("=6I", held.raw)[1] & _MAY_PASS_FILE_MODES
    if libc.capset(header, struct.pack("=6I", stored, stored, 0, 0, 0, 0)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _python() -> Iterator[str]:
    for root in dict.fromkeys((sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)):
        yield from (f"{root}/{part}" for part in _PYTHON)
