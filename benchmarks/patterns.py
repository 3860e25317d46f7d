"""Precision and recall of each pattern against what was planted among invented Londoners."""

from __future__ import annotations

import os
from secrets import randbelow

from benchmarks.measured import Measured
from benchmarks.pattern_scores import REACH, Score, scores
from benchmarks.planted_record import through_the_record
from engine.links.patterns.finding import PatternKey
from engine.synthetic.linked import AS_RECORDED, CLEAN, Noise
from engine.synthetic.plants import linked_city

PLANTS, PAIRS = 150, 3_000
RECORD_PLANTS, RECORD_PAIRS = 15, 150
NOISES: dict[str, Noise] = {"clean": CLEAN, "noisy": AS_RECORDED}


def measure() -> list[Measured]:
    """Each pattern's precision and recall, clean and noisy, on a seed that nobody chose (or STAC_SEED)."""
    seed = int(os.environ.get("STAC_SEED") or randbelow(10**6))
    measureds: list[Measured] = []
    for name, noise in NOISES.items():
        measureds += _measurements(
            name, REACH[name], seed, scores(linked_city(seed, plants=PLANTS, pairs=PAIRS, noise=noise))
        )
    found = through_the_record(seed, plants=RECORD_PLANTS, pairs=RECORD_PAIRS)
    return measureds + _measurements("through the record", REACH["clean"], seed, found)


def _measurements(name: str, reach: float, seed: int, found: dict[PatternKey, Score]) -> list[Measured]:
    return [
        Measured(
            name=f"{key.value}, {figure}, {name}, seed {seed}",
            figure=value,
            unit="of 1",
            target=reach,
            yardstick=1.0,
            against="everything planted, and nothing else",
            more_is_better=True,
        )
        for key, score in found.items()
        for figure, value in score._asdict().items()
    ]
