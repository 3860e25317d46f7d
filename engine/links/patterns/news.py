"""The difference between the findings of two registers: subjects that are new, and people who were added."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import PATTERNS
from engine.links.patterns.subjects import subject_of
from engine.links.register import Register

Findings = Mapping[PatternKey, tuple[Finding, ...]]
_Subject = tuple[str, ...]


class News(NamedTuple):
    """A finding that is new, or that has more people than before."""

    key: PatternKey
    finding: Finding
    added: tuple[str, ...]
    """The people who were added to a known finding; empty: its subject is new."""


def news_between(now: Register, findings: Findings, before: Register, known: Findings) -> Iterator[News]:
    """Yield what is in ``findings`` of one register and was not in those of an earlier state of it.

    Someone who was known by another record has another id in the earlier state. The later register knows
    both, so ids that differ are compared by it; asking about each would take a query for each.
    """
    for key, those in findings.items():
        subjects = [subject_of(key, finding, now.shape_of_id) for finding in those]
        earlier = _people_of(key, known.get(key, ()), before)
        newest = set(subjects)
        for subject in [each for each in earlier if each not in newest]:
            renamed = _as_now(now, subject)
            if PATTERNS[key].about == ("two",):
                renamed = tuple(sorted(renamed))
            earlier.setdefault(renamed, set()).update(earlier[subject])
        for subject, finding in zip(subjects, those, strict=True):
            if subject not in earlier:
                yield News(key, finding, ())
            elif added := _added(now, finding, earlier[subject]):
                yield News(key, finding, added)


def _people_of(
    key: PatternKey, findings: Collection[Finding], register: Register
) -> dict[_Subject, set[str]]:
    people: dict[_Subject, set[str]] = {}
    for finding in findings:
        people.setdefault(subject_of(key, finding, register.shape_of_id), set()).update(finding.persons)
    return people


def _added(now: Register, finding: Finding, known: Collection[str]) -> tuple[str, ...]:
    added = [person for person in finding.persons if person not in known]
    if added:
        there = set(_as_now(now, [person for person in known if person not in finding.persons]))
        added = [person for person in added if person not in there]
    return tuple(added)


def _as_now(now: Register, ids: Collection[str]) -> _Subject:
    """Return the later register's ids of these."""
    rows = [(each, now.find(each)) for each in ids]
    return tuple(each if row is None else now.id_of(row) for each, row in rows)
