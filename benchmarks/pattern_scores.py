"""How the findings of each pattern agree with what was planted. Measures nothing itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.reading import read_register
from engine.links.rows import FileRow, NetworkFile
from engine.synthetic.linked import LinkedCity

TODAY = date(2026, 11, 25)
REACH = {"clean": 0.95, "noisy": 0.90}
_PAIRS = {PatternKey.REPEAT_CASE, PatternKey.QUIET_THEN_RETURN, PatternKey.THREE_IN_TWELVE_MONTHS}
_EITHER_WAY = {PatternKey.COUNTER_ALLEGATION, PatternKey.PROXY}


class Score(NamedTuple):
    """How a pattern's findings agree with the key."""

    precision: float
    recall: float


def scores(city: LinkedCity) -> dict[PatternKey, Score]:
    """Every pattern's findings in a city beside what was planted."""
    entities, links = (
        [NetworkFile("city", "city", [FileRow(n, list(row)) for n, row in enumerate(each, start=1)])]
        for each in city[:2]
    )
    found = scan(read_register(entities, links).register, thresholds_on(TODAY)).findings
    value = {}
    for key, findings in found.items():
        about = {subject(key, each) for each in findings}
        value[key] = score_of(about, city.key.get(key.value, frozenset()))
    return value


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
