"""Groups grow by the mean of all their pairs: one link between two groups joins nothing."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from engine.identity.persons import Ints
from engine.identity.weights import Reals
from engine.tools.matching.grouping import MOST_TOGETHER, components, grouped


def groups(
    size: int, known: dict[tuple[int, int], float], otherwise: float, start: float = 0.0
) -> list[set[int]]:
    """The groups of two or more, where pairs have the known weights and all others this one."""

    def scorer(left: Ints, right: Ints) -> Reals:
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        return np.array([known.get((min(pair), max(pair)), otherwise) for pair in pairs])

    linked = [pair for pair, weight in known.items() if weight >= 0]
    left, right = (np.array(side, dtype=np.int64) for side in zip(*linked, strict=True))
    weights = scorer(left, right)
    lefts, rights, own, clusters = grouped(
        size, left, right, weights, threshold=0.0, start=start, scorer=scorer
    )
    for one, other, weight in zip(lefts.tolist(), rights.tolist(), own.tolist(), strict=True):
        assert known.get((one, other), otherwise) == weight
    found = [set(np.flatnonzero(clusters == number).tolist()) for number in np.unique(clusters)]
    return [group for group in found if len(group) > 1]


def test_weak_links_never_chain() -> None:
    chain = {(place, place + 1): 3.0 for place in range(5)}
    assert all(len(group) == 2 for group in groups(6, chain, otherwise=-15.0))


def test_one_weak_link_does_not_join_two_groups_and_a_supported_one_does() -> None:
    two = {pair: 20.0 for trio in ((0, 1, 2), (3, 4, 5)) for pair in combinations(trio, 2)}
    assert groups(6, {**two, (2, 3): 4.0}, otherwise=-10.0) == [{0, 1, 2}, {3, 4, 5}]
    assert groups(6, {**two, (2, 3): 4.0}, otherwise=1.0) == [{0, 1, 2, 3, 4, 5}]


def test_a_member_that_the_others_speak_for_is_joined_though_one_pair_is_weak() -> None:
    assert groups(3, {(0, 1): 20.0, (1, 2): 18.0, (0, 2): -3.0}, otherwise=-20.0) == [{0, 1, 2}]


def test_what_only_lacks_evidence_counts_little_and_what_is_contradicted_counts_in_full() -> None:
    strong = {(0, 1): 20.0, (1, 2): 5.0}
    assert groups(3, strong, otherwise=-12.0, start=-13.0) == [{0, 1, 2}]
    assert groups(3, strong, otherwise=-22.0, start=-13.0) == [{0, 1}]


def test_a_heap_larger_than_can_be_weighed_is_taken_apart_and_nobody_is_lost() -> None:
    size = MOST_TOGETHER + 40
    alike = dict.fromkeys(combinations(range(size), 2), 10.0)
    found = groups(size, alike, otherwise=10.0)
    assert sum(map(len, found)) in (size, size - 1)
    assert max(map(len, found)) <= MOST_TOGETHER


def test_a_weak_record_joins_where_people_have_many_records_and_not_where_they_have_two() -> None:
    def joined(records: int) -> bool:
        """Whether the last of the first person's records, which hardly fits, is taken for theirs."""
        known = {
            (records * person + one, records * person + other): 12.0
            for person in range(40)
            for one, other in combinations(range(records), 2)
        }
        last = records - 1
        known |= {(place, last): -1.0 if place else 0.5 for place in range(last)}
        return set(range(records)) in groups(40 * records + 30, known, otherwise=-15.0)

    assert joined(records=5)
    pairs = {(2 * person, 2 * person + 1): 12.0 for person in range(40)}
    pairs |= {(0, 80): 0.5, (1, 80): -0.4}
    assert {0, 1} in groups(110, pairs, otherwise=-15.0)
    assert {0, 1, 80} in groups(3 + 78, {(0, 1): 12.0, (0, 80): 0.5, (1, 80): -0.4}, otherwise=-15.0)


def test_components_join_whatever_is_linked() -> None:
    joined = components(5, np.array([0, 1]), np.array([1, 2]))
    assert len({int(joined[place]) for place in (0, 1, 2)}) == 1
    assert len(set(joined.tolist())) == 3
