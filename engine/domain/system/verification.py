"""The record's daily verification of itself, and its failures."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from engine.domain.base import Frozen, Instant

PARTS = 7
"""A large record compares its rows with the audit log in so many parts, one each day."""


class Verified(StrEnum):
    """A part of the verification, by its stored value."""

    CHAIN = "chain"
    CONTENT = "content"
    TRIGGERS = "triggers"
    KEYS = "keys"
    ANCHORS = "anchors"
    BACKUP = "backup"
    EVENTS = "events"

    @property
    def sentence(self) -> str:
        """The failure in a sentence."""
        return _SAYS[self]


_SAYS: dict[Verified, str] = {
    Verified.CHAIN: "The audit log failed verification.",
    Verified.CONTENT: "Rows differ from the audit log.",
    Verified.TRIGGERS: "History can be changed: triggers of the database are missing.",
    Verified.KEYS: "The keys do not belong to this record, or cannot be read.",
    Verified.ANCHORS: "The audit log could not be anchored in time.",
    Verified.BACKUP: "There is no backup, or the newest is too old.",
    Verified.EVENTS: "The file of security events cannot be written.",
}


class Verification(Frozen):
    """One day's verification: ``part`` of ``parts`` of the rows, and what failed."""

    at: Instant
    part: int
    parts: int
    failed: tuple[Verified, ...]


def failing(newest_first: Sequence[Verification]) -> tuple[Verified, ...]:
    """Return what fails now: what the newest one found, and rows not found right since.

    Rows of a part are compared again when all other parts were, so their failure stays until then.
    """
    if not newest_first:
        return ()
    newest, found = newest_first[0], set(newest_first[0].failed)
    seen: set[int] = set()
    for each in newest_first:
        if each.parts != newest.parts or each.part in seen:
            continue
        seen.add(each.part)
        found |= {Verified.CONTENT} & set(each.failed)
    return tuple(each for each in Verified if each in found)


def next_part(newest: Verification | None, *, parts: int) -> int:
    """Return the part of the rows to compare next: none is passed over, however many days were missed."""
    return 0 if newest is None or newest.parts != parts else (newest.part + 1) % parts
