"""One case as it was observed after the panel's first decision, in whole days since then. No arithmetic.

Day 0 is the day of that decision. None is "not known", and is never nought: a measure for which no one looked
has no end of observation, and an act without a score has no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    is_order_breach: bool = False
    """True if its offence is the breach of an order; false also where that is not known."""
    proved_day: int | None = None
    """The day of the conviction or caution, where it is known."""


@dataclass(frozen=True, slots=True)
class MeasureObserved:
    """One measure of one case. Acts that two agencies found are one act."""

    measure: Measure
    looked_until: int | None
    """The last day that a search covers. None: no one has looked."""
    acts: tuple[FurtherAct, ...]


@dataclass(frozen=True, slots=True)
class ObservedCase:
    """One case: how long it was observed, and what was found, on each of three measures."""

    reference: str
    person: str
    """The alleged perpetrator, after current judgements that records are of the same person."""
    anchor: date
    """The day of the panel's first decision: day 0."""
    ended_day: int | None
    """The last day of observation, where it ended early."""
    ending: Ending | None
    custody: tuple[tuple[int, int | None], ...]
    """Whole days in custody: from the first one until the day of release, which is at liberty; None where
    no release is known. They are in order and do not overlap. The day of an arrest is a day at risk."""
    measures: Mapping[Measure, MeasureObserved]
    typology: str | None = None
    borough: str | None = None
    interventions: frozenset[str] = frozenset()
    ordered: bool | None = None
    """Whether a court order applies. None: not recorded."""
