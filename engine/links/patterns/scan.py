"""Search for every pattern in a register: candidates by arrays, then the detector on each.

Ranks no person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.domain.base import Frozen, Instant
from engine.domain.links.marks import PatternMarks
from engine.gc_pause import collector_at_rest
from engine.links.incident_roles import THINGS, Happenings
from engine.links.kinds import SHAPES, Role, Shape, folded, is_professional_type, words
from engine.links.patterns import dated, people, things
from engine.links.patterns.candidates import Candidates
from engine.links.patterns.commonness import ByChance, InCases, cases_with
from engine.links.patterns.finding import Finding, NotJudged, PatternKey, ThresholdChange
from engine.links.patterns.thresholds import Thresholds
from engine.links.register import Register

_MOST_UNJUDGED = 20
_Subject = TypeVar("_Subject")
Flags = NDArray[np.bool_]


class Among(NamedTuple):
    """Entities of a register, a yes or no for each. Only subjects with one of them are searched."""

    flags: Flags
    wholly: bool = False
    """Only subjects that have no other."""


class _Searched(NamedTuple):
    findings: tuple[Finding, ...]
    not_judged: list[NotJudged]
    is_cut_short: bool


@dataclass(frozen=True)
class Pattern(Generic[_Subject]):
    """A detector, whom it is asked about, and what a register must have for it."""

    detect: Callable[[Happenings, _Subject, Thresholds], Iterator[Finding | NotJudged]]
    candidates: Callable[[Candidates, Thresholds], Iterable[_Subject]]
    about: tuple[str, ...]
    """Subject: the shapes, or "two" for each two people."""
    needs: tuple[str, ...]

    def searched(
        self,
        those: Candidates,
        acts: Happenings,
        limits: Thresholds,
        *,
        most: int | None,
        among: Among | None,
    ) -> _Searched:
        """Return what the detector finds and cannot judge among so many of its candidates at most."""
        subjects = iter(self.candidates(those, limits))
        if among is not None:
            subjects = filter(partial(_is_among, among), subjects)
        findings: list[Finding] = []
        left: list[NotJudged] = []
        more = 0
        for subject in islice(subjects, most):
            for answer in self.detect(acts, subject, limits):
                if isinstance(answer, Finding):
                    findings.append(answer)
                elif len(left) < _MOST_UNJUDGED:
                    left.append(answer)
                else:
                    more += 1
        if more:
            left.append(NotJudged(says=f"{more:,} more could not be judged, for the like reasons."))
        is_cut_short = most is not None and next(subjects, None) is not None
        if is_cut_short:
            sentence = f"More than {most:,} are possible; the others were not checked."
            left.append(NotJudged(says=sentence))
        return _Searched(tuple(findings), left, is_cut_short)


def _is_among(among: Among, subject: object) -> bool:
    numbers = subject if isinstance(subject, tuple) else (subject,)
    return (all if among.wholly else any)(among.flags[number] for number in numbers)


class OfOne(Pattern[int]):
    """A pattern of one person or thing."""


class OfTwo(Pattern[tuple[int, int]]):
    """A pattern of two people, or of a person at a place."""


PATTERNS: dict[PatternKey, OfOne | OfTwo] = {
    PatternKey.SERIAL_PERPETRATOR: OfOne(
        people.serial_perpetrator,
        lambda those, limits: those.perpetrators_of(limits.serial_victims),
        ("person",),
        ("roles",),
    ),
    PatternKey.REPEAT_VICTIM: OfOne(
        people.repeat_victim,
        lambda those, limits: those.victims_in(limits.repeat_victim_incidents),
        ("person",),
        ("roles",),
    ),
    PatternKey.REPEAT_CASE: OfTwo(
        dated.repeat_case,
        lambda those, limits: those.pairs_with_referral(),
        ("person", "person"),
        ("roles", "dates"),
    ),
    PatternKey.COUNTER_ALLEGATION: OfTwo(
        people.counter_allegation,
        lambda those, limits: those.mutual_pairs(),
        ("two",),
        ("roles",),
    ),
    PatternKey.PROXY: OfTwo(
        things.proxy,
        lambda those, limits: those.pairs_by_thing(limits.object_users),
        ("two",),
        ("roles", "objects"),
    ),
    PatternKey.ROLE_OVERLAP: OfOne(
        people.role_overlap, lambda those, limits: those.both_roles(), ("person",), ("roles",)
    ),
    PatternKey.MANY_HANDLES: OfOne(
        things.many_handles,
        lambda those, limits: those.users_of_many(limits.many_handles),
        ("person",),
        ("means of contact",),
    ),
    PatternKey.SHARED_OBJECT: OfOne(
        things.shared_object,
        lambda those, limits: those.shared_things(limits.shared_users),
        ("thing",),
        ("objects",),
    ),
    PatternKey.ORDER_THEN_SWITCH: OfOne(
        dated.order_then_switch,
        lambda those, limits: those.under_orders(),
        ("person",),
        ("roles", "dates", "orders"),
    ),
    PatternKey.QUIET_THEN_RETURN: OfTwo(
        dated.quiet_then_return,
        lambda those, limits: those.pairs_with(limits.quiet_before + 1),
        ("person", "person"),
        ("roles", "dates"),
    ),
    PatternKey.REPEAT_LOCATION: OfTwo(
        things.repeat_location,
        lambda those, limits: those.at_places(limits.location_incidents),
        ("place", "person"),
        ("roles", "places"),
    ),
    PatternKey.SEVERAL_PERPETRATORS: OfOne(
        people.several_perpetrators,
        lambda those, limits: those.victims_of(limits.several_perpetrators),
        ("person",),
        ("roles",),
    ),
    PatternKey.PROFESSIONAL_TARGETED: OfOne(
        people.professional_targeted,
        lambda those, limits: those.professionals(),
        ("person",),
        ("roles", "professionals"),
    ),
    PatternKey.THREE_IN_TWELVE_MONTHS: OfTwo(
        dated.three_in_twelve_months,
        lambda those, limits: those.pairs_with(limits.three_incidents),
        ("person", "person"),
        ("roles", "dates"),
    ),
}


_BY_PAIRS = {
    PatternKey.REPEAT_CASE,
    PatternKey.COUNTER_ALLEGATION,
    PatternKey.QUIET_THEN_RETURN,
    PatternKey.THREE_IN_TWELVE_MONTHS,
}
"""Those whose subjects are a perpetrator and a victim of one incident."""


class Unjudged(Frozen):
    """A pattern that could not be searched for, under its key."""

    pattern: PatternKey
    judged: NotJudged


class PatternsFound(Frozen):
    """Every finding by its pattern, in the order of the file, and what could not be judged."""

    findings: dict[PatternKey, tuple[Finding, ...]]
    not_judged: tuple[Unjudged, ...]
    snapshot_at: Instant | None = Field(
        default=None, description="when the searched arrays were made; None: no arrays"
    )
    changed_since: int | None = Field(
        default=None, description="cases that changed since, and were read from the record"
    )
    in_cases: dict[PatternKey, InCases] | None = Field(
        default=None, description="in how many of all cases each occurs; None: no link names a case"
    )
    as_one: dict[PatternKey, int] | None = Field(
        default=None,
        description="how many of each are still found where those who may be one person are read as one",
    )
    by_chance: dict[PatternKey, ByChance] | None = Field(
        default=None, description="how many of each come by chance, where that was asked for"
    )
    marks: dict[PatternKey, PatternMarks] | None = Field(
        default=None, description="people's marks on the findings; None: of a file, or with other thresholds"
    )
    changed: dict[PatternKey, ThresholdChange] | None = Field(
        default=None, description="the difference from today's thresholds, where others were asked for"
    )


def scan(
    register: Register,
    limits: Thresholds,
    keys: Collection[PatternKey] | None = None,
    *,
    most: int | None = None,
    among: Among | None = None,
) -> PatternsFound:
    """Return what every detector finds in a whole register.

    Candidates come from array work over all links at once; only they are read out and put to the detector,
    which decides: asking about every person must give the same, and a test does.

    Parameters
    ----------
    register : Register
        The compact form.
    limits : Thresholds
        The current ones.
    keys : collection of PatternKey, optional
        Only these patterns.
    most : int, optional
        How many candidates of each pattern are put to its detector; that there are more is listed among what
        was not judged.

    Returns
    -------
    PatternsFound
        Findings are in the order of the file, never in an order of concern.

    Notes
    -----
    Linear in the links, and in what the detectors read of the candidates.
    """
    with collector_at_rest():  # findings hold no cycles, and walking a million of them finds none either
        return _scanned(register, limits, keys, most, among)


def _scanned(
    register: Register,
    limits: Thresholds,
    keys: Collection[PatternKey] | None,
    most: int | None,
    among: Among | None,
) -> PatternsFound:
    those, acts, held = Candidates(register, limits), Happenings(register), _held(register)
    findings: dict[PatternKey, tuple[Finding, ...]] = {}
    unjudged: list[Unjudged] = []
    cut_short: set[PatternKey] = set()
    for key, pattern in PATTERNS.items():
        if keys is not None and key not in keys:
            continue
        lacking = [need for need in pattern.needs if need not in held]
        findings[key] = ()
        if lacking:
            unjudged.append(Unjudged(pattern=key, judged=NotJudged(says=_LACKING[lacking[0]])))
            continue
        searched = pattern.searched(those, acts, limits, most=most, among=among)
        findings[key] = searched.findings
        if searched.is_cut_short:
            cut_short.add(key)
        unjudged += [Unjudged(pattern=key, judged=each) for each in searched.not_judged]
        if key in _BY_PAIRS and those.crowded:
            sentence = (
                f"{those.crowded} incidents have so many people in them that no pairs were made of these."
            )
            unjudged.append(Unjudged(pattern=key, judged=NotJudged(says=sentence)))
    return PatternsFound(
        findings=findings,
        not_judged=tuple(unjudged),
        in_cases=_in_cases(register, acts, findings, cut_short),
    )


def _in_cases(
    register: Register,
    acts: Happenings,
    findings: dict[PatternKey, tuple[Finding, ...]],
    cut_short: Collection[PatternKey],
) -> dict[PatternKey, InCases] | None:
    every = int((register.entities.shapes == SHAPES.index(Shape.REFERRAL)).sum())
    if not every:
        return None
    numbers = acts.numbers()
    return {
        key: InCases(
            cases=cases_with(acts, those, partial(_people_of, key), numbers.__getitem__),
            of=every,
            at_least=key in cut_short,
        )
        for key, those in findings.items()
    }


def _people_of(key: PatternKey, finding: Finding) -> tuple[str, ...]:
    """Return the people of a finding; of a thing, its users."""
    match PATTERNS[key].about:
        case ("thing",):
            return finding.persons
        case ("two",) | ("person", "person"):
            return finding.persons[:2]
        case _:
            return finding.persons[:1]


_LACKING = {
    "roles": "No link says who was perpetrator or victim, so this could not be judged.",
    "dates": "Nothing in the register has a date, so this could not be judged.",
    "objects": "The register holds no phone, account, vehicle or other object, so this could not be judged.",
    "means of contact": "The register holds no phone, account or other contact: this was not judged.",
    "places": "The register holds no place, so this could not be judged.",
    "orders": "The register holds no order, so this could not be judged.",
    "professionals": "No person is recorded as a professional, so this could not be judged.",
}


def _held(register: Register) -> set[str]:
    """Return what a register has at all."""
    shapes = {SHAPES[code] for code in set(register.entities.shapes.tolist())}
    links, entities = register.links, register.entities
    kinds = {folded(term) for term in links.kinds.words}
    attributes = {folded(name) for name in entities.attributes}
    has = {
        "roles": bool((links.roles & int(Role.PERPETRATOR | Role.VICTIM)).any()),
        "dates": bool(links.precisions.any()) or not attributes.isdisjoint(words().incidents["date"]),
        "objects": not shapes.isdisjoint(THINGS),
        "means of contact": Shape.CONTACT in shapes,
        "places": Shape.PLACE in shapes,
        "orders": Shape.ORDER in shapes,
        "professionals": not attributes.isdisjoint(words().professional["attributes"])
        or not kinds.isdisjoint(words().professional["kinds"])
        or any(map(is_professional_type, entities.types.words)),
    }
    return {name for name, there in has.items() if there}
