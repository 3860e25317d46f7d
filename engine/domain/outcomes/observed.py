"""One case as it was observed after the panel's first decision, in numbers of days since then. No arithmetic.

Day 0 is the date of that decision. None is "not known", not nought: a measure without a search has no end of
observation, and an act without a score has no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.domain.outcomes.follow_up import AgainstWhom, Measure


class Ending(StrEnum):
    """A reason why a person can be observed no longer. Custody is none: people also stalk from prison."""

    DIED = "died"
    DEPORTED = "deported"
    MOVED_AWAY = "moved away"
    WITHDRAWN = "observation withdrawn"


class Standing(StrEnum):
    """The result of one measure in one window of one case. Only the first two are in a denominator."""

    FURTHER = "further stalking"
    NONE_FOUND = "none found"
    NOT_YET_KNOWN = "not yet known"
    NOT_LOOKED = "not checked"
    ENDED_EARLY = "observation ended early"


@dataclass(frozen=True, slots=True)
class FurtherAct:
    """One act after the decision: the latest day that it may have been on, and against whom."""

    day: int
    against: AgainstWhom
    harm: float | None = None
    """Days of the crime harm index. None: no score."""
    is_order_breach: bool | None = None
    """True if its offence is the breach of an order. None: not known; it counts as proven all the same."""
    proved_day: int | None = None
    """When the conviction or caution was. None: not known; the act counts as proven in time."""


@dataclass(frozen=True, slots=True)
class MeasureObserved:
    """One measure of one case. Acts that two agencies found are one act."""

    measure: Measure
    looked_until: int | None
    """The end of the search, in days. None: there was no search."""
    acts: tuple[FurtherAct, ...]


@dataclass(frozen=True, slots=True)
class ObservedCase:
    """One case: how long it was observed, and what was found, on each of three measures."""

    reference: str
    person: str
    """The alleged perpetrator, after current judgements that records are of the same person."""
    anchor: date
    """The date of the panel's first decision: day 0."""
    ended_day: int | None
    """The end of observation, in days, where it ended early."""
    ending: Ending | None
    custody: tuple[tuple[int, int | None], ...]
    """Times in custody, in days: each after the arrest, until the release or None where that is not known.
    They are in order and do not overlap. Arrest and release count as at liberty."""
    measures: Mapping[Measure, MeasureObserved]
    typology: str | None = None
    borough: str | None = None
    interventions: frozenset[str] = frozenset()
    first_sessions: Mapping[str, int] = field(default_factory=dict)
    """Days until the first session that was delivered, by intervention; 0 also where it was before."""
    orders: tuple[tuple[int, int | None], ...] | None = None
    """Times when a served order applied, in days: from the first, until before the last or None where it goes
    on. They are in order and do not overlap. None: orders were not read, which is not "no order"."""


@dataclass(frozen=True, slots=True)
class ObservedRecord:
    """All cases with a decision as they are observed today, and sentences on what counts in them, and how."""

    cases: tuple[ObservedCase, ...]
    sentences: tuple[str, ...]
    involvements: frozenset[str] = frozenset()
    """The referrals whose content is in these cases."""
