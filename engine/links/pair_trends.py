"""The trend of what was reported of each two people, out of a whole register. Ranks no pair.

Each pair is tested on its own, so that of very many a few raise an alarm by chance; whoever reads the answer
is told how many were there.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.links.escalation import CaseTrend, Event, trend_of
from engine.links.escalation_data import escalation_data
from engine.links.happenings import Happenings
from engine.links.patterns.candidates import Candidates
from engine.links.patterns.thresholds import Thresholds
from engine.links.register import Register


class PairTrend(NamedTuple):
    """Somebody named as perpetrator and somebody named as victim of the same incidents."""

    perpetrator: str
    victim: str
    trend: CaseTrend


class PairTrends(NamedTuple):
    """Some of the pairs, in the order of the register, and how many there are."""

    told: tuple[PairTrend, ...]
    number: int


def pair_trends(register: Register, limits: Thresholds, *, first: int = 0, most: int = 50) -> PairTrends:
    """Return the trend of the pairs that share enough incidents to be judged, a part at a time.

    Parameters
    ----------
    register : Register
        The compact form.
    limits : Thresholds
        Those in force.
    first, most : int
        Which of the pairs are tested: so many from this place on.

    Notes
    -----
    Finding the pairs is linear in the links; a test costs at most 2,000 orders of the gaps of its pair.
    """
    pairs = Candidates(register, limits).pairs_with(escalation_data().fewest_events)
    told = Happenings(register)
    return PairTrends(tuple(_trend(told, *pair) for pair in pairs[first : first + most]), len(pairs))


def _trend(told: Happenings, perpetrator: int, victim: int) -> PairTrend:
    incidents = told.between(perpetrator, victim)
    days = [each.date.earliest for each in incidents if each.date is not None and each.date.is_whole_day]
    one, other = told.id_of(perpetrator), told.id_of(victim)
    trend = trend_of(
        f"{one} {other}",
        [Event(day, None, None) for day in days],
        left_out=len(incidents) - len(days),
    )
    return PairTrend(one, other, trend)
