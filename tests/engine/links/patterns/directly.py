"""Every detector asked about everybody and every two: what a scan of a whole register must find, too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain, combinations, product

from engine.links.incident_roles import THINGS, Happenings
from engine.links.kinds import Shape
from engine.links.model import LinksRead
from engine.links.patterns.finding import Finding, NotJudged, PatternKey
from engine.links.patterns.scan import PATTERNS, OfOne
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
        answers: Iterable[Finding | NotJudged]
        if isinstance(pattern, OfOne):
            subjects = by_shape[pattern.about[0]]
            answers = chain.from_iterable(pattern.detect(acts, one, limits) for one in subjects)
        else:
            people = by_shape["person"]
            pairs = (
                combinations(people, 2)
                if pattern.about == ("two",)
                else product(by_shape[pattern.about[0]], people)
            )
            answers = chain.from_iterable(
                pattern.detect(acts, two, limits) for two in pairs if len({*two}) == 2
            )
        found[key] = [answer for answer in answers if isinstance(answer, Finding)]
    return found
