"""Files that a process may read and write, enforced by the kernel (Landlock). Knows paths and no agency.

What is allowed is listed; everything else is refused, for this process and all that it starts, for good.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_ONLY, _PATH_BENEATH = 1, 1
_SET_NO_NEW_PRIVS = 38
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE, _DEVICE = 1 << 13, 1 << 14, 1 << 15
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE
_READS = _READ_FILE | _READ_DIR
_WRITES = _READS | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _REFER | _TRUNCATE
_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def allow_only(*, reads: Iterable[str], lists: Iterable[str], writes: Iterable[str], network: bool) -> None:
    """Allow these paths and refuse all others: ``lists`` may be listed, not read.

    A path that is not there is passed over. Raises OSError where the kernel has no Landlock or forbids it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = _called(libc.syscall(_CREATE, None, 0, _VERSION_ONLY))
    handled = _rights_known(version)
    fields = struct.pack(
        "=QQQ",
        handled,
        _TCP if version >= 4 and not network else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _called(libc.syscall(_CREATE, fields, size, 0))
    try:
        for rights, paths in ((_READS, reads), (_READ_DIR, lists), (_WRITES, writes)):
            for path in paths:
                with contextlib.suppress(FileNotFoundError, PermissionError, NotADirectoryError):
                    _allow(libc, ruleset, path, rights & handled)
        _called(libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _called(libc.syscall(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_A_FILE
        if rights:
            rule = struct.pack("=Qi", rights, opened)
            _called(libc.syscall(_ADD, ruleset, _PATH_BENEATH, rule, 0))
    finally:
        os.close(opened)


def _rights_known(version: int) -> int:
    known = (1 << 13) - 1
    known |= _REFER if version >= 2 else 0
    known |= _TRUNCATE if version >= 3 else 0
    return known | (_DEVICE if version >= 5 else 0)


def _called(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
