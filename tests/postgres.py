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
def private_cluster(*, fsync: bool = False, options: str = "") -> Iterator[str]:
    """The address of a running cluster's server, without a database's name; ``options`` are the server's."""
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed; as root: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=_place()))  # short: a socket's path ends at 107 bytes
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    who = account(folder)
    files = folder / "d"
    subprocess.run(
        [programs / "initdb", "-D", files, "-U", "stac", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        **who,
    )
    start(folder, fsync=fsync, options=options)
    try:
        yield f"postgresql://stac@/{{database}}?host={folder}"
    finally:
        subprocess.run([programs / "pg_ctl", "-D", files, "-m", "immediate", "stop"], check=True, **who)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, *, fsync: bool, options: str = "") -> None:
    """Start the server of a cluster, also one that was killed."""
    programs = postgres_programs()
    assert programs is not None
    options = f"-k {folder} -c listen_addresses='' -c fsync={'on' if fsync else 'off'} {options}"
    control: list[str | Path] = [programs / "pg_ctl", "-D", folder / "d", "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], check=True, **account(folder))


def account(folder: Path) -> dict[str, Any]:
    """Return how a program runs in this folder, and not as root, which PostgreSQL refuses."""
    who: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL}
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        who |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return who
