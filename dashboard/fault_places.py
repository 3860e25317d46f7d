"""The places in the code at which an error was raised, for a log that has no text of it."""

from __future__ import annotations

import traceback


def places_of(error: BaseException) -> str:
    """Return where an error was raised: functions and lines, and no text of it."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-6:])
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in frames)
