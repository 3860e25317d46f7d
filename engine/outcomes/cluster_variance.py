"""Variances between persons of estimates over cases, where one person can have several. Pure.

Each case has an influence: how far the estimate moves with it. The influences of one person's cases are added
before they are squared (the infinitesimal jackknife; Williams 1995 for Kaplan-Meier).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def share_influences(days: Floats, had: Bools, horizon: float, weights: Floats | None = None) -> Floats:
    """Return the influence of each case on the estimated share (Kaplan-Meier) with the event by the horizon.

    ``weights`` are taken as known, so that an interval from estimated weights is rather too wide.
    """
    weight = np.ones(len(days)) if weights is None else weights
    times = np.unique(days[had & (days <= horizon)])
    if not len(times):
        return np.zeros(len(days))
    order = np.argsort(days, kind="stable")
    at_risk = np.concatenate([np.cumsum(weight[order][::-1])[::-1], [0.0]])[
        np.searchsorted(days[order], times, side="left")
    ]
    place = np.searchsorted(times, days)
    has_event = had & (days <= horizon)
    events = np.bincount(place[has_event], weights=weight[has_event], minlength=len(times))
    left = np.maximum(at_risk - events, 0.5 * weight.min())
    survival = float(np.prod((at_risk - events) / at_risk))
    # d(-log S) of a case: its own event, less its share of the hazard while it was at risk
    own = np.zeros(len(days))
    own[has_event] = 1 / left[place[has_event]]
    hazard = np.concatenate([[0.0], np.cumsum(events / (at_risk * left))])
    until = np.searchsorted(times, np.minimum(days, horizon), side="right")
    influences: Floats = survival * weight * (own - hazard[until])
    return influences


def between_persons(influences: Floats, persons: Sequence[str]) -> float:
    """Return the variance: the square of each person's sum, with the correction for few persons."""
    _, person = np.unique(np.array(persons), return_inverse=True)
    sums = np.bincount(person, weights=influences)
    if len(sums) < 2:
        return float((sums**2).sum())
    return float(len(sums) / (len(sums) - 1) * (sums**2).sum())
