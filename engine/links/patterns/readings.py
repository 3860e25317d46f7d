"""Findings read a second way: two who may be one person read as one. Merges nothing, finds nothing new."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.domain.links.views import MayBeOne
from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import PATTERNS
from engine.links.patterns.thresholds import Thresholds


def read_both_ways(
    key: PatternKey, findings: Iterable[Finding], pairs: Collection[MayBeOne], limits: Thresholds
) -> tuple[tuple[Finding, ...], int]:
    """Return the findings, the other reading first in what is against each, and how many hold in it as well.

    A finding holds in the other reading where the pattern is still there with each such two read as one.
    """
    value, hold = [], 0
    for finding in findings:
        people = set(finding.persons)
        across = _across(finding, pairs)
        among = [pair for pair in pairs if {pair.one, pair.other} <= people]
        holds = True
        if among:
            one_of = _read_as_one(finding.persons, among)
            holds = _holds(key, finding, one_of, limits)
            sentences = (*(pair.sentence for pair in among), _counted(finding, one_of, holds))
            finding = finding.model_copy(update={"counter_evidence": (*sentences, *finding.counter_evidence)})
        if across and finding.compared is not None:
            sentences = (*(pair.sentence for pair in across), finding.compared.if_one)
            finding = finding.model_copy(update={"counter_evidence": (*sentences, *finding.counter_evidence)})
        value.append(finding)
        hold += holds
    return tuple(value), hold


def _across(finding: Finding, pairs: Iterable[MayBeOne]) -> list[MayBeOne]:
    """Return the pairs of one of each side that the finding holds to be different."""
    if finding.compared is None:
        return []
    one, other = set(finding.compared.one_side), set(finding.compared.other_side)
    return [
        pair
        for pair in pairs
        if (pair.one in one and pair.other in other) or (pair.one in other and pair.other in one)
    ]


def _read_as_one(persons: Collection[str], pairs: Iterable[MayBeOne]) -> dict[str, str]:
    """Return, for each person, the one that represents all whom this reading makes one with them."""
    one_of = {person: person for person in persons}
    for pair in pairs:
        gone, stored_text = one_of[pair.other], one_of[pair.one]
        one_of = {person: stored_text if first == gone else first for person, first in one_of.items()}
    return one_of


def _holds(key: PatternKey, finding: Finding, one_of: dict[str, str], limits: Thresholds) -> bool:
    if PATTERNS[key].about == ("two",):
        first, second = finding.persons[:2]
        return one_of[first] != one_of[second]
    others = len({one_of[person] for person in finding.persons} - {one_of[finding.persons[0]]})
    match key:
        case PatternKey.SHARED_OBJECT:
            return others + 1 >= limits.shared_users
        case PatternKey.SEVERAL_PERPETRATORS:
            return others >= limits.several_perpetrators
        case PatternKey.SERIAL_PERPETRATOR:
            return others >= limits.serial_victims
        case _:
            return True


def _counted(finding: Finding, one_of: dict[str, str], holds: bool) -> str:
    people, fewer = len(finding.persons), len(set(one_of.values()))
    named = f"{fewer} {'person is' if fewer == 1 else 'people are'} named here instead of {people}"
    return f"Read as one person, {named}{'' if holds else ', and this pattern is not there'}."
