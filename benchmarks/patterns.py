"""Precision and recall of each pattern against what was planted among invented Londoners."""

from __future__ import annotations

import os
from datetime import date
from secrets import randbelow
from typing import NamedTuple

from benchmarks.measured import Measured
from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.reading import read_register
from engine.links.rows import FileRow
from engine.synthetic.linked import AS_RECORDED, CLEAN, LinkedCity, Noise
from engine.synthetic.plants import linked_city

TODAY = date(2026, 11, 25)
PLANTS, PAIRS = 150, 3_000
REACH = {"clean": 0.95, "noisy": 0.90}
_PAIRS = {PatternKey.REPEAT_CASE, PatternKey.QUIET_THEN_RETURN, PatternKey.THREE_IN_TWELVE_MONTHS}
_EITHER_WAY = {PatternKey.COUNTER_ALLEGATION, PatternKey.PROXY}


class Score(NamedTuple):
    """How a pattern's findings agree with the key."""

    precision: float
    recall: float


def scores(city: LinkedCity) -> dict[PatternKey, Score]:
    """Every pattern's findings in a city beside what was planted."""
    tables = ([FileRow(n, list(row)) for n, row in enumerate(each, start=1)] for each in city[:2])
    found = scan(read_register(*tables).register, thresholds_on(TODAY)).findings
    told = {}
    for key, findings in found.items():
        about = {subject(key, each) for each in findings}
        planted = city.key.get(key.value, frozenset())
        hits = len(about & planted)
        told[key] = Score(hits / len(about) if about else 1.0, hits / len(planted) if planted else 1.0)
    return told


def subject(key: PatternKey, finding: Finding) -> tuple[str, ...]:
    """Whom a finding is about, as the key names them."""
    if key is PatternKey.SHARED_OBJECT:
        return (finding.path[1],)
    if key in _EITHER_WAY:
        return tuple(sorted(finding.persons[:2]))
    return finding.persons[: 2 if key in _PAIRS else 1]


def measure() -> list[Measured]:
    """Each pattern's precision and recall, clean and noisy, on a seed that nobody chose (or STAC_SEED)."""
    seed = int(os.environ.get("STAC_SEED") or randbelow(10**6))
    told: list[Measured] = []
    noises: tuple[tuple[str, Noise], ...] = (("clean", CLEAN), ("noisy", AS_RECORDED))
    for name, noise in noises:
        found = scores(linked_city(seed, plants=PLANTS, pairs=PAIRS, noise=noise))
        for key, score in found.items():
            for figure, value in score._asdict().items():
                told.append(
                    Measured(
                        name=f"{key.value}, {figure}, {name}, seed {seed}",
                        figure=value,
                        unit="of 1",
                        target=REACH[name],
                        yardstick=1.0,
                        against="everything planted, and nothing else",
                        more_is_better=True,
                    )
                )
    return told
