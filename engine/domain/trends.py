"""Whether a case's reported incidents changed over time, in words. Never a level, and no order of cases."""

from __future__ import annotations

from engine.domain.base import Frozen


class TrendMeasure(Frozen):
    """One thing that was looked at, in plain words."""

    name: str
    says: str
    how: str
    """The formula, as one would tell it aloud."""
    seen: str
    """What it was worked out from."""
    would_change: str


class CaseTrendView(Frozen):
    """All that was looked at. The probabilities are for analysts and stand on no page of a panel."""

    events: int
    statistic: float | None
    p_trend: float | None
    p_permutation: float | None
    alarm: bool | None
    """None: it cannot be judged, which is not "no"; ``reason`` says why."""
    reason: str | None = None
    smallest: int | None = None
    """With fewer incidents than this no alarm is possible; None where there are enough."""
    not_counted: str | None = None
    """Which incidents have no whole day, in one sentence; None where every one has."""
    measures: tuple[TrendMeasure, ...]
