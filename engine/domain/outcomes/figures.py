"""Figures over all cases, ready to be drawn. No person and no case can be recognised in them."""

from __future__ import annotations

from engine.domain.base import Frozen
from engine.domain.outcomes.follow_up import AgainstWhom


class CurvePoint(Frozen):
    """A point of the Kaplan-Meier estimate: days since the anchor date, share still without a report."""

    day: float
    share: float
    low: float
    high: float


class AtRisk(Frozen):
    """The number still being followed, at some month."""

    month: int
    count: int | None
    """None: hidden, as it or its difference from another is small."""


class ReoffendingView(Frozen):
    """Counts, and the time to the next reported stalking, with its band and numbers at risk.

    None is a figure that is hidden: it is small, or a small one could be worked out from it.
    """

    followed: int | None
    """Decided cases."""
    looked_at: int | None
    """Of these, those followed up since: the denominator of ``reported``."""
    reported: int | None
    recorded: int | None
    recorded_of: int | None
    """The decided cases for which recorded crime was searched."""
    proven: int | None
    proven_of: int | None
    """The decided cases for which proven reoffending was searched."""
    against: dict[AgainstWhom, int | None]
    """Of those reported."""
    window_open: int | None
    """Of those without a report: followed for less than a year."""
    without_report: int | None
    """Of those followed up."""
    not_known: int | None
    """Of the decided cases: not followed up."""
    hidden_under: int
    curve: tuple[CurvePoint, ...]
    at_risk: tuple[AtRisk, ...]
    says: tuple[str, ...]
