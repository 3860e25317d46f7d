"""A process among others: own numbers for those that it starts, and who ends or adopts whom (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_NEW_USER, _NEW_PROCESSES, _NEW_IPC = 0x10000000, 0x20000000, 0x08000000
_SET_PARENT_DEATH, _SET_SUBREAPER = 1, 36


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
        for file, sentence in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{file}", "w", encoding="ascii") as text_io_wrapper:
                text_io_wrapper.write(sentence)
    except OSError as error:
        raise RuntimeError("the process entered a namespace of its own only in part") from error


def end_with_parent() -> None:
    """Have the kernel kill this process when the one that started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Have what a child of this process leaves behind become its own, so that it can be found and ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_SUBREAPER, 1, 0, 0, 0)
