"""Key files, read without a wait, and keys that a command prints. Knows no key and no table."""

from __future__ import annotations

import base64
import binascii
import errno
import os
import shlex
import stat
import subprocess
from functools import cache
from pathlib import Path

from engine.domain.errors import SetupError

_MOST_BYTES = 64 * 1024
_MOST_SECONDS = 30


def read_key_file(file: Path) -> bytes:
    """Return the content of a key file. Raises OSError, also for a pipe, which would wait for a writer."""
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        kind = os.fstat(handle).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, "a folder")
        if not stat.S_ISREG(kind):
            raise OSError(errno.ESPIPE, "a pipe or a device")
        return os.read(handle, _MOST_BYTES)
    finally:
        os.close(handle)


def key_from_command(command: str, name: str) -> Path:
    """Return the place, in memory only, of a key that a command prints; it is run once in a process.

    The command is given the key's name as its last argument. It prints what is in the key's file: for
    "digest" as one line of base64, for "vault" as it is. Raises SetupError.
    """
    return Path(f"/proc/self/fd/{_in_memory(command, name)}")


def is_from_command(file: Path) -> bool:
    """Return whether a key is in memory only, so that no other one can be put in its place."""
    return file.is_relative_to("/proc/self/fd")


@cache
def _in_memory(command: str, name: str) -> int:
    try:
        done = subprocess.run(
            [*shlex.split(command), name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_MOST_SECONDS,
            check=True,
        )
        content = base64.b64decode(done.stdout.strip(), validate=True) if name == "digest" else done.stdout
    except subprocess.TimeoutExpired:
        raise SetupError(_fault(name, f"took longer than {_MOST_SECONDS} seconds")) from None
    except subprocess.CalledProcessError as error:
        raise SetupError(_fault(name, f"ended with code {error.returncode}")) from None
    except binascii.Error:
        raise SetupError(_fault(name, "printed no line of base64")) from None
    except (OSError, ValueError):
        raise SetupError(_fault(name, "cannot be run")) from None
    handle = os.memfd_create(f"{name} key")
    os.fchmod(handle, 0o600)
    os.write(handle, content)
    return handle


def _fault(name: str, what: str) -> str:
    return (
        f"the command for the {name} key {what}; check 'keys_command' in settings.toml by running it yourself"
    )
