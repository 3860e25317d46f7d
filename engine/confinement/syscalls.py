"""A filter for the kernel's calls (seccomp): a process that has it starts no other and opens no connection.

Knows numbers of calls and nothing of agencies. The filter cannot be taken off again. Written out here because
it is forty lines, while the library for it would have to be present on every machine of every agency.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_X32 = 0x40000000
_SET_NO_NEW_PRIVS, _SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_THREAD = 0x00010000
_SET_PARENT_DEATH = 1

_STARTING = {"fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281)}
_OTHERS = {
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
}
_WAYS_OUT = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
}
_MEMORY_THAT_OUTLIVES = {  # none of it counts for the limit on memory, or it stays when the process is gone
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_SOCKET = {"socket": (41, 198)}
_CLONE, _CLONE3, _TGKILL, _PRCTL = (56, 220), (435, 435), (234, 131), (157, 167)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def forbid_calls(*, network: bool, processes: bool) -> None:
    """Put the filter on this process and all its threads to come; ``processes`` lets it start others.

    Raises OSError where it cannot be had.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(_ENOSYS, f"this software has no system-call filter for {machine}")
    filtering = b"".join(_instructions(*_ARCHITECTURES[machine], network=network, processes=processes))
    program = _Program(len(filtering) // 8, filtering)
    for call in (
        (_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0),
    ):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _instructions(architecture: int, column: int, *, network: bool, processes: bool) -> Iterable[bytes]:
    denied = {
        **_OTHERS,
        **({} if processes else _STARTING),
        **_WAYS_OUT,
        **_MEMORY_THAT_OUTLIVES,
        **({} if network else _SOCKET),
    }
    yield _step(_LOAD, _ARCHITECTURE_AT)
    yield _step(_EQUAL, architecture, 1, 0)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER_AT)
    if column == 0:  # the other numbering of the same processor would go round the filter
        yield _step(_AT_LEAST, _X32, 0, 1)
        yield _step(_RETURN, _ERROR | _EPERM)
    for numbers in denied.values():
        number = numbers[column]
        if number is not None:
            yield _step(_EQUAL, number, 0, 1)
            yield _step(_RETURN, _ERROR | _EPERM)
    yield _step(_EQUAL, _CLONE3[column], 0, 1)
    yield _step(_RETURN, _ERROR | _ENOSYS)  # its flags cannot be read; libc falls back to clone
    if not processes:
        yield from _only_if(_CLONE[column], _ANY_BIT, _THREAD)
    yield from _only_if(_TGKILL[column], _EQUAL, os.getpid())
    yield _step(_EQUAL, _PRCTL[column], 0, 3)
    yield _step(_LOAD, _FIRST_ARGUMENT_AT)
    yield _step(_EQUAL, _SET_PARENT_DEATH, 0, 1)
    yield _step(_RETURN, _ERROR | _EPERM)
    yield _step(_RETURN, _ALLOW)


def _only_if(number: int, test: int, value: int) -> Iterable[bytes]:
    """Allow one call when its first argument passes a test, and refuse it otherwise."""
    yield _step(_EQUAL, number, 0, 4)
    yield _step(_LOAD, _FIRST_ARGUMENT_AT)
    yield _step(test, value, 1, 0)
    yield _step(_RETURN, _ERROR | _EPERM)
    yield _step(_RETURN, _ALLOW)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
