"""Rates by person-time. Pure."""

from __future__ import annotations

from scipy.stats import chi2

from engine.domain.outcomes.analysis import Rate


def exact_rate(events: int, total: float) -> Rate:
    """Return events by person-time with the exact interval of a Poisson count (Garwood 1936)."""
    if not total > 0:
        return Rate(None, None, None)
    low = chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = chi2.ppf(0.975, 2 * events + 2) / 2
    return Rate(events / total, float(low) / total, float(high) / total)
