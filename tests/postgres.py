"""A private PostgreSQL for the tests: its own cluster, reached by a socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ROOMY = 8_000_000_000


def postgres_programs() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``: Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _place() -> Path | None:
    """Memory, where there is plenty: each database is a thousand files, slow to make and remove on a disk."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOMY
    return memory if is_roomy else None


@contextmanager
def private_cluster() -> Iterator[str]:
    """The address of a running cluster's server, without a database's name."""
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed; as root: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=_place()))  # short: a socket's path ends at 107 bytes
    who: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        who |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    files, log = folder / "d", folder / "log"
    subprocess.run(
        [programs / "initdb", "-D", files, "-U", "stac", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        **who,
    )
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    subprocess.run(
        [programs / "pg_ctl", "-D", files, "-w", "-l", log, "-o", options, "start"], check=True, **who
    )
    try:
        yield f"postgresql://stac@/{{database}}?host={folder}"
    finally:
        subprocess.run([programs / "pg_ctl", "-D", files, "-m", "immediate", "stop"], check=True, **who)
        shutil.rmtree(folder, ignore_errors=True)
