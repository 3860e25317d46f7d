"""Weights that make two groups of cases alike in what was known at the decision. Pure.

The chance of being in the group is estimated by a logistic regression on stated covariates, and each case
counts by the inverse of the chance of where it is (Robins, Hernán and Brumback 2000), so that both groups
are like all cases. Outside the overlap no weight is given.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
LEAST_CHANCE = 0.05
"""A case with a smaller chance of one of the groups has no one to be compared with there."""
_PENALTY, _STEPS = 1e-3, 50


def indicator_columns(covariates: list[npt.NDArray[np.str_]]) -> Floats:
    """Return a column for each level but the first of each covariate, after a column of ones."""
    columns = [np.ones(len(covariates[0]))]
    for values in covariates:
        columns += [(values == level).astype(float) for level in sorted(set(values.tolist()))[1:]]
    return np.column_stack(columns)


def chances_of(inside: Bools, columns: Floats) -> Floats:
    """Return the estimated chance of each case of being in the group (Newton's method, a small ridge)."""
    beta = np.zeros(columns.shape[1])
    ridge = _PENALTY * np.eye(columns.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(columns @ beta, -30, 30)))
        slope = columns.T @ (inside - chance) - ridge @ beta
        step = np.linalg.solve((columns.T * (chance * (1 - chance))) @ columns + ridge, slope)
        beta = beta + step
        if float(np.abs(step).max()) < 1e-9:
            break
    chances: Floats = 1 / (1 + np.exp(-np.clip(columns @ beta, -30, 30)))
    return chances


def weights_of(inside: Bools, chances: Floats) -> tuple[Floats, Bools]:
    """Return each case's weight, and which cases are in the overlap; the others have no weight."""
    in_overlap = (chances >= LEAST_CHANCE) & (chances <= 1 - LEAST_CHANCE)
    weights = np.where(inside, 1 / chances, 1 / (1 - chances))
    return np.where(in_overlap, weights, 0.0), in_overlap
