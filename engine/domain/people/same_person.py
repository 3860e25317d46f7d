"""Who is the same person: proposals, a person's word on them, and what "seen before?" tells. No storage.

A match weight is evidence in bits and never a certainty: one more doubles the odds.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.base import Frozen, Instant
from engine.domain.people.persons import ClaimedRole, ClaimStatus, PersonDescribed

Why = Annotated[str, StringConstraints(min_length=1, max_length=600)]


class Bar(Frozen):
    """One bar of a waterfall of match weights."""

    name: str
    bits: float


class MatchExplained(Frozen):
    """Why two person records may be of one person: the bars add up to the weight."""

    weight: float
    says: str
    waterfall: tuple[Bar, ...]
    version: str

    @property
    def waterfall_in_words(self) -> str:
        """The waterfall on one line."""
        return "; ".join(f"{bar.name} {bar.bits:+.1f}" for bar in self.waterfall)


class SameVerdict(StrEnum):
    """A word on whether two person records are of one person; the newest on a pair holds."""

    SAME = "same"
    NOT_SAME = "not same"
    UNSURE = "unsure"
    TAKEN_BACK = "taken back"


class SameJudgement(Frozen):
    """One word on two person records. ``by_rule`` says that no person spoke it."""

    one: str
    other: str
    verdict: SameVerdict
    by: str
    by_rule: bool = False
    why: Why
    at: Instant


class PersonShown(Frozen):
    """A person record as it is named beside another one."""

    person: str
    involvement: str
    role: ClaimedRole
    status: ClaimStatus
    asserted_by: str
    described: PersonDescribed


class QueueItem(Frozen):
    """Two person records that may be of one person. ``matched`` is None for who judges blind."""

    one: PersonShown
    other: PersonShown
    matched: MatchExplained | None
    words: tuple[SameJudgement, ...]


class ReviewQueue(Frozen):
    """One proposal of those that wait, and how many do. ``item`` is None where none does."""

    total: int
    place: int
    blind: bool
    item: QueueItem | None


class SamePerson(Frozen):
    """The records that the words in force make one person, and pairs among them on which somebody says no."""

    people: tuple[PersonShown, ...]
    conflicts: tuple[tuple[str, str], ...]
    words: tuple[SameJudgement, ...]
