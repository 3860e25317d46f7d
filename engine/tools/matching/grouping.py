"""Groups of records out of weighted pairs. Weak links never chain; knows no field and no true answer.

A group grows only while the mean weight of all pairs between its two parts holds, those included that were
never candidates: one link between two groups that otherwise speak against each other joins nothing. How many
records a person has in this file is learnt from a first grouping, and counts in a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from scipy.special import gammaln

from engine.identity.persons import Ints
from engine.identity.weights import Reals

Scorer = Callable[[Ints, Ints], Reals]
"""The match weights of pairs of records."""
MOST_TOGETHER = 150
"""A larger heap of linked records is first taken apart along its strongest links."""
LACKING = 0.1
"""The part of its shortfall with which a pair counts against a group when it only lacks evidence."""
MOST_GAINED = 4.0
"""No more bits than this are given or taken for how many records a person has in this file."""
_NEXT_SIZE = 0.02
"""So many groups of one size are supposed for each of the size before."""
WEIGHT_BOUND = 25.0
"""No single pair speaks louder than this for or against a group."""


def grouped(
    size: int,
    left: Ints,
    right: Ints,
    weights: Reals,
    *,
    threshold: float,
    start: float,
    scorer: Scorer,
) -> tuple[Ints, Ints, Reals, Ints]:
    """Return every pair within a group with its own weight, and the number of each record's group.

    ``start`` is the weight of a pair before anything was compared.
    """
    strong = np.zeros(size, dtype=np.bool_)
    strong[left[weights >= threshold]] = strong[right[weights >= threshold]] = True
    mask = (weights >= threshold - MOST_GAINED) & (strong[left] | strong[right])
    heaps = _heaps(_united(size, left[mask], right[mask], weights[mask], MOST_TOGETHER))
    if not heaps:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0), np.arange(size)
    one = [heap[first] for heap in heaps for first in np.triu_indices(len(heap), 1)[:1]]
    other = [heap[second] for heap in heaps for second in np.triu_indices(len(heap), 1)[1:]]
    lefts, rights = np.concatenate(one), np.concatenate(other)
    own = scorer(lefts, rights)
    first = _taken_apart(size, heaps, own, threshold, start, np.zeros((MOST_TOGETHER + 1, MOST_TOGETHER + 1)))
    clusters = _taken_apart(size, heaps, own, threshold, start, _gained(first))
    together = clusters[lefts] == clusters[rights]
    return lefts[together], rights[together], own[together], clusters


def components(size: int, left: Ints, right: Ints) -> Ints:
    """Return, for each record, the number of those that are joined with it by any pairs."""
    return _united(size, left, right, np.zeros(len(left)), size)


def _united(size: int, left: Ints, right: Ints, weights: Reals, most: int) -> Ints:
    """Join records along the strongest pairs first, as long as no heap has more than ``most`` records."""
    parent = list(range(size))
    members = [1] * size

    def root(record: int) -> int:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    order = np.lexsort((right, left, -weights))
    for one, other in zip(left[order].tolist(), right[order].tolist(), strict=True):
        first, second = root(one), root(other)
        if first != second and members[first] + members[second] <= most:
            low, high = min(first, second), max(first, second)
            parent[high] = low
            members[low] += members[high]
    return np.array([root(record) for record in range(size)], dtype=np.int64)


def _heaps(roots: Ints) -> list[Ints]:
    by_root: dict[int, list[int]] = defaultdict(list)
    for record in np.flatnonzero(np.bincount(roots, minlength=len(roots))[roots] > 1).tolist():
        by_root[int(roots[record])].append(record)
    return [np.array(records, dtype=np.int64) for records in by_root.values()]


def _taken_apart(
    size: int, heaps: list[Ints], own: Reals, threshold: float, start: float, gained: Reals
) -> Ints:
    """Return, for each record, the number of its group, each heap taken apart separately."""
    clusters = np.arange(size)
    at = 0
    for heap in heaps:
        pairs = len(heap) * (len(heap) - 1) // 2
        clusters[heap] = heap[_parts(len(heap), own[at : at + pairs], threshold, start, gained)]
        at += pairs
    return clusters


def _gained(clusters: Ints) -> Reals:
    """Return the bits that two groups of these sizes gain:
    as often as a group of their sum is found in this file.

    Of all ways to take a group of a + b apart, so many give a and b. Against that weigh the groups of a and
    of b that were found. Two single records gain nothing: that is what their weight already says.
    """
    found = np.bincount(np.bincount(clusters)[np.unique(clusters)], minlength=2 * MOST_TOGETHER + 1)
    often = found.astype(np.float64)
    often[1] += 1.0  # so that a file without a single record is not a riddle
    for place in range(1, len(often)):
        often[place] += _NEXT_SIZE * often[place - 1]
    often = np.log2(np.maximum(often, 1e-9))
    ways = np.array([gammaln(place + 1) for place in range(len(often))]) / np.log(2)
    sizes = np.arange(MOST_TOGETHER + 1)
    one, other = sizes[:, None], sizes[None, :]
    both = one + other
    bits = often[both] - often[one] - often[other] + ways[both] - ways[one] - ways[other]
    gained: Reals = np.clip(bits - bits[1, 1], -MOST_GAINED, MOST_GAINED)
    return gained


def _parts(count: int, weights: Reals, threshold: float, start: float, gained: Reals) -> Ints:
    """Return, for each of so many records, the first record of its group.

    Weights are of all pairs, in order.
    """
    own = np.zeros((count, count))
    own[np.triu_indices(count, 1)] = weights
    own += own.T
    group = np.arange(count)
    sizes = np.ones(count, dtype=np.int64)
    means = _speaking(own, threshold, start)
    np.fill_diagonal(means, -np.inf)
    for _ in range(count - 1):
        one, other = divmod(int(means.argmax()), count)
        if means[one, other] < 0:
            break
        low, high = min(one, other), max(one, other)
        group[group == high] = low
        sizes[low] += sizes[high]
        more = gained[sizes[low], sizes[group]]
        speaking = _speaking(own[group == low] + more, threshold, start).sum(axis=0)
        mean = np.bincount(group, weights=speaking, minlength=count) / (sizes[low] * sizes)
        joined = np.isneginf(means[low])
        means[low] = means[:, low] = np.where(joined, -np.inf, mean)
        means[high] = means[:, high] = means[low, low] = -np.inf
    return group


def _speaking(weights: Reals, threshold: float, start: float) -> Reals:
    """Return how much each pair speaks for or against its two groups being one.

    A pair may fall short because something speaks against it or because little was recorded. What falls short
    of the threshold by no more than the prior, ``start``, was not contradicted, and counts little.
    """
    beyond = weights - threshold
    against = np.minimum(LACKING * beyond, beyond - start)
    spoken: Reals = np.clip(np.where(beyond < 0, against, beyond), -WEIGHT_BOUND, WEIGHT_BOUND)
    return spoken
