"""The result of an installed plugin's last check, in a small file in the operator's home. Asks no plugin.

It is not in the agency's own folder: a plugin may write there, and would award itself its level.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.hooks.conformance.levels import Level, Report

_FOLDER = "conformance"
_MOST_BYTES = 100_000


class LevelKnown(Frozen):
    """Findings of the last check of an agency's plugin.

    ``level`` is None when not even bronze was reached.
    """

    level: Level | None
    next_level: Level | None = None
    missing: tuple[str, ...] = ()
    version: str | None
    digest: str
    checked_on: date

    def in_words(self, *, version: str | None = None, digest: str | None = None) -> str:
        """Return it as a page shows it, beside the version and the digest of the files that are installed
        now.

        A level is that of the files that were checked: of any other files it is the level of something else.
        """
        said = self.level.value if self.level else "below bronze"
        if version is not None and version != self.version:
            return f"version {version} is not checked; version {self.version} reached {said}"
        if digest is not None and digest != self.digest:
            day = PartialDate.of(self.checked_on).in_words()
            return f"not checked since its files changed; on {day} it reached {said}"
        return said


def last_level(home: Path, code: str) -> LevelKnown | None:
    """Return the findings of the last check of this agency; None when none is stored that can be read."""
    try:
        with open(_file(home, code), "rb") as opened:
            return LevelKnown.model_validate_json(opened.read(_MOST_BYTES))
    except (OSError, ValidationError):
        return None


def store_level(home: Path, report: Report) -> LevelKnown:
    """Store a check's findings, in place of the earlier ones. Raises OSError."""
    known = LevelKnown(
        level=report.level,
        next_level=report.next_level,
        missing=tuple(check.title for check in report.missing),
        version=report.version,
        digest=report.digest,
        checked_on=report.checked_on,
    )
    file = _file(home, report.agency)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    aside = file.with_suffix(f".{os.getpid()}")
    aside.write_text(json.dumps(known.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")
    aside.replace(file)
    return known


def _file(home: Path, code: str) -> Path:
    return home / _FOLDER / f"{code}.json"
