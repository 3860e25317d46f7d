"""Subjects of a finding, and whether a pattern is still found about them. Finds no new subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.links.incident_roles import Happenings
from engine.links.kinds import Shape
from engine.links.model import LinksRead
from engine.links.patterns.finding import Finding, PatternKey, ThresholdChange
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


def subject_size(key: PatternKey) -> int:
    """Return the number of ids in a subject of this pattern."""
    return 2 if PATTERNS[key].about == ("two",) else len(PATTERNS[key].about)


def change_of(
    key: PatternKey, before: Iterable[Finding], now: Iterable[Finding], shape_of: Callable[[str], Shape]
) -> ThresholdChange:
    """Return the difference between the findings of today's thresholds and those of others."""
    subjects = [
        dict.fromkeys(subject_of(key, finding, shape_of) for finding in findings)
        for findings in (before, now)
    ]
    return ThresholdChange(
        by_default=len(subjects[0]),
        new=tuple(each for each in subjects[1] if each not in subjects[0]),
        gone=tuple(each for each in subjects[0] if each not in subjects[1]),
    )


def found_about(
    links: LinksRead, key: PatternKey, subject: Sequence[int], limits: Thresholds
) -> tuple[Finding, ...]:
    """Return what the detector finds about this subject now: several findings where it has, say, two orders.

    The cost is that of the subject's neighbourhood.
    """
    pattern, acts = PATTERNS[key], Happenings(links)
    if isinstance(pattern, OfOne):
        answers = pattern.detect(acts, subject[0], limits)
    else:
        one, other = sorted(subject) if pattern.about == ("two",) else subject
        answers = pattern.detect(acts, (one, other), limits)
    return tuple(answer for answer in answers if isinstance(answer, Finding))
