"""The answer of a clock: what is due by when, or why there is no date. Knows no rule."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Literal

from pydantic import Field

from engine.domain.base import Frozen

UNCERTAIN: Literal["uncertain"] = "uncertain"


class ClockState(Enum):
    """The state of a clock: it has a date, or the reason why not. In each, something may need to be done."""

    DUE = "due"
    NO_CLOCK = "no clock"
    AWAITING = "awaiting"
    INVALID = "invalid"
    UNCERTAIN = "uncertain"
    OFF = "off"


class ClockAnswer(Frozen):
    """The answer to one fact set; what does not apply is None."""

    id: str | int | None = None
    state: ClockState
    last_day: date | None = None
    """The end date, to 24:00 in London."""
    ends_at: datetime | None = None
    """The end of a clock of hours, as a clock in London shows it; without a zone."""
    counted_to: date | None = None
    known_from: date | None = None
    repeat: bool | Literal["uncertain"] | None = None
    alternatives: tuple[date | datetime | Literal["no clock", "off"], ...] | None = None
    """Every answer that lawyers may give where they differ; the earliest date is the one shown."""
    rests_on: str | None = None
    counted: tuple[str, ...] | None = None
    says: str = Field(min_length=1)
