"""Times to an event whose distribution is known, for rates of coverage and of false alarms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
EVENT_HAZARD, COMPETING_HAZARD, LEAVING_HAZARD = 0.1, 0.05, 0.04


@dataclass(frozen=True)
class Simulated:
    """Followed rows; ``group_of`` has nothing to do with what happens to them."""

    durations: Floats
    endings: Ints
    group_of: Ints


def simulated(seed: int, rows: int, *, groups: int = 2, whole_times: bool = False) -> Simulated:
    """Rows with constant hazards of the event, of the competing event and of leaving."""
    draw = np.random.default_rng(seed)
    times = np.stack(
        [draw.exponential(1 / hazard, rows) for hazard in (LEAVING_HAZARD, EVENT_HAZARD, COMPETING_HAZARD)]
    )
    durations = times.min(axis=0)
    endings = np.array([LEFT, EVENT, COMPETING])[times.argmin(axis=0)]
    return Simulated(
        np.ceil(durations) if whole_times else durations, endings, draw.integers(0, groups, rows)
    )


def true_survival(at: float) -> float:
    """The share without the event if nothing else could end the follow-up."""
    return float(np.exp(-EVENT_HAZARD * at))


def true_incidence(at: float) -> float:
    """The share that has had the event beside the competing one, in closed form."""
    both = EVENT_HAZARD + COMPETING_HAZARD
    return float(EVENT_HAZARD / both * (1 - np.exp(-both * at)))
