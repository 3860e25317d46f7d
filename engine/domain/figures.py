"""Figures over all cases, ready to be drawn. No person and no case can be told from them."""

from __future__ import annotations

from engine.domain.base import Frozen
from engine.domain.outcomes import AgainstWhom


class CurvePoint(Frozen):
    """A point of the Kaplan-Meier estimate: days since the anchor date, share still without a report."""

    day: float
    share: float
    low: float
    high: float


class AtRisk(Frozen):
    """How many were still being followed, at some month."""

    month: int
    count: int


class ReoffendingView(Frozen):
    """Counts, and the time to the next reported stalking, with its band and numbers at risk."""

    followed: int
    reported: int
    recorded: int
    proven: int
    against: dict[AgainstWhom, int]
    window_open: int
    not_known: int
    curve: tuple[CurvePoint, ...]
    at_risk: tuple[AtRisk, ...]
    says: tuple[str, ...]
