"""Accuracy of proposed pairs, once the truth is known. Nothing that matches may import this."""

from __future__ import annotations

import numpy as np

from engine.domain.base import Frozen
from engine.identity.persons import Ints
from engine.tools.matching.grouping import components


class Scores(Frozen):
    """Precision, recall and F1 of pairs, and B-cubed F over every record; true pairs are counted closed."""

    true_pairs: int
    precision: float
    recall: float
    f1: float
    b_cubed_f: float


def scores(*, left: Ints, right: Ints, clusters: Ints, entities: Ints, second: int | None) -> Scores:
    """Compare the proposed pairs with the true person of each record.

    Precision is 1 where nothing was proposed, and recall is 1 where there was nothing to find.
    """
    right_ones = int(np.count_nonzero(entities[left] == entities[right]))
    there = _true_pairs(entities, second)
    precision = right_ones / len(left) if len(left) else 1.0
    recall = right_ones / there if there else 1.0
    return Scores(
        true_pairs=there,
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        b_cubed_f=_b_cubed(clusters, entities),
    )


def entities_of_pairs(size: int, left: Ints, right: Ints) -> Ints:
    """Return the true person of each record by a list of true pairs, closed: if a is b and b is c, a is c."""
    return components(size, left, right)


def _true_pairs(entities: Ints, second: int | None) -> int:
    dense = np.unique(entities, return_inverse=True)[1]
    if second is None:
        counts = np.bincount(dense)
        return int((counts * (counts - 1) // 2).sum())
    most = int(dense.max()) + 1 if len(dense) else 0
    return int(
        (np.bincount(dense[:second], minlength=most) * np.bincount(dense[second:], minlength=most)).sum()
    )


def _b_cubed(clusters: Ints, entities: Ints) -> float:
    """Return, per record, what share of its group is its person and of its person is in its group.

    The result is the F of the means.
    """
    if not len(clusters):
        return 1.0
    group = np.unique(clusters, return_inverse=True)[1]
    person = np.unique(entities, return_inverse=True)[1]
    both = np.unique(group * (int(person.max()) + 1) + person, return_inverse=True)[1]
    shared = np.bincount(both)[both]
    precision = float((shared / np.bincount(group)[group]).mean())
    recall = float((shared / np.bincount(person)[person]).mean())
    return _harmonic(precision, recall)


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
