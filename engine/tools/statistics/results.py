"""Results of an analysis of times to an event: what an analyst reads. No arithmetic.

A value that cannot be estimated is None, and ``Analysis.reasons`` has the sentence that says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.domain.outcomes.analysis import Median, Rate


class Ties(StrEnum):
    """The likelihood of a Cox model when events share a time."""

    EFRON = "efron"
    BRESLOW = "breslow"


class Cause(StrEnum):
    """The ending whose cumulative incidence is estimated."""

    EVENT = "event"
    COMPETING = "competing"


@dataclass(frozen=True)
class SurvivalPoint:
    """The estimated share without the event after time ``at``, of ``at_risk`` followed until then."""

    group: str | None
    at: float
    estimate: float | None
    low: float | None
    high: float | None
    at_risk: int


@dataclass(frozen=True)
class IncidencePoint:
    """The estimated share with this ending up to time ``at``."""

    group: str | None
    cause: Cause
    at: float
    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ChiSquared:
    """A chi-squared statistic, its degrees of freedom and the probability of one as large."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class GrayTest:
    """Gray's comparison of the cumulative incidence of one ending over the groups."""

    cause: Cause
    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class Coefficient:
    """A logarithm of a hazard ratio, with its standard error, two-sided p and 95 % interval."""

    name: str
    estimate: float
    se: float
    p: float
    low: float
    high: float


@dataclass(frozen=True)
class ProportionalityTest:
    """The test of one covariate, or of all as ``GLOBAL``, for an effect that changes with time."""

    name: str
    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class CoxModel:
    """A fitted proportional hazards model."""

    ties: Ties
    coefficients: tuple[Coefficient, ...]
    log_likelihood: float
    lr: ChiSquared
    concordance: float | None
    ph_test: tuple[ProportionalityTest, ...] | None


@dataclass(frozen=True)
class Analysis:
    """Everything that is estimated of one file, with the conventions that it follows."""

    n: int
    events: int
    person_time: float
    rate: Rate
    conventions: Mapping[str, str]
    survival: tuple[SurvivalPoint, ...]
    cumulative_incidence: tuple[IncidencePoint, ...] | None
    median: tuple[Median, ...]
    logrank: ChiSquared | None
    gray: tuple[GrayTest, ...] | None
    cox: CoxModel | None
    reasons: Mapping[str, str]
    warnings: tuple[str, ...]
