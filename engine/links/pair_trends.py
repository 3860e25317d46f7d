"""The trend of what was reported of each two people, out of a whole register. Ranks no pair.

Each pair is tested on its own, so that of very many a few raise an alarm by chance; the answer says how many
there were.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from engine.links.escalation import CaseContext, CaseTrend, Event, trend_of
from engine.links.escalation_data import escalation_data
from engine.links.incident_roles import Happenings
from engine.links.patterns.candidates import Candidates
from engine.links.patterns.thresholds import Thresholds
from engine.links.register import Register


class PairTrend(NamedTuple):
    """A person named as perpetrator and a person named as victim of the same incidents."""

    perpetrator: str
    victim: str
    trend: CaseTrend


class PairTrends(NamedTuple):
    """Some of the pairs, in the order of the register, and how many there are."""

    trends: tuple[PairTrend, ...]
    number: int


def pair_trends(
    register: Register, limits: Thresholds, *, until: date | None = None, first: int = 0, most: int = 50
) -> PairTrends:
    """Return the trend of the pairs that share enough incidents to be judged, a part at a time.

    Parameters
    ----------
    register : Register
        The compact form.
    limits : Thresholds
        The current ones.
    until : date, optional
        No incident without a whole day was later; without it, than the last one with a day.
    first, most : int
        Which of the pairs are tested: so many from this place on.

    Notes
    -----
    Finding the pairs is linear in the links; a test costs at most 2,000 orders of the gaps of its pair.
    """
    pairs = Candidates(register, limits).pairs_with(escalation_data().fewest_events)
    acts = Happenings(register)
    return PairTrends(tuple(_trend(acts, *pair, until) for pair in pairs[first : first + most]), len(pairs))


def _trend(acts: Happenings, perpetrator: int, victim: int, until: date | None) -> PairTrend:
    incidents = acts.between(perpetrator, victim)
    one, other = acts.id_of(perpetrator), acts.id_of(victim)
    events = [
        Event(each.date.earliest, None, None)
        if each.date is not None and each.date.is_whole_day
        else Event(None, None, None, each.date)
        for each in incidents
    ]
    trend = trend_of(f"{one} {other}", events, result=CaseContext(until=until))
    return PairTrend(one, other, trend)
