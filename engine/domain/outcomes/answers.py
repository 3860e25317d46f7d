"""Answers to whether, how often and how soon, each with its exact denominators. No arithmetic.

They are exact and hide nothing: no page shows them before small figures are hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.outcomes.analysis import Median, Rate
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Ending


@dataclass(frozen=True, slots=True)
class Share:
    """A share with a 95 % interval; None where it cannot be estimated."""

    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Whether:
    """Cases with further stalking within the window.

    ``followed`` is ``counted`` and ``not_yet_known`` and ``not_looked`` and those that ``ended_early``.
    ``counted`` is ``further`` and ``none_found``, and is the denominator of ``share``.
    """

    measure: Measure
    window_days: int
    followed: int
    people: int
    """Persons in the cases that are counted."""
    looked_at: int
    """Cases with a search for this measure, whether their window is over or not."""
    window_over: int
    not_yet_known: int
    not_looked: int
    """Cases without a search to the end of the window."""
    never_looked: int
    """Of these, those without any search."""
    ended_early: Mapping[Ending, int]
    counted: int
    further: int
    none_found: int
    share: Share
    first_against: Mapping[AgainstWhom, int]
    """Cases with further stalking, by the target of the first act. They add up to ``further``."""
    ever_against: Mapping[AgainstWhom, int]
    """The same by every target. A case may be in more than one."""
    further_not_looked_on: int
    """Cases with further stalking, without a search to the end of the window."""
    further_before_window_over: int
    """Cases that are not yet known, and had further stalking already. They are in no share."""
    in_custody_throughout: int
    """Counted cases whose person was in custody for the whole window."""
    least: float | None
    """The share of all whose window is over, if none of those not counted had further stalking."""
    most: float | None
    """The same, if all of them had."""


@dataclass(frozen=True, slots=True)
class HowOften:
    """Acts within the observed part of the window."""

    measure: Measure
    window_days: int
    cases: int
    """Cases with a search."""
    people: int
    acts: int
    days_observed: int
    days_at_risk: int
    """Without time in custody, save for reported stalking."""
    days_in_custody: int
    rate: Rate
    """Acts for each year at risk."""
    by_number: Mapping[int, int]
    """Cases by their number of acts, from 0 on."""


@dataclass(frozen=True, slots=True)
class HowSoon:
    """Time to the first act, of cases with one and of all that are followed."""

    measure: Measure
    cases: int
    """Cases with a search, whose person was at risk on day 0."""
    with_act: int
    competing: int
    """Cases that ended before an act with a death or, save for reported stalking, in custody."""
    in_custody_at_first: int
    """Cases left out: their person was in custody on day 0."""
    half_of_first_acts_by: int | None
    """Half of the first acts had come by then, in days."""
    quarter_of_cases_by: float | None
    """A quarter of the cases had a first act by then."""
    median: Median
    """Half of the cases had a first act by then, if nothing else ended them."""


@dataclass(frozen=True, slots=True)
class Severity:
    """Cases with further stalking by their most serious act within the window, in days of crime harm."""

    measure: Measure
    window_days: int
    further: int
    no_score: int
    """No act of the case has a score. It is set apart, and is not 0."""
    bands: Mapping[str, int]
    partly_scored: int
    """Cases in a band that also have an act without a score, which may be the more serious one."""
