"""Precision and recall of likely breaches in a planted year, on a seed that no one chose."""

from __future__ import annotations

import os
from secrets import randbelow

from benchmarks.measured import Measured
from tests.engine.orders.test_planted_year import AT_ONE_PLACE, OF_DATES, a_year

INCIDENTS = 10_000
NOISES = {
    "clean": (0.0, (*AT_ONE_PLACE, *OF_DATES)),
    "noise in times and places": (0.5, AT_ONE_PLACE),
    "partial dates": (0.5, OF_DATES),
    "every date partial": (1.0, OF_DATES),
}


def measure() -> list[Measured]:
    """Each share, on one seed (or STAC_SEED)."""
    seed = int(os.environ.get("STAC_SEED") or randbelow(10**6))
    return [
        Measured(
            name=f"{share}, {name}, seed {seed}",
            figure=figure,
            unit="of 1",
            target=_TO_REACH.get((name, share), 1.0),
            yardstick=1.0,
            against="every breach that was planted, and nothing else",
            more_is_better=True,
        )
        for name, (noise, losses) in NOISES.items()
        for share, figure in a_year(seed, INCIDENTS, noise=noise, losses=losses).shares.items()
    ]


_LIKELY = "breaches that are likely"
_TO_REACH = {
    ("clean", _LIKELY): 0.97,
    ("noise in times and places", _LIKELY): 0.25,
    ("partial dates", _LIKELY): 0.25,
    ("every date partial", _LIKELY): 0.0,
}
"""What is lost cannot be likely: only that a person is asked is to be reached then."""
