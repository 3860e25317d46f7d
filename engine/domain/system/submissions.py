"""A person's statements about an act that they submit, and the error for one that is recorded already.

An answer can be lost on its way: the act is recorded, and the person who saw none submits it again. Two equal
incidents would read as a rise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.errors import InvalidInputError, StacError

if TYPE_CHECKING:
    from engine.domain.vault.marks import MarkOf

ASKED_WITHIN: Final = timedelta(minutes=10)
"""An act that equals one of the same person from so long ago is asked about."""
KEY_KEPT: Final = timedelta(days=1)
"""Time until a key of a submission is forgotten."""
LONGEST_KEY: Final = 100


@dataclass(frozen=True)
class Submission:
    """A person's statements about the act that they submit."""

    said_of: Mapping[str, MarkOf] = field(default_factory=dict)
    """The owners of places and contacts in typed texts, by any spelling."""
    again: bool = False
    """It is not the act that was recorded a moment ago, though it equals it."""
    other_than: frozenset[str] = frozenset()
    """The same for no acts but those that were recorded as these."""
    key: str | None = None
    """The client's own name for this one act: what has the same is the same act."""


NOTHING_SAID: Final = Submission()


class RecordedBeforeError(StacError):
    """An error for an act that equals one that the same person recorded; nothing was written.

    ``answer`` is what it was recorded as, ``at`` when. With ``same_key`` its key says that it is the same.
    """

    def __init__(self, answer: str, at: datetime, *, now: datetime, same_key: bool) -> None:
        self.answer, self.at, self.same_key = answer, at, same_key
        self.when = _ago(now - at)
        super().__init__(
            f"this was recorded as {answer} {self.when} and has the same key; nothing was recorded again"
            if same_key
            else f"it equals {answer}, which you recorded {self.when}, and was not recorded again; "
            "give --again if it is another one"
        )


class KeyInUseError(InvalidInputError):
    """An error for a key of a submission that another act of the same person has."""

    def __init__(self, answer: str) -> None:
        super().__init__(
            "key", f"it was given for another act, recorded as {answer}; give each act a new one"
        )


def _ago(since: timedelta) -> str:
    minutes = int(since.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute ago"
    if minutes < 60:
        return f"{minutes} minute{'s' * (minutes > 1)} ago"
    hours = minutes // 60
    return f"{hours} hour{'s' * (hours > 1)} ago"
