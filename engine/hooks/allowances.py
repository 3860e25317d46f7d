"""Operator's allowances for one agency beyond its own folder: stored beside it, where no agency can write.

An agency's settings are in its folder and a plugin can change them; what is in them can never allow it more.
"""

from __future__ import annotations

import os
import threading
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationError

from engine.domain.base import Frozen
from engine.hooks.records import RecordsFault, RecordsUnreadableError


def _whole(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("give a path from the root")
    return path


class Allowed(Frozen):
    """Environment variables that the agency's process is given, and what it reads outside its folder."""

    environment: tuple[str, ...] = ()
    reads: tuple[Annotated[Path, AfterValidator(_whole)], ...] = ()


class Allowances:
    """The file that says so: ``agencies/CODE.toml`` beside ``agencies/CODE``; read when it changed."""

    def __init__(self, folder: Path) -> None:
        self.file = folder.with_name(f"{folder.name}.toml")
        self._lock = threading.Lock()
        self._newest: tuple[tuple[int, int, int], Allowed] | None = None

    def now(self) -> Allowed:
        """Return what is allowed at this moment; nothing if the file does not exist.

        Raises RecordsUnreadableError.
        """
        with self._lock:
            try:
                found = os.stat(self.file)
                seen = (found.st_mtime_ns, found.st_size, found.st_ino)
                if self._newest is None or self._newest[0] != seen:
                    read = tomllib.loads(self.file.read_text(encoding="utf-8"))
                    self._newest = (seen, Allowed.model_validate(read))
            except FileNotFoundError:
                return Allowed()
            except (OSError, UnicodeDecodeError):
                raise RecordsUnreadableError(self.file.name, RecordsFault.NOT_OPENED) from None
            except (tomllib.TOMLDecodeError, ValidationError):
                raise RecordsUnreadableError(self.file.name, RecordsFault.BAD_LINE) from None
            return self._newest[1]
