"""Levels are words: compared for showing disagreement, never added, averaged or ordered."""

from __future__ import annotations

import ast
import heapq
import itertools
import json
import operator
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.conference.risk import Domain, HowSoon, Judgement, Level, levels_apart
from tests.builders import a_decision

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Level, Level)))
def test_only_levels_lie_apart_and_silence_lies_nowhere(one: Level, other: Level) -> None:
    steps = {Level.LOW: 0, Level.MODERATE: 1, Level.HIGH: 2}
    both = one in steps and other in steps
    assert levels_apart(one, other) == (abs(steps[one] - steps[other]) if both else None)


WORDS = (Level, HowSoon)
ORDERINGS: dict[str, Callable[[Any, Any], object]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "max": max,
    "min": min,
    "sorted": lambda one, other: sorted([one, other]),
    "sort": lambda one, other: [one, other].sort(),
    "largest": lambda one, other: heapq.nlargest(1, [one, other, one]),
    "+": operator.add,
    "sum": lambda one, other: sum([one, other]),
    "sum from a level": lambda one, other: sum([other], start=one),
    "mean": lambda one, other: statistics.mean([one, other]),
    "median": lambda one, other: statistics.median([one, other]),
}


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("ordering", ORDERINGS.values(), ids=list(ORDERINGS))
def test_levels_have_no_order_and_no_sum(
    kind: type[Level | HowSoon], ordering: Callable[[Any, Any], object]
) -> None:
    for one, other in itertools.permutations(kind, 2):
        with pytest.raises(TypeError):
            ordering(one, other)
        with pytest.raises(TypeError):
            ordering(one, other.value)
        with pytest.raises(TypeError):
            ordering(one.value, other)


def test_a_level_is_still_text_that_is_equal_and_printed() -> None:
    low: str = Level.LOW
    assert low == "low"
    assert f"{low}: {Level.HIGH.value}" == "low: high"
    answer: dict[str, int] = {Level.LOW: 1}
    assert answer["low"] == 1
    assert json.dumps({Level.HIGH: Level.LOW}) == '{"high": "low"}'


DISTANCE = "levels_apart"
CALLERS = {
    ("dashboard/views/conference/formulation.py", "_viewed"),
    ("engine/domain/conference/differences.py", "can_be_compared"),
    ("engine/domain/conference/differences.py", "furthest_apart"),
    ("engine/outcomes/agreement.py", "_figure"),
    ("engine/outcomes/agreement.py", "compared_table"),
}
"""All of them show where two views differ; the last two over many cases, as weighted kappa and its table."""


def test_the_one_distance_between_levels_has_no_other_callers() -> None:
    found = set()
    for folder in ("engine", "flows", "cli", "dashboard", "plugins", "benchmarks", "scripts"):
        for file in (ROOT / folder).rglob("*.py"):
            if DISTANCE in (text := file.read_text(encoding="utf-8")):
                found |= {(str(file.relative_to(ROOT)), name) for name in named_in(ast.parse(text))}
    assert found == CALLERS


def named_in(tree: ast.AST, function: str = "the module") -> Iterator[str]:
    """The functions in which the distance is named; to import it or to define it is no call."""
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.FunctionDef) else function
        if (isinstance(node, ast.Name) and node.id == DISTANCE) or (
            isinstance(node, ast.Attribute) and node.attr == DISTANCE
        ):
            yield inside
        yield from named_in(node, inside)


def test_recurrence_is_a_further_episode_and_persistence_the_present_one() -> None:
    assert Domain.RECURRENCE.meaning.startswith("A further episode after it has stopped")
    assert Domain.PERSISTENCE.meaning.startswith("The present stalking goes on")
    assert len({domain.meaning for domain in Domain}) == len(Domain)


def test_a_decision_judges_each_of_the_four_domains_once() -> None:
    whole = a_decision()
    with pytest.raises(ValidationError, match="each of the four domains"):
        a_decision(judgements=whole.judgements[:3])
    with pytest.raises(ValidationError, match="each of the four domains"):
        a_decision(judgements=(*whole.judgements[:3], whole.judgements[0]))


def test_how_soon_is_asked_for_violence_alone() -> None:
    Judgement(domain=Domain.VIOLENCE, level=Level.HIGH, reasons="A threat.", how_soon=HowSoon.NOW)
    with pytest.raises(ValidationError, match="only give this for violence"):
        Judgement(domain=Domain.PERSISTENCE, level=Level.HIGH, reasons="A threat.", how_soon=HowSoon.NOW)
