"""Ranges of hidden sums, beside another program for linear problems."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from engine.outcomes.releases.linear_attack import LinearAttack, Sums, rows_of


def an_attack(known: Sums, targets: csr_matrix) -> LinearAttack:
    return LinearAttack(
        known, least=targets, most=targets, true=[None] * targets.shape[0], seconds_left=lambda: 60.0
    )


@pytest.mark.parametrize("has_falls", [False, True])
@pytest.mark.parametrize("seed", range(15))
def test_each_range_is_what_scipy_finds(seed: int, has_falls: bool) -> None:
    chance = np.random.default_rng(seed)
    unknown, rows = 12, 5
    numbers = chance.integers(0, 30, unknown)
    sums = rows_of([chance.choice(unknown, 5, replace=False).tolist() for _ in range(rows)], unknown)
    targets = rows_of([chance.choice(unknown, 3, replace=False).tolist() for _ in range(6)], unknown)
    falls = None
    if has_falls:  # what is true is a possible answer: the smaller of two less the larger
        first, second = sorted(chance.choice(unknown, 2, replace=False).tolist(), key=lambda at: numbers[at])
        falls = csr_matrix(([1.0, -1.0], ([0, 0], [first, second])), shape=(1, unknown))
    counts = np.asarray(sums @ numbers, dtype=float)
    attack = an_attack(Sums(sums, counts, falls), targets)
    most = float(counts.max()) * 4 + 1_000
    for place in range(targets.shape[0]):
        aim = targets[place].toarray().ravel()
        ends = [
            sign
            * linprog(
                sign * aim,
                A_eq=sums,
                b_eq=counts,
                A_ub=falls,
                b_ub=None if falls is None else [0.0],
                bounds=(0, most),
            ).fun
            for sign in (1, -1)
        ]
        assert attack.bounds(place) == pytest.approx(tuple(ends), abs=1e-6)


def test_a_sum_that_has_one_unknown_twice_is_solved() -> None:
    known = Sums(rows_of([[0, 0], [1, 2]], 3), np.array([8.0, 5.0]))
    attack = an_attack(known, rows_of([[0], [1]], 3))
    assert attack.bounds(0) == pytest.approx((4, 4))
    assert attack.bounds(1) == pytest.approx((0, 5))


def test_a_reader_who_is_wrong_about_growth_knows_only_the_sums() -> None:
    falls = csr_matrix(([1.0, 1.0], ([0, 0], [0, 1])), shape=(1, 3))  # would be below 0
    known = Sums(rows_of([[0, 1]], 3), np.array([6.0]), falls)
    low, high = an_attack(known, rows_of([[0]], 3)).bounds(0)
    assert (low, high) == pytest.approx((0, 6))
    assert math.isfinite(high)
