"""Survival (Kaplan-Meier), cumulative incidence (Aalen-Johansen) and medians, each with a band. Pure.

Both estimators are exact: tied times are one step, and nothing is moved at random to break a tie.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.outcomes.statistics.risk_table import Floats, RiskTable

Z_95 = 1.959963984540054
_EQUAL = 1.5e-8
"""Two shares that differ by less are one: the arithmetic of fractions ends a little beside a half."""


@dataclass(frozen=True)
class Band:
    """A value with its 95 % limits; None cannot be estimated."""

    estimate: float | None
    low: float | None
    high: float | None


NOT_ESTIMATED = Band(None, None, None)


@dataclass(frozen=True)
class Curve:
    """A step function of time from ``start`` on, with limits where they can be estimated (else NaN)."""

    start: float
    times: Floats
    estimates: Floats
    lows: Floats
    highs: Floats
    ends: float
    """The longest time that anyone was followed."""
    is_complete: bool
    """True if the curve is known beyond its end: no one was left to be followed."""

    def at(self, time: float) -> Band:
        """Return the curve just after a time; a time when no one is followed has no estimate."""
        if time > self.ends and not self.is_complete:
            return NOT_ESTIMATED
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return Band(self.start, None, None)
        return Band(float(self.estimates[place]), _or_none(self.lows[place]), _or_none(self.highs[place]))


def survival(table: RiskTable) -> Curve:
    """Return the Kaplan-Meier estimate of the share without the event; a competing ending is censored.

    The variance is Greenwood's, and the band is symmetric on the scale of log(-log S).
    """
    falls = table.events > 0
    at_risk, events = table.at_risk[falls].astype(float), table.events[falls].astype(float)
    estimates = np.cumprod((at_risk - events) / at_risk)
    with np.errstate(divide="ignore"):
        summed = np.cumsum(events / (at_risk * (at_risk - events)))
    with np.errstate(invalid="ignore"):  # at nought the variance is infinite, and there is no band
        errors = estimates * np.sqrt(summed)
    return _curve(table, 1.0, table.times[falls], estimates, errors, is_complete=_is_nought(estimates))


def cumulative_incidence(table: RiskTable) -> Curve:
    """Return the Aalen-Johansen estimate of the share that has had the event, beside a competing ending.

    The variance is that of the delta method (Marubini and Valsecchi 1995, 10.12; Pintilie 2006, 4.9), and the
    band is symmetric on the scale of log(-log F).
    """
    steps = table.endings > 0
    at_risk = table.at_risk[steps].astype(float)
    events, endings = table.events[steps].astype(float), table.endings[steps].astype(float)
    after = np.cumprod((at_risk - endings) / at_risk)
    before = np.concatenate(([1.0], after[:-1])) if len(after) else after
    estimates = np.cumsum(before * events / at_risk)
    left = at_risk - endings
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = np.where(left > 0, endings / (at_risk * left), 0.0)
    own = before**2 * (at_risk - events) * events / at_risk**3
    shared = before * events / at_risk**2
    variances = (
        estimates**2 * np.cumsum(whole)
        - 2 * estimates * np.cumsum(whole * estimates)
        + np.cumsum(whole * estimates**2)
        + np.cumsum(own)
        - 2 * (estimates * np.cumsum(shared) - np.cumsum(shared * estimates))
    )
    errors = np.sqrt(np.maximum(variances, 0.0))
    return _curve(table, 0.0, table.times[steps], estimates, errors, is_complete=_is_nought(after))


def median(curve: Curve) -> Band:
    """Return when a survival curve has fallen to a half, with Brookmeyer and Crowley's limits.

    It is the first time below a half. Where the curve is exactly a half for an interval it is the middle of
    that interval, and its beginning where the curve does not fall again (Collett 2015, 2.4). The limits are
    read in the same way from the limits of the curve.
    """
    return Band(
        _half_time(curve.times, curve.estimates),
        _half_time(curve.times, curve.lows),
        _half_time(curve.times, curve.highs),
    )


def _half_time(times: Floats, shares: Floats) -> float | None:
    known = ~np.isnan(shares)
    times, shares = times[known], shares[known]
    reached = np.flatnonzero(shares < 0.5 + _EQUAL)
    if not len(reached):
        return None
    first = reached[0]
    below = np.flatnonzero(shares < 0.5 - _EQUAL)
    if shares[first] >= 0.5 - _EQUAL and len(below):
        return float((times[first] + times[below[0]]) / 2)
    return float(times[first])


def _curve(
    table: RiskTable,
    start: float,
    times: Floats,
    estimates: Floats,
    errors: Floats,
    *,
    is_complete: bool,
) -> Curve:
    inside = (estimates > _EQUAL**2) & (estimates < 1 - 1e-12) & np.isfinite(errors)
    logs = np.log(np.where(inside, estimates, 0.5))
    spread = Z_95 * np.where(inside, errors, 0.0) / (np.where(inside, estimates, 0.5) * np.abs(logs))
    with np.errstate(over="ignore"):
        lows, highs = np.exp(logs * np.exp(spread)), np.exp(logs * np.exp(-spread))
    return Curve(
        start=start,
        times=times,
        estimates=np.where(np.abs(estimates) < 1e-14, 0.0, estimates),
        lows=np.where(inside, lows, np.nan),
        highs=np.where(inside, highs, np.nan),
        ends=float(table.times[-1]) if len(table.times) else 0.0,
        is_complete=is_complete,
    )


def _is_nought(shares: Floats) -> bool:
    return bool(len(shares)) and bool(shares[-1] < 1e-12)


def _or_none(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
