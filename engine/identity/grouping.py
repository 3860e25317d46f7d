"""Groups of records out of weighted pairs. Weak links never chain; knows no field and no true answer.

A group grows only while the mean weight of all pairs between its two parts holds, those included that were
never candidates: one link between two groups that otherwise speak against each other joins nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from engine.identity.persons import Ints
from engine.identity.weights import Reals

Scorer = Callable[[Ints, Ints], Reals]
"""The match weights of pairs of records."""
MOST_TOGETHER = 150
"""A larger heap of linked records is first taken apart along its strongest links."""
LACKING = 0.1
"""The part of its shortfall with which a pair counts against a group when it only lacks evidence."""
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
    """Every pair within a group with its own weight, and the number of each record's group.

    ``start`` is the weight of a pair before anything was compared.
    """
    heaps = _heaps(_united(size, left, right, weights, MOST_TOGETHER))
    if not heaps:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0), np.arange(size)
    one = [heap[first] for heap in heaps for first in np.triu_indices(len(heap), 1)[:1]]
    other = [heap[second] for heap in heaps for second in np.triu_indices(len(heap), 1)[1:]]
    lefts, rights = np.concatenate(one), np.concatenate(other)
    own = scorer(lefts, rights)
    clusters = np.arange(size)
    at = 0
    for heap in heaps:
        pairs = len(heap) * (len(heap) - 1) // 2
        parts = _parts(len(heap), own[at : at + pairs], threshold, start)
        clusters[heap] = heap[parts]
        at += pairs
    together = clusters[lefts] == clusters[rights]
    return lefts[together], rights[together], own[together], clusters


def components(size: int, left: Ints, right: Ints) -> Ints:
    """For each record the number of those that are joined with it by any pairs."""
    return _united(size, left, right, np.zeros(len(left)), size)


def _united(size: int, left: Ints, right: Ints, weights: Reals, most: int) -> Ints:
    """Joined along the strongest pairs first, as long as no heap has more than ``most`` records."""
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


def _parts(count: int, weights: Reals, threshold: float, start: float) -> Ints:
    """For each of so many records the first record of its group; weights are of all pairs, in order.

    A pair may fall short because something speaks against it or because little was recorded. What falls short
    of the threshold by no more than the prior, ``start``, was not contradicted, and counts little.
    """
    beyond = weights - threshold
    against = np.minimum(LACKING * beyond, beyond - start)
    bounded = np.clip(np.where(beyond < 0, against, beyond), -WEIGHT_BOUND, WEIGHT_BOUND)
    sums = np.zeros((count, count))
    sums[np.triu_indices(count, 1)] = bounded
    sums += sums.T
    sizes = np.ones(count)
    group = np.arange(count)
    alive = np.ones(count, dtype=np.bool_)
    for _ in range(count - 1):
        means = sums / np.outer(sizes, sizes)
        means[~alive] = -np.inf
        means[:, ~alive] = -np.inf
        np.fill_diagonal(means, -np.inf)
        one, other = divmod(int(means.argmax()), count)
        if means[one, other] < 0:
            break
        low, high = min(one, other), max(one, other)
        sums[low] += sums[high]
        sums[:, low] += sums[:, high]
        sizes[low] += sizes[high]
        alive[high] = False
        group[group == high] = low
    return group
