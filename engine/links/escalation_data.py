"""Limits of trends as versioned data. Judges nothing."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field

from engine.domain.base import Frozen
from engine.links.kinds import folded


class GapLimits(Frozen):
    """Limits of a fall after something that may stop reports."""

    least_before: int = Field(ge=1)
    share: float = Field(ge=0, lt=1)
    words: dict[str, tuple[str, ...]]

    def told_by(self, term: str) -> str | None:
        """Return the change that a term of a file means."""
        return next((what for what, words in self.words.items() if folded(term) in words), None)


class OrderWords(Frozen):
    """The terms by which a file of events may report that an order was made."""

    words: tuple[str, ...]


class Power(Frozen):
    """Share of all rising series of a length that one test finds, as measured."""

    events: int
    from_first_report: float = Field(ge=0, le=1)
    from_known_start: float = Field(ge=0, le=1)


class EscalationData(Frozen):
    """All that the data file says."""

    version: str
    fewest_events: int
    alarm_at: float
    severity_at: float
    power: tuple[Power, ...]
    gaps: GapLimits
    orders: OrderWords

    def power_at(self, events: int, *, start_is_known: bool) -> float:
        """Return the figure for so many events, or for the next smaller number that was measured."""
        measured = max((each for each in self.power if each.events <= events), key=lambda each: each.events)
        return measured.from_known_start if start_is_known else measured.from_first_report


@cache
def escalation_data() -> EscalationData:
    """Return the data file."""
    text = files("engine.links").joinpath("data", "escalation.toml").read_text(encoding="utf-8")
    return EscalationData.model_validate(tomllib.loads(text))
