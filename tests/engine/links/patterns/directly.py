"""Every detector asked about everybody and every two: what a scan of a whole register must find, too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations, product
from typing import Any

from engine.links.incident_roles import THINGS, Happenings
from engine.links.kinds import Shape
from engine.links.model import LinksRead
from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import PATTERNS
from engine.links.patterns.thresholds import Thresholds


def scan_directly(
    links: LinksRead, entities: Collection[int], limits: Thresholds
) -> dict[PatternKey, list[Finding]]:
    """The findings of each pattern."""
    acts = Happenings(links)
    by_shape = {
        "person": [n for n in sorted(entities) if links.shape_of(n) is Shape.PERSON],
        "thing": [n for n in sorted(entities) if links.shape_of(n) in THINGS],
        "place": [n for n in sorted(entities) if links.shape_of(n) is Shape.PLACE],
    }
    found: dict[PatternKey, list[Finding]] = {}
    for key, pattern in PATTERNS.items():
        subjects: Iterable[Any]
        if pattern.about == ("two",):
            subjects = combinations(by_shape["person"], 2)
        elif len(pattern.about) == 1:
            subjects = by_shape[pattern.about[0]]
        else:
            subjects = ((a, b) for a, b in product(*(by_shape[each] for each in pattern.about)) if a != b)
        found[key] = [
            answer
            for subject in subjects
            for answer in pattern.detect(acts, subject, limits)
            if isinstance(answer, Finding)
        ]
    return found
