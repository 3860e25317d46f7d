"""Retention of what each owner gave to a case, who decides on its erasure, and what is left of it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from engine.domain.access.need_to_know import Why
from engine.domain.base import Code, Frozen, Instant, Sentence

DESK_OWNER = "desk"
"""Owner of what no agency gave: the referral, screening, incidents, decisions, plans."""
ANY_OWNER = "any-owner"
"""In a schedule: every owner that has none of its own."""
_MOST_NAMED = 8


class Schedule(Frozen):
    """One owner's retention period: a review so many months after the end. Data, dated, with its source."""

    owner: Code
    review_after_months: Annotated[int, Field(ge=1, le=1200)]
    review_again_after_months: Annotated[int, Field(ge=1, le=1200)]
    in_force_from: date
    in_force_until: date | None = None
    source: Sentence
    checked_by: Sentence | None = Field(default=None, description="who checked it against the source")


class Schedules(Frozen):
    """All schedules in one file; ``any-owner`` is every owner without one of its own."""

    version: Sentence
    schedule: tuple[Schedule, ...]

    @model_validator(mode="after")
    def _one_at_a_time(self) -> Schedules:
        for each in self.schedule:
            others = [o for o in self.schedule if o.owner == each.owner and o is not each]
            if any(_overlap(each, other) for other in others):
                raise ValueError(f"schedule: two for '{each.owner}' apply at the same time")
        return self

    def of(self, owner: str, *, on: date) -> Schedule | None:
        """Return the current schedule for this owner, else the one for every owner; others are off."""
        for wanted in (owner, ANY_OWNER):
            for each in self.schedule:
                if each.owner == wanted and _is_current(each, on):
                    return each
        return None


class RetentionAct(StrEnum):
    """A person's decision on what one owner gave to one case."""

    KEEP = "keep until the next review"
    ERASE = "to be erased"
    HOLD = "legal hold"
    LIFT = "hold lifted"


class ErasureGround(StrEnum):
    """The ground of an erasure."""

    RETENTION = "retention"
    RECTIFICATION = "rectification"
    COURT = "court"


class RetentionDecision(Frozen):
    """One decision; the newest review and the newest decision on a hold each apply."""

    involvement: str
    owner: Code
    act: RetentionAct
    why: Why
    review_on: date | None = None
    by: str
    at: Instant


class ErasedRow(Frozen):
    """A certificate's entry on one row: never its text, only what kind it was, when, and its digest."""

    table: str
    row: int
    kind: str
    digest: str
    dated: Instant | None = None


class Stays(Frozen):
    """One reason why values stay after an erasure, and the columns that have them."""

    why: str
    columns: tuple[str, ...]
    """Each as table and column: "court_order_step.happened_on"."""

    @property
    def kinds(self) -> str:
        """The kinds of row that have them, in words; many are counted."""
        kinds = sorted({column.partition(".")[0].replace("_", " ") for column in self.columns})
        return ", ".join(kinds) if len(kinds) <= _MOST_NAMED else f"{len(kinds)} kinds of row"


class Certificate(Frozen):
    """The certificate of an erasure: its owner, decision, author and each row's envelope. It stays.

    ``stays`` is what an erasure of this part leaves, by the reason.
    """

    reference: str
    involvement: str
    owner: Code
    ground: ErasureGround
    schedule: str | None
    why: Why
    decided_by: str
    by: str
    role: str
    at: Instant
    rows: tuple[ErasedRow, ...]
    protected_values: int
    stays: tuple[Stays, ...] = ()


class KeptFor(Frozen):
    """One owner's part of one case: when it is to be reviewed, and its state."""

    reference: str
    owner: Code
    ended_on: date | None
    review_on: date | None
    is_due: bool
    is_held: bool
    decided: RetentionDecision | None
    held: RetentionDecision | None
    certificates: tuple[str, ...]
    schedule: str | None
    may_review: bool

    @property
    def stands(self) -> str:
        """The state in one sentence."""
        if self.is_held:
            return "Legal hold: nothing is erased."
        if self.certificates:
            return f"Erased: {', '.join(self.certificates)}."
        if self.ended_on is None:
            return "The case has not ended."
        if self.decided is not None and self.decided.act is RetentionAct.ERASE:
            return f"Erasure approved by {self.decided.by}; another person must do it."
        if self.review_on is None:
            return "No retention schedule applies, so no review is requested."
        return f"Review {'is due since' if self.is_due else 'on'} {self.review_on:%-d %B %Y}."


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on, or the last one of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _is_current(schedule: Schedule, on: date) -> bool:
    return schedule.in_force_from <= on and (schedule.in_force_until is None or on <= schedule.in_force_until)


def _overlap(one: Schedule, other: Schedule) -> bool:
    first, second = sorted((one, other), key=lambda each: each.in_force_from)
    return first.in_force_until is None or first.in_force_until >= second.in_force_from
