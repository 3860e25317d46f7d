"""Chance that can be repeated: a stream for each purpose, so that asking for more changes nothing earlier.

Only what gives the same numbers on every Python from 3.11 to 3.13 is used. Floats are added by ``fsum``:
``sum`` rounds otherwise since Python 3.12.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

_STEP = 30.0  # a Poisson draw of a larger mean is the sum of draws of this one, so that exp() does not vanish


def stream(seed: int, *key: str | int) -> Random:
    """Return the stream of one purpose, for instance ``stream(7, "episode", "E000001-1")``."""
    return Random(":".join(str(part) for part in (seed, *key)))


def happens(chance: Random, rate: float) -> bool:
    """Return whether something of that rate happens; always one draw."""
    return chance.random() < rate


def chosen(chance: Random, weights: Mapping[str, float]) -> str:
    """Return one key, by weight, in the order of the mapping; always one draw."""
    left = chance.random() * math.fsum(weights.values())
    last = ""
    for key, weight in weights.items():
        last = key if weight > 0 else last
        left -= weight
        if left < 0 < weight:
            return key
    return last


def poisson(chance: Random, mean: float) -> int:
    """Return a count with that mean."""
    drawn = 0
    while mean > 0:
        step = min(mean, _STEP)
        mean -= step
        floor, product = math.exp(-step), chance.random()
        while product > floor:
            drawn += 1
            product *= chance.random()
    return drawn


def negative_binomial(chance: Random, *, mean: float, size: float) -> int:
    """Return a count with a long tail, the longer the smaller ``size``:
    a Poisson count whose mean is drawn.
    """
    return poisson(chance, chance.gammavariate(size, mean / size))


def log_normal(chance: Random, *, median: float, spread: float) -> float:
    """Return a positive quantity with that median; ``spread`` is the deviation of its logarithm."""
    # the sum of twelve uniform draws is close enough to a normal one, and the same everywhere
    return median * math.exp(spread * (math.fsum(chance.random() for _ in range(12)) - 6.0))


def exponential_within(chance: Random, *, mean: float, most: float) -> float:
    """Return a waiting time of that mean before it is cut, never beyond ``most``."""
    part = chance.random() * -math.expm1(-most / mean)
    return -mean * math.log1p(-part)
