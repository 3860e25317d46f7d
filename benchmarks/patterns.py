"""Precision and recall of each pattern against what was planted among invented Londoners."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import randbelow
from typing import NamedTuple

from benchmarks.measured import Measured
from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.reading import read_register
from engine.links.rows import FileRow
from engine.synthetic.linked import AS_RECORDED, CLEAN, LinkedCity, Noise
from engine.synthetic.planted import planted_record
from engine.synthetic.plants import linked_city

TODAY = date(2026, 11, 25)
PLANTS, PAIRS = 150, 3_000
RECORD_PLANTS, RECORD_PAIRS = 15, 150
NOISES: dict[str, Noise] = {"clean": CLEAN, "noisy": AS_RECORDED}
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
        told[key] = score_of(about, city.key.get(key.value, frozenset()))
    return told


def score_of(about: Collection[tuple[str, ...]], planted: Collection[tuple[str, ...]]) -> Score:
    """Whom the findings are about beside whom they should be about."""
    hits = len(set(about) & set(planted))
    return Score(hits / len(about) if about else 1.0, hits / len(planted) if planted else 1.0)


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
    for name, noise in NOISES.items():
        told += _told(
            name, REACH[name], seed, scores(linked_city(seed, plants=PLANTS, pairs=PAIRS, noise=noise))
        )
    return told + _told("through the record", REACH["clean"], seed, through_the_record(seed))


def through_the_record(seed: int) -> dict[PatternKey, Score]:
    """The same in a record of its own: referrals taken in day by day, and words on who is the same."""
    from benchmarks.planted_record import scores_of, take_in
    from engine.clock import SetClock
    from engine.runtime import initialise
    from engine.services.users import add_first_user

    clock = SetClock(datetime(2020, 1, 1, tzinfo=UTC))
    with (
        tempfile.TemporaryDirectory() as place,
        initialise({"STAC_HOME": str(Path(place, "home"))}, clock=clock) as runtime,
    ):
        first = add_first_user(uow=runtime.uow, clock=clock, name="cora")
        assert first is not None, "the record is new"
        planted = planted_record(seed, plants=RECORD_PLANTS, pairs=RECORD_PAIRS)
        who = take_in(runtime, clock, first.acting(), planted)
        return scores_of(runtime, clock, first.acting(), planted, who)


def _told(name: str, reach: float, seed: int, found: dict[PatternKey, Score]) -> list[Measured]:
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
