"""Notes in ``home/run`` of which process does what, with enough to know whether that process still lives."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

RUN = "run"


@dataclass(frozen=True, kw_only=True)
class ProcessNote:
    """A process that was started for this home, and the loopback port on which it answers, if it does."""

    pid: int
    born: str
    port: int | None = None

    @property
    def address(self) -> str:
        """Address at which it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_alive(self) -> bool:
        """True if this very process lives; a number that was given to another process later is not it."""
        return self.born != "" and born(self.pid) == self.born


def born(pid: int) -> str:
    """Return what distinguishes a process from a later one of the same number; empty when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "" if Path("/proc/self/stat").exists() else _lives(pid)
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]


def _lives(pid: int) -> str:
    """Return the substitute where there is no /proc: only whether some process has this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "lives"
    return "lives"


def run_folder(home: Path) -> Path:
    """Return the folder of the notes, made when it is missing."""
    folder = home / RUN
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def note(home: Path, name: str, *, pid: int, port: int | None = None) -> ProcessNote:
    """Note that a process does this work; the note is whole at every moment."""
    standing = ProcessNote(pid=pid, born=born(pid), port=port)
    file = run_folder(home) / f"{name}.json"
    aside = file.with_suffix(f".{os.getpid()}")
    aside.write_text(json.dumps(asdict(standing)), encoding="utf-8")
    aside.replace(file)
    return standing


def standing(home: Path, name: str) -> ProcessNote | None:
    """Return the process that does this work, if it lives."""
    try:
        found = ProcessNote(**json.loads((home / RUN / f"{name}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.is_alive else None


def forget(home: Path, name: str) -> None:
    """Take a note away."""
    (home / RUN / f"{name}.json").unlink(missing_ok=True)
