"""A rate and a median, as an analyst reads them. No arithmetic; what cannot be estimated is None."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """Events for each unit of person-time, with an exact 95 % interval."""

    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Median:
    """The time when half have had the event."""

    group: str | None
    estimate: float | None
    low: float | None
    high: float | None
