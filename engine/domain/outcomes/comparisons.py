"""Comparisons of groups of cases: a difference as a range, which shows no effect. No arithmetic."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Frozen


class ComparedBy(StrEnum):
    """The feature that splits the cases into those with it and all others. It is fixed at the landmark."""

    INTERVENTION = "intervention"
    ORDER = "order"
    TYPOLOGY = "typology"
    BOROUGH = "borough"
    PERIOD = "period"


class Verdict(StrEnum):
    """The reading of a range. Inconclusive does not mean that there is no effect."""

    FEWER = "fewer reports with it"
    MORE = "more reports with it"
    INCONCLUSIVE = "inconclusive"


class Arm(Frozen):
    """One side of a comparison: its cases, those with the event by then, and the estimated share."""

    cases: int
    events: int
    share: float


class Balance(Frozen):
    """Difference of the groups in one thing known at the decision, before and after standardising."""

    name: str
    before: float
    after: float


class Standardised(Frozen):
    """A comparison within strata of a covariate, weighted to all cases; or why there is none."""

    covariate: str
    refused: str | None = None
    with_share: float | None = None
    without_share: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: Verdict | None = None
    balance: tuple[Balance, ...] = ()
    in_overlap: float | None = None
    """Share of cases in strata that have enough of both groups."""
    e_value: float | None = None
    """Strength of the link to both group and outcome that something not recorded would need."""


class OverTime(Frozen):
    """First reports in times with the feature, divided by those in times without: a range of ratios.

    Only times of the same month after the decision are compared. A case counts on both sides, each day where
    it belongs, so that no time before the feature counts for it.
    """

    low: float
    high: float
    verdict: Verdict


class Comparison(Frozen):
    """One comparison, in events for every 100 people: from ``low`` to ``high`` more (below 0: fewer)."""

    by: ComparedBy
    level: str
    as_of: date
    landmark_days: int
    horizon_days: int
    with_it: Arm
    without: Arm
    low: float
    high: float
    verdict: Verdict
    standardised: Standardised | None = None
    """Within strata of one covariate."""
    weighted: Standardised | None = None
    """By weights on several covariates."""
    over_time: OverTime | None = None


class Comparisons(Frozen):
    """All comparisons by one feature. Each range is wide enough that all of them hold together."""

    by: ComparedBy
    counted: int
    """The comparisons that are corrected for, those that are hidden included."""
    confidence: float
    shown: tuple[Comparison, ...]
    hidden: int
