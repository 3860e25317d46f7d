"""Runs the demonstration on a PostgreSQL of its own: made in a folder, reached by a socket, then stopped.

Debian's server programs are enough. What was built stays in the folder, and the next run goes on with it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = ".stac-postgres"
_LONGEST_SOCKET = 90


def programs() -> Path:
    """Return the folder of `initdb` and `pg_ctl`, which Debian has outside the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        sys.exit("PostgreSQL is not installed; on Debian, as root: apt-get install postgresql")
    return found[-1].parent if found else Path(str(on_path)).parent


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Start the server of this folder, made when it is missing, and yield the address of its database."""
    if len(str(folder)) > _LONGEST_SOCKET:
        sys.exit(f"the path of {folder} is too long for a socket; run this in another folder")
    folder.mkdir(exist_ok=True)
    cluster, log = folder / "cluster", folder / "server.log"
    who: dict[str, Any] = {"stdout": subprocess.DEVNULL, "cwd": folder}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        who |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    here = programs()
    if is_new := not cluster.exists():
        subprocess.run(
            [here / "initdb", "-D", cluster, "-U", "stac", "-A", "trust", "-E", "UTF8"], check=True, **who
        )
    options = f"-k {folder} -c listen_addresses=''"
    subprocess.run(
        [here / "pg_ctl", "-D", cluster, "-w", "-l", log, "-o", options, "start"], check=True, **who
    )
    try:
        if is_new:
            subprocess.run([here / "createdb", "-h", folder, "-U", "stac", "record"], check=True, **who)
        yield f"postgresql://stac@/record?host={folder}"
    finally:
        subprocess.run([here / "pg_ctl", "-D", cluster, "-m", "fast", "-w", "stop"], check=True, **who)


def main() -> None:
    """Run `stac demo` with what was given, its record on that server."""
    folder = Path(FOLDER).absolute()
    command = [str(Path(sys.executable).with_name("stac")), "demo", *sys.argv[1:]]
    home = {} if "--home" in sys.argv else {"STAC_HOME": str(folder.with_name(f"{FOLDER}-home"))}
    with served(folder) as address:
        try:
            ended = subprocess.run(
                command, env={**os.environ, **home, "STAC_DATABASE_URL": address}, check=False
            )
        except KeyboardInterrupt:
            return
    print("PostgreSQL is stopped; scripts/demo --postgres starts it again with what was built")
    sys.exit(ended.returncode)


if __name__ == "__main__":
    main()
