"""Dates of an order as a panel reads them: what starts, is awaited, due, heard or ends. Knows no rule."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from engine.domain.base import Frozen
from engine.domain.orders.clocks import ClockAnswer, ClockState


class DateKind(StrEnum):
    """The row of the calendar that a date is in."""

    STARTS = "starts"
    AWAITING = "awaiting service"
    DUE = "due"
    HEARING = "hearing"
    EXPIRES = "expires"
    GAP = "no order applies"


NOT_CHECKED_DATES = "Dates not checked by software"


class OrderDate(Frozen):
    """One date of an order, with its rule, how it is counted and what would change it.

    ``day`` None is a clock without its start: something may be due. ``done_on`` is when it was done.
    """

    order: str
    kind: DateKind
    what: str
    day: date | None
    at: datetime | None = None
    answer: ClockAnswer | None = None
    counts: str
    counted: tuple[str, ...] = ()
    rests_on: str | None = None
    changed_by: str | None = None
    next: str
    is_checked: bool = True
    done_on: date | None = None
    gap_days: int | None = None
    """Days without an order: before the next hearing, or of a gap that began."""
    missed: str | None = None
    """The consequence in law where it is late; None where none is known."""
    alternatives: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """True if it was not done."""
        return self.done_on is None

    @property
    def next_in_words(self) -> str:
        """The next step; a date that is recorded asks for nothing more."""
        return (
            self.next
            if self.done_on is None
            else f"Nothing more: done on {self.done_on.day} {self.done_on:%B %Y}"
        )

    def is_late(self, *, on: date, now: datetime | None = None) -> bool:
        """Return whether something that is due is past its day or time, and was not done."""
        if not self.is_open or self.kind is not DateKind.DUE:
            return False
        if self.at is not None and now is not None:
            return now > self.at
        return self.day is not None and self.day < on

    def stays(self, *, on: date) -> bool:
        """Return whether it is asked for after its order ended: a duty that was not done in time."""
        return self.missed is not None and self.is_late(on=on)

    def is_near(self, *, on: date, within: int) -> bool:
        """Return whether it is open and at most so many days ahead, or has passed."""
        return self.is_open and self.day is not None and (self.day - on).days <= within

    @property
    def lawyers_differ(self) -> bool:
        """True if another reading of the law gives another date."""
        return len(self.alternatives) > 1

    @property
    def is_off(self) -> bool:
        """True if the rule of its type is off."""
        return self.answer is not None and self.answer.state is ClockState.OFF


class Span(Frozen):
    """An order on an axis of time: made, served, last; ``served`` None is not served."""

    order: str
    name: str
    maker: str
    starts: date
    served: date | None
    ends: date | None
    is_checked: bool
    needs_service: bool
    said: str
