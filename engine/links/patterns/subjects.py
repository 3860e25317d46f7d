"""Subjects of a finding, and whether a pattern is still found about them. Finds no new subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.links.incident_roles import Happenings
from engine.links.kinds import Shape
from engine.links.model import LinksRead
from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import PATTERNS, OfOne
from engine.links.patterns.thresholds import Thresholds


def subject_of(key: PatternKey, finding: Finding, shape_of: Callable[[str], Shape]) -> tuple[str, ...]:
    """Return the ids of what a finding is about, in an order that does not depend on how it was found."""
    match PATTERNS[key].about:
        case ("thing",):
            return (finding.path[1],)
        case ("two",):
            return tuple(sorted(finding.persons[:2]))
        case ("place", "person"):
            place = next(stop for stop in finding.path if shape_of(stop) is Shape.PLACE)
            return (place, finding.persons[0])
        case about:
            return finding.persons[: len(about)]


def found_about(
    links: LinksRead, key: PatternKey, subject: Sequence[int], limits: Thresholds
) -> Finding | None:
    """Return what the detector finds about this subject now, None if nothing.

    The cost is that of the subject's neighbourhood.
    """
    pattern, acts = PATTERNS[key], Happenings(links)
    if isinstance(pattern, OfOne):
        answers = pattern.detect(acts, subject[0], limits)
    else:
        one, other = sorted(subject) if pattern.about == ("two",) else subject
        answers = pattern.detect(acts, (one, other), limits)
    return next((answer for answer in answers if isinstance(answer, Finding)), None)
