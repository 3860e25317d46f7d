"""Gaps over which a panel may not record "low" without weighing each. Gives each a name; knows no storage."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.base import Frozen

FEWEST_WORDS = 5
"""The number of different words of its own that a reason for "low" over a gap needs."""
SHORTEST_REASON = 10
"""The shortest reason for a judgement, in characters, for a professional and for a panel alike."""

GapName = Annotated[str, StringConstraints(min_length=3, max_length=120)]
"""A gap as a page and a file name it, such as "refused: AGENCY" or "alarm not asked: weapon"."""


class GapKind(StrEnum):
    """The kind of a gap: missing, open or not certain. Excludes a nil return."""

    NOT_ASKED = "not asked"
    AWAITED = "awaited"
    OVERDUE = "overdue"
    REFUSED = "refused"
    FAILED = "failed"
    FAILED_SINCE = "asked again and failed"
    BEFORE_STEP_UP = "answer of before the step up"
    ERASED = "answer erased"
    WITHHELD = "items withheld"
    INCIDENTS_WITHHELD = "incidents withheld"
    UNCONFIRMED = "match not confirmed"
    ALARM_RAISED = "alarm raised"
    ALARM_NOT_KNOWN = "alarm not known"
    ALARM_NOT_ASKED = "alarm not asked"
    NO_VOICE = "no victim's voice"
    ELSEWHERE = "records of other forces not asked"
    NOT_COMPARED = "records not compared"


_WITHHELD = frozenset({GapKind.WITHHELD, GapKind.INCIDENTS_WITHHELD})


class Gap(Frozen):
    """One gap: its name, to mark it as weighed, and what a reader needs to know of it."""

    name: GapName
    says: str


def gap(kind: GapKind, about: str | None, sentence: str) -> Gap:
    """Return a gap of a kind, about an agency, an owner or an alarm topic."""
    return Gap(name=kind.value if about is None else f"{kind.value}: {about}", says=sentence)


def gap_may_be_known(name: str, *, hidden: Iterable[str], hides_voice: bool, is_member: bool) -> bool:
    """Return whether a reader of a decision may know that this gap was weighed.

    Nothing is said of an answer that its owner hides from the reader, and of what is withheld only to those
    who work the case, as on the rest of the page.
    """
    kind, _, about = name.partition(": ")
    if (kind in _WITHHELD and not is_member) or (kind == GapKind.NO_VOICE and hides_voice):
        return False
    return kind.startswith("alarm ") or about not in set(hidden)


def is_written(reason: str) -> bool:
    """Return whether it is legible: more than a full stop."""
    return len(reason.strip()) >= SHORTEST_REASON and re.search(r"[^\W\d_]{2}", reason) is not None


def own_words(reason: str, *, not_counting: Iterable[str] = ()) -> frozenset[str]:
    """Return the different words of a reason that are not in what it answers, such as names of gaps."""
    return _words(reason) - frozenset().union(*(_words(text) for text in not_counting))


def is_own_reason(reason: str, *, gaps: Iterable[str], others: Iterable[str] = ()) -> bool:
    """Return whether a reason has enough words of its own and repeats no other text given with it."""
    given = _plain(reason)
    if any(given == _plain(other) for other in others):
        return False
    return len(own_words(reason, not_counting=gaps)) >= FEWEST_WORDS


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{2,}", text.casefold()))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
