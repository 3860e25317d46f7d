"""What many tests make of a fresh record: made once in a process that tests, then copied.

The file of such a record has a number in place of its time, which a copy takes over and any change replaces:
a record that still has it is known without being opened, which takes SQLite 3 ms for a schema like ours.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tests.databases import database_of

if TYPE_CHECKING:
    from tests.builders import Desk

T = TypeVar("T")
Heads = tuple[tuple[Any, ...], ...]
RECORD = "stac.db"
_HEADS = "SELECT stream, sequence, hash FROM audit_head ORDER BY stream"
_MADE: dict[tuple[object, ...], _Made] = {}
_NUMBERED: list[Heads] = []


@dataclass(frozen=True)
class _Made:
    """A home after somebody's acts, when it was then, and what the acts answered."""

    home: Path
    now: datetime
    answer: Any


def prepared(desk: Desk, build: Callable[..., T], *given: object) -> T:
    """Return what ``build`` answers for this desk, whose record has all that it does.

    ``build`` may change the record and the clock alone, and is a function of a module: a record that has had
    the same acts as an earlier one is given the same again. It is given the desk, or what is ``given``: that
    and what its record has, such as the people there. Its answer holds no desk. On PostgreSQL it is done
    anew: an open record has no such copy there.
    """
    home, given = desk.runtime.settings.home, given or (desk,)
    if database_of(home) is not None:
        return build(*given)
    settings = desk.runtime.settings.model_dump_json(exclude={"home", "database_url"})
    key = (build.__module__, build.__qualname__, _heads(home), desk.clock.now(), settings)
    if (made := _MADE.get(key)) is None:
        answer = build(*given)
        folder = Path(tempfile.mkdtemp(prefix="stac-test-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        desk.runtime.uow.close()  # it opens again when it is used
        _copy(home, folder)
        number(folder)
        _MADE[key] = _Made(folder, desk.clock.now(), deepcopy(answer))
        return answer
    desk.runtime.uow.close()
    _copy(made.home, home)
    desk.clock.move_to(made.now)
    return deepcopy(made.answer)


def number(home: Path) -> None:
    """Give the record of a home that nobody has open, and that stays as it is, a number."""
    _NUMBERED.append(_heads(home))
    os.utime(home / RECORD, (len(_NUMBERED), len(_NUMBERED)))


def _copy(source: Path, target: Path) -> None:
    """Copy a record whoever has it open, and what lies beside it."""
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{RECORD}*"))
    if not (_is_open(source) or _is_open(target)):
        shutil.copy2(source / RECORD, target / RECORD)
        return
    with closing(sqlite3.connect(source / RECORD)) as old, closing(sqlite3.connect(target / RECORD)) as new:
        old.backup(new)


def _is_open(home: Path) -> bool:
    """True if somebody has read or changed the record and not let go of it: that leaves a journal."""
    return (home / f"{RECORD}-wal").exists()


def _heads(home: Path) -> Heads:
    """Return the newest entries of the audit log: two records that have the same have had the same acts."""
    file = home / RECORD
    if not _is_open(home) and 1 <= (seconds := file.stat().st_mtime) <= len(_NUMBERED):
        return _NUMBERED[int(seconds) - 1]
    with closing(sqlite3.connect(file)) as record:
        return tuple(record.execute(_HEADS))
