"""Choice of the pairs that are proposed as one person: from which weight on,
and each person once where the data say so.

Chosen only from the weights, without any true answer. A proposal merges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from engine.identity.marks import Flags
from engine.identity.persons import Ints, Persons
from engine.identity.weights import Reals
from engine.tools.matching.grouping import Scorer, components, grouped
from engine.tools.matching.once import Once

EVEN_ODDS = 0.0
_LEAST_EXPECTED = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Decided:
    """The proposed pairs, left before right, with their weights; ``clusters`` numbers each record's group."""

    left: Ints
    right: Ints
    weights: Reals
    clusters: Ints
    once: Once


def threshold_of(weights: Reals) -> float:
    """Return the weight from which a pair is proposed: where the expected F1 is highest,
    never below even odds.

    Where there is a gap between the last pair taken and the first one left, the middle of it.

    A pair of weight w is of one person with odds of 2**w to 1, as the estimate sees it. In order of weight
    the expected true positives are the sum of those probabilities, so F1 can be foretold without a truth.
    """
    weights = np.sort(weights)[::-1]
    likely = 1.0 / (1.0 + np.exp2(np.clip(-weights, -60, 60)))
    if likely.sum() < _LEAST_EXPECTED:
        return EVEN_ODDS
    foretold = 2 * np.cumsum(likely) / (np.arange(1, len(weights) + 1) + likely.sum())
    last = int(foretold.argmax())
    below = weights[last + 1] if last + 1 < len(weights) else EVEN_ODDS
    return max(EVEN_ODDS, float(weights[last] + below) / 2)


def decided(
    persons: Persons,
    left: Ints,
    right: Ints,
    weights: Reals,
    *,
    threshold: float,
    once: Once,
    start: float,
    scorer: Scorer,
) -> Decided:
    """Return the pairs to propose out of the candidates.

    ``start`` is a pair's weight before it is compared.
    """
    match once:
        case Once.NEITHER:
            left, right, weights, clusters = grouped(
                persons.size, left, right, weights, threshold=threshold, start=start, scorer=scorer
            )
            if persons.second is not None:
                across = (left < persons.second) & (right >= persons.second)
                left, right, weights = left[across], right[across], weights[across]
        case Once.BOTH | Once.FIRST | Once.SECOND:
            above = weights >= threshold
            left, right, weights = left[above], right[above], weights[above]
            mask = _each_once(left, right, weights, once)
            left, right, weights = left[mask], right[mask], weights[mask]
            clusters = components(persons.size, left, right)
        case _:
            assert_never(once)
    order = np.lexsort((right, left))
    return Decided(left=left[order], right=right[order], weights=weights[order], clusters=clusters, once=once)


def _each_once(left: Ints, right: Ints, weights: Reals, once: Once) -> Flags:
    """Return the strongest pairs first, each record that is once in its file taken once."""
    mask = np.zeros(len(left), dtype=np.bool_)
    taken: set[int] = set()
    for place in np.lexsort((right, left, -weights)).tolist():
        # A record is used up when its partner's file lists each person once: it has no second partner.
        uses_up = {int(left[place])} if once.in_second else set()
        uses_up |= {int(right[place])} if once.in_first else set()
        if taken.isdisjoint(uses_up):
            mask[place] = True
            taken |= uses_up
    return mask
