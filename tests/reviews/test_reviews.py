"""Cases from published reviews: what the pages of a case should have shown, at the dates when it was needed.

The expectations were written before the code. README.md says how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from engine.domain.cases.views import CaseView
from tests.reviews.case_files import Expected, Fragment, Never, Part, names, read
from tests.reviews.fragments import pattern_of_counts, patterns, place_of, plain
from tests.reviews.playing import FactRead, Played, Seen, seen_at

WRITTEN: frozenset[Part] = frozenset({"alarm", "1", "2", "3", "4", "5", "6"})
"""The parts whose code is written: add "2" to "6" here to switch their expectations on.

Part "1" and later ones wait until the view of a case has ``facts``.
"""
HAVE_FACTS = "facts" in CaseView.model_fields
ALL: tuple[Part, ...] = tuple(sorted({part for name in names() for part in read(name).parts}))
ON = tuple(part for part in ALL if part == "alarm" or (part in WRITTEN and HAVE_FACTS))
WAITING = tuple(part for part in ALL if part not in ON)
OF_NO_FACT = (
    r"\bno sign\b",
    r"\b(?:not|no|less) (?:faster|graver|nearer|grave)\b",
    r"\bin total\b",
    r"\b(?:score|points)\b",
    r"(?<!very )\b(?:low|lower|moderate|high) (?:risk|concern)\b(?! of serious harm)",
    r"\b(?:because of|caused by|triggered by|provoked by)\b",
    r"\bafter (?:it was reported|the report|a report|reporting|the referral)\b",
    r"\b(?:stopped|ceased|calm|settled)\b",
)
"""What no fact says: of danger nothing negative, no level, no total, no report as a cause."""

Plays = Callable[[str], Played]


@pytest.mark.parametrize("name", names())
def test_every_event_plays(name: str, play: Plays) -> None:
    played = play(name)

    assert played.reference_of.keys() == {*read(name).ids}
    assert all(seen.command for seen in played.seen.values())


@pytest.mark.parametrize("name", names())
def test_counts_that_are_expected_are_those_of_the_dates_in_the_file(name: str) -> None:
    """None of them depends on whether a window begins a day earlier or is a day longer."""
    case = read(name)
    wrong = [
        f"{each.on}: {given} is {by_dates} by the file"
        for each in case.expect
        for given in each.counts
        for later_by, longer_by in product((0, 1), repeat=2)
        if (by_dates := case.counts_of(each, given.days, later_by=later_by, longer_by=longer_by)) != given
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("name", "part"), [(n, p) for n in names() for p in read(n).parts if p in ON])
def test_what_was_needed_is_shown_in_time(name: str, part: Part, play: Plays) -> None:
    case, played = read(name), play(name)
    wrong = [
        f"{each.on}, {each.who}: {fault}"
        for each in case.expect
        if each.part == part
        for fault in _missing(each, seen_at(played, each), played)
    ]
    wrong += [
        f"{each.on}, {each.who}: {fault}"
        for each in case.never
        if each.part == part
        for fault in _misleading(each, seen_at(played, each))
    ]
    wrong += _of_no_fact(played) if part == "1" else ()

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", WAITING or ["none"])
def test_what_waits_is_named_and_counted(part: str) -> None:
    cases = map(read, names())
    count = sum(each.part == part for case in cases for each in (*case.expect, *case.never))
    if count:
        pytest.skip(f"part {part}: {count} expectations wait for their code")


def _of_no_fact(played: Played) -> Iterator[str]:
    """Yield what no fact says and one does, at any date that the case is viewed."""
    for look, seen in played.seen.items():
        for fact in seen.facts:
            for expression in OF_NO_FACT:
                if re.search(expression, plain(fact.says)):
                    yield f"{look.on}, {look.who}: {expression!r} is in {fact.says!r}"


def _missing(each: Expected, seen: Seen, played: Played) -> Iterator[str]:
    """Yield what an expectation misses."""
    if each.part == "alarm":
        if each.tone not in {None, seen.tone}:
            yield f"the tone of the band is {seen.tone}"
        yield from _not_in("band", each.band, seen.band)
        yield from _not_in("worklist", each.worklist, seen.worklist)
        yield from (f"no alarm of {topic.value}" for topic in each.raised if topic not in seen.raised)
        return
    text = plain(" ".join(fact.says for fact in seen.facts))
    yield from _not_in("facts", each.says, text)
    wanted = [*map(patterns, each.says), *((pattern_of_counts(counts),) for counts in each.counts)]
    for counts in each.counts:
        if not pattern_of_counts(counts).search(text):
            yield f"not in the facts: {counts.now} in {counts.days} days, {counts.before} before"
    places = [place_of(alternatives, text) for alternatives in wanted]
    found = [place for place in places if place is not None]
    if each.in_order and found != sorted(found):
        yield f"not in the order of {each.says}"
    records = {record for fact in seen.facts if _says_one_of(wanted, fact) for record in fact.records}
    for event in each.about:
        if played.reference_of[event] not in records:
            yield f"no record of {event} ({played.reference_of[event]}) with {each.says or each.counts}"


def _says_one_of(wanted: list[tuple[re.Pattern[str], ...]], fact: FactRead) -> bool:
    text = plain(fact.says)
    return any(place_of(alternatives, text) is not None for alternatives in wanted)


def _not_in(place: str, fragments: tuple[Fragment, ...], text: str) -> Iterator[str]:
    for fragment in fragments:
        if place_of(patterns(fragment), text) is None:
            yield f"not in the {place}: {fragment}\n    {text[:1500]}"


def _misleading(each: Never, seen: Seen) -> Iterator[str]:
    """Yield what a page must not say, and does."""
    places = {
        "facts": plain(" ".join(fact.says for fact in seen.facts)),
        "band": seen.band,
        "command": seen.command,
        "page": seen.page,
    }
    for expression in each.says:
        for place, text in places.items():
            if found := re.search(expression, text):
                around = text[max(0, found.start() - 80) : found.end() + 80]
                yield f"{expression!r} is in the {place}: {around}"
