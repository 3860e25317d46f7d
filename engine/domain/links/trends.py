"""Trends of a case's reported incidents over time, in sentences. Never a level, and no order of cases."""

from __future__ import annotations

from datetime import date

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate


class RecordingChange(Frozen):
    """A change in how police record, from a date on: a series that crosses it may rise only for that."""

    when: PartialDate
    says: str


class TrendMeasure(Frozen):
    """One measure, in plain words."""

    name: str
    says: str
    how: str
    """The formula, as one would say it aloud."""
    seen: str
    """The data that it was worked out from."""
    would_change: str


class CaseTrendView(Frozen):
    """All that was measured. The probabilities are for analysts and are on no page of a panel."""

    events: int
    statistic: float | None
    p_trend: float | None
    p_permutation: float | None
    alarm: bool | None
    """None: it cannot be judged, which is not "no"; ``reason`` says why."""
    reason: str | None = None
    smallest: int | None = None
    """With fewer incidents than this no alarm is possible; None where there are enough."""
    power: float | None = None
    """As measured: how many of all series that rise in a straight line this test would find."""
    says: str = ""
    """Frequency, gravity and nearness in one sentence."""
    observed_from: date | None = None
    """The first contact that no counted incident caused; None where the first report is the start."""
    recording_changes: tuple[RecordingChange, ...] = ()
    """Changes of recording rules that the incidents cross."""
    not_counted: str | None = None
    """The incidents without a complete date, in one sentence; None where every one has it."""
    measures: tuple[TrendMeasure, ...]
