"""Possible duplicates: proposals, and people's decisions on them. No storage.

A match weight is evidence in bits and never a certainty: one more doubles the odds.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.base import Frozen, Instant
from engine.domain.cases.names import CaseNames
from engine.domain.people.persons import ClaimedRole, ClaimStatus, PersonDescribed

Why = Annotated[str, StringConstraints(min_length=1, max_length=600)]


class Bar(Frozen):
    """One bar of a waterfall of match weights."""

    name: str
    bits: float


class MatchExplained(Frozen):
    """The explanation of a match of two person records: the bars add up to the weight."""

    weight: float
    says: str
    waterfall: tuple[Bar, ...]
    version: str

    @property
    def waterfall_in_words(self) -> str:
        """The waterfall on one line."""
        return "; ".join(f"{bar.name} {bar.bits:+.1f}" for bar in self.waterfall)


class SameVerdict(StrEnum):
    """A decision on whether two person records are of one person; the newest on a pair applies."""

    SAME = "same"
    NOT_SAME = "not same"
    UNSURE = "unsure"
    TAKEN_BACK = "taken back"


class SameJudgement(Frozen):
    """One decision on two person records. ``by_rule`` says that a rule made it, not a person."""

    one: str
    other: str
    verdict: SameVerdict
    by: str
    by_rule: bool = False
    why: Why
    at: Instant


class PersonShown(Frozen):
    """A person record as it is named beside another one, with the names on its case."""

    person: str
    involvement: str
    role: ClaimedRole
    status: ClaimStatus
    asserted_by: str
    described: PersonDescribed
    names: CaseNames | None = None


class QueueItem(Frozen):
    """Two person records that may be of one person. None in ``matched``: the reader judges blind."""

    one: PersonShown
    other: PersonShown
    matched: MatchExplained | None
    words: tuple[SameJudgement, ...]


class ReviewQueue(Frozen):
    """One proposal of those that wait, and how many do. None in ``item``: the queue is empty."""

    total: int
    place: int
    blind: bool
    item: QueueItem | None


class SamePerson(Frozen):
    """The records that current decisions make one person, and pairs among them decided to be different."""

    people: tuple[PersonShown, ...]
    conflicts: tuple[tuple[str, str], ...]
    words: tuple[SameJudgement, ...]
