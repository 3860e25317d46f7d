"""Comparisons of groups: the log-rank test of hazards and Gray's test of cumulative incidences. Pure.

A result that cannot be had is a sentence with the reason.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from engine.outcomes.statistics.risk_table import Floats, GroupedTable, Ints
from engine.tools.statistics.results import ChiSquared

NO_EVENTS = "No row has the event, so there is nothing to compare."
ONE_GROUP = "Only one group has rows that are followed when an event happens."
NO_SPREAD = "No 2 groups are followed at the same time, so they cannot be compared."


def log_rank(table: GroupedTable) -> ChiSquared | str:
    """Return the log-rank test, with the hypergeometric variance where events share a time."""
    at = table.events.sum(axis=1) > 0
    if not at.any():
        return NO_EVENTS
    at_risk, events = table.at_risk[at].astype(float), table.events[at].astype(float)
    all_at_risk, all_events = at_risk.sum(axis=1), events.sum(axis=1)
    share = at_risk / all_at_risk[:, None]
    expected = (share * all_events[:, None]).sum(axis=0)
    compared = np.flatnonzero(expected > 0)
    if len(compared) < 2:
        return ONE_GROUP
    weight = all_events * (all_at_risk - all_events) / np.maximum(all_at_risk - 1, 1)
    variance = np.diag(weight @ share) - share.T @ (weight[:, None] * share)
    return _tested(events.sum(axis=0) - expected, variance, compared)


def gray(table: GroupedTable) -> ChiSquared | str:
    """Return the test of Gray (1988), rho 0: whether one cumulative incidence holds for all groups.

    Scores compare each group's events with its share of the risk set adjusted for those who had the competing
    ending. The variance is that of Gray's section 4, corrected for ties as in Gray's own program.
    """
    at = (table.events.sum(axis=1) + table.competing.sum(axis=1)) > 0
    if not table.events.any():
        return NO_EVENTS
    state = _GrayScores(table.at_risk.shape[1])
    for at_risk, events, competing in zip(
        table.at_risk[at], table.events[at], table.competing[at], strict=True
    ):
        state.step(at_risk, events, competing)
    compared = np.flatnonzero(state.was_compared)
    if len(compared) < 2:
        return ONE_GROUP
    return _tested(state.scores, state.variance(), compared)


class _GrayScores:
    """The sums of Gray's scores and of their variance, one time after another."""

    def __init__(self, groups: int) -> None:
        self.scores = np.zeros(groups)
        self.was_compared = np.zeros(groups, dtype=np.bool_)
        self._free = np.ones(groups)  # free of both endings so far, by group
        self._had = np.zeros(groups)  # cumulative incidence so far, by group
        self._pooled = 0.0  # the one cumulative incidence of all groups, if there is one
        self._weights = np.zeros((groups, groups))
        self._squares = np.zeros((groups, groups))
        self._cross = np.zeros((groups, groups))
        self._spread = np.zeros(groups)

    def step(self, at_risk: Ints, events: Ints, competing: Ints) -> None:
        here = (at_risk > 0) & (self._free > 0)
        followed = np.where(here, at_risk, 1).astype(float)
        free_before = np.where(here, self._free, 1.0)
        free = np.where(here, free_before * (followed - events - competing) / followed, self._free)
        adjusted = np.where(here, followed / free_before, 0.0)
        total, number = float(adjusted.sum()), int(events.sum())
        pooled = self._pooled + number / total
        between = np.diag(adjusted) - np.outer(adjusted, adjusted) / total
        if number:
            self._score(events, adjusted * (1 - self._had), here)
            if self._pooled < 1:
                self._weights += between * number / (total * (1 - self._pooled))
            self._add_events(here, free_before, free, followed, between, number, total, pooled)
        self._add_competing(competing, free_before, free, followed, pooled)
        self._had = self._had + np.where(here, free_before * events / followed, 0.0)
        self._free, self._pooled = free, pooled

    def _score(
        self, events: Ints, expected: Floats, here: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    ) -> None:
        self.scores += events - events.sum() * expected / expected.sum()
        if here.sum() > 1:
            self.was_compared |= here

    def _add_events(
        self,
        here: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
        free_before: Floats,
        free: Floats,
        followed: Floats,
        between: Floats,
        number: int,
        total: float,
        pooled: float,
    ) -> None:
        for group in np.flatnonzero(here):
            lost = 1 - (1 - pooled) / free[group] if free[group] > 0 else 1.0
            tied = 1 - (number - 1) / (total * free_before[group] - 1) if number > 1 else 1.0
            size = tied * free_before[group] * number / (total * followed[group])
            change = between[:, group] - lost * self._weights[:, group]
            self._spread[group] += lost**2 * size
            self._cross[:, group] += change * lost * size
            self._squares += np.outer(change, change) * size

    def _add_competing(
        self, competing: Ints, free_before: Floats, free: Floats, followed: Floats, pooled: float
    ) -> None:
        for group in np.flatnonzero((competing > 0) & (free > 0)):
            lost = (1 - pooled) / free[group]
            tied = 1 - (competing[group] - 1) / (followed[group] - 1) if competing[group] > 1 else 1.0
            size = tied * free_before[group] ** 2 * competing[group] / followed[group] ** 2
            change = lost * self._weights[:, group]
            self._spread[group] += lost**2 * size
            self._cross[:, group] -= change * lost * size
            self._squares += np.outer(change, change) * size

    def variance(self) -> Floats:
        crossed = self._weights @ self._cross.T
        return np.asarray(
            self._squares + (self._weights * self._spread) @ self._weights.T + crossed + crossed.T
        )


def _tested(scores: Floats, variance: Floats, compared: Ints) -> ChiSquared | str:
    """Return the test of scores that add up to nought: one group of them can be left out."""
    of_all_but_one = compared[:-1]
    cut = variance[np.ix_(of_all_but_one, of_all_but_one)]
    df = len(of_all_but_one)
    if np.linalg.matrix_rank(cut, hermitian=True) < df:
        return NO_SPREAD
    chosen = scores[of_all_but_one]
    statistic = float(chosen @ np.linalg.solve(cut, chosen))
    return ChiSquared(statistic=statistic, df=df, p=float(chi2.sf(statistic, df)))
