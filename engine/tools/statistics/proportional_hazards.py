"""The Cox model with Efron's or Breslow's likelihood for ties, and the test of its assumption. Pure.

One computation serves both likelihoods and the test: each event's risk set, with the share of the tied events
that has already left it (none by Breslow). A model that cannot be fitted is a sentence that says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, norm

from engine.outcomes.statistics.curves import Z_95
from engine.outcomes.statistics.risk_table import EVENT, Floats, Ints, risk_table
from engine.tools.statistics.results import ChiSquared, Coefficient, CoxModel, ProportionalityTest, Ties

GLOBAL = "GLOBAL"
_ROUNDS = 60
_STEP_HALVINGS = 30
_NEAR = 1e-10
_FARTHEST = 15.0
_NOTHING_LEFT = 1e-8
"""A fit has no end where a covariate predicts the events without error: its coefficient grows, here to a
hazard ratio of e^15 for a standard deviation, and its information falls, here to this part of it."""


@dataclass(frozen=True)
class Term:
    """One covariate: a column of numbers, or one 0/1 column for each level of a text beside its reference."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Likelihood:
    """The partial likelihood at some coefficients."""

    logarithm: float
    scores: Floats
    """By event, by coefficient."""
    information: Floats
    """By set of weights, the sum over the events: sets, coefficients, coefficients."""


@dataclass(frozen=True)
class _Fit:
    coefficients: Floats
    likelihood: Likelihood
    without_limit: tuple[int, ...] = ()


class RiskSets:
    """Rows in order of time, and for each event who was followed then; made once for all steps of a fit."""

    def __init__(self, durations: Floats, endings: Ints, covariates: Floats, ties: Ties) -> None:
        order = np.argsort(-durations, kind="stable")
        self.covariates = covariates[order]
        durations, had = durations[order], endings[order] == EVENT
        self.events = np.flatnonzero(had)
        self.event_times = durations[self.events]
        # Longest first: all rows up to the last with the same time are followed when it comes.
        self._last = np.searchsorted(-durations, -self.event_times, side="right") - 1
        _, self._tie, size = np.unique(self.event_times, return_inverse=True, return_counts=True)
        self._ties = len(size)
        begins = np.concatenate(([0], np.cumsum(size)[:-1]))
        rank = np.empty(len(self.events), dtype=np.int64)
        rank[np.argsort(self._tie, kind="stable")] = np.arange(len(self.events)) - np.repeat(begins, size)
        self._gone = rank / size[self._tie] if ties is Ties.EFRON else np.zeros(len(self.events))

    def likelihood(self, coefficients: Floats, weights: Floats | None = None) -> Likelihood:
        """Return the likelihood. ``weights`` (sets, events) repeat the information, by event weighted."""
        x, events = self.covariates, self.events
        linear = x @ coefficients
        shift = float(linear.max(initial=0.0))
        hazard = np.exp(linear - shift)
        whole = self._in_risk_sets(hazard)
        means = self._in_risk_sets(hazard[:, None] * x) / whole[:, None]
        logarithm = float(linear[events].sum() - np.log(whole).sum() - shift * len(events))
        by_weight = np.ones((1, len(events))) if weights is None else weights
        count = x.shape[1]
        information = np.empty((len(by_weight), count, count))
        for column in range(count):
            products = self._in_risk_sets((hazard * x[:, column])[:, None] * x) / whole[:, None]
            information[:, column, :] = by_weight @ (products - means[:, column, None] * means)
        return Likelihood(logarithm, x[events] - means, information)

    def _in_risk_sets(self, values: Floats) -> Floats:
        """Return the sum over each event's risk set, less the share of its ties that is gone."""
        summed = np.cumsum(values, axis=0)[self._last]
        if not self._gone.any():
            return np.asarray(summed)
        of_events = values[self.events]
        shape = (self._ties, *values.shape[1:])
        tied = np.zeros(shape)
        np.add.at(tied, self._tie, of_events)
        gone = self._gone.reshape(-1, *([1] * (values.ndim - 1)))
        return np.asarray(summed - gone * tied[self._tie])


def cox(
    durations: Floats, endings: Ints, covariates: Floats, terms: Sequence[Term], ties: Ties
) -> CoxModel | str:
    """Return the fitted model, or a sentence that says why there is none."""
    names = [column for term in terms for column in term.columns]
    if not (endings == EVENT).any():
        return "No row with all covariates has the event, so a model cannot be fitted."
    centre, scale = covariates.mean(axis=0), covariates.std(axis=0)
    still = [name for name, spread in zip(names, scale, strict=True) if not spread > 0]
    if still:
        return f"{_listed(still)} has the same value in every row, so its effect cannot be estimated."
    sets = RiskSets(durations, endings, (covariates - centre) / scale, ties)
    start = sets.likelihood(np.zeros(len(names)))
    repeated = _repeated(start.information[0], names)
    if repeated:
        return f"{_listed(repeated)} repeats the covariates before it where events happen; leave it out."
    fit = _fit(sets, start)
    if fit.without_limit:
        return (
            f"{_listed([names[place] for place in fit.without_limit])} predicts the event without "
            f"error in these "
            "rows, so that a hazard ratio has no limit. Leave it out, or join levels of it."
        )
    at, found = fit.coefficients, fit.likelihood
    variance = np.linalg.inv(found.information[0])
    errors = np.sqrt(np.diag(variance)) / scale
    estimates = at / scale
    statistic = max(2 * (found.logarithm - start.logarithm), 0.0)
    return CoxModel(
        ties=ties,
        coefficients=tuple(
            Coefficient(
                name=name,
                estimate=float(estimate),
                se=float(error),
                p=float(2 * norm.sf(abs(estimate / error))),
                low=float(estimate - Z_95 * error),
                high=float(estimate + Z_95 * error),
            )
            for name, estimate, error in zip(names, estimates, errors, strict=True)
        ),
        log_likelihood=found.logarithm,
        lr=ChiSquared(statistic=statistic, df=len(names), p=float(chi2.sf(statistic, len(names)))),
        concordance=_concordance(durations, endings, covariates @ estimates),
        ph_test=_proportionality(sets, at, durations, endings, terms),
    )


def _fit(sets: RiskSets, start: Likelihood) -> _Fit:
    """Return the maximum by Newton's method, or the coefficients that grow without a limit."""
    count = start.scores.shape[1]
    at, here = np.zeros(count), start
    for _ in range(_ROUNDS):
        step = np.linalg.lstsq(here.information[0], here.scores.sum(axis=0), rcond=None)[0]
        nearer = _step(sets, at, here, step)
        if nearer is None:  # the next step is smaller than the arithmetic is exact
            break
        at, here = at + nearer[0], nearer[1]
        lost = np.diag(here.information[0]) < _NOTHING_LEFT * np.diag(start.information[0])
        far = np.flatnonzero(lost | (np.abs(at) > _FARTHEST))
        if len(far):
            return _Fit(at, here, tuple(int(place) for place in far))
        if np.abs(nearer[0]).max() < _NEAR:
            break
    else:
        return _Fit(at, here, tuple(range(count)))
    return _Fit(at, here)


def _step(sets: RiskSets, at: Floats, here: Likelihood, step: Floats) -> tuple[Floats, Likelihood] | None:
    """Return the step, made shorter until the likelihood does not fall."""
    for _ in range(_STEP_HALVINGS):
        there = sets.likelihood(at + step)
        if there.logarithm >= here.logarithm:
            return step, there
        step = step / 2
    return None


def _proportionality(
    sets: RiskSets, at: Floats, durations: Floats, endings: Ints, terms: Sequence[Term]
) -> tuple[ProportionalityTest, ...] | None:
    """Return the score test of Grambsch and Therneau (1994) for coefficients that change with 1 - KM(t).

    One row for each term, and one for all together where there are several.
    """
    time = _share_with_event_before(sets.event_times, durations, endings)
    time = time - time.mean()
    if not np.ptp(time) > 0:
        return None
    found = sets.likelihood(at, np.stack((np.ones(len(time)), time, time**2)))
    plain, crossed, squared = found.information
    scores = time @ found.scores
    spread = squared - crossed.T @ np.linalg.solve(plain, crossed)
    chosen: list[tuple[str, list[int]]] = []
    place = 0
    for term in terms:
        chosen.append((term.name, list(range(place, place + len(term.columns)))))
        place += len(term.columns)
    if len(chosen) > 1:
        chosen.append((GLOBAL, list(range(place))))
    rows = []
    for name, columns in chosen:
        cut = spread[np.ix_(columns, columns)]
        if np.linalg.matrix_rank(cut, hermitian=True) < len(columns):
            return None
        statistic = float(scores[columns] @ np.linalg.solve(cut, scores[columns]))
        rows.append(
            ProportionalityTest(name, statistic, len(columns), float(chi2.sf(statistic, len(columns))))
        )
    return tuple(rows)


def _share_with_event_before(times: Floats, durations: Floats, endings: Ints) -> Floats:
    """Return 1 less the Kaplan-Meier estimate just before each time."""
    table = risk_table(durations, endings)
    after = np.cumprod((table.at_risk - table.events) / table.at_risk)
    before = np.concatenate(([1.0], after[:-1]))
    return np.asarray(1 - before[np.searchsorted(table.times, times)])


def _concordance(durations: Floats, endings: Ints, linear: Floats) -> float | None:
    from lifelines.utils import concordance_index  # loads pandas, which only a model needs

    try:
        return float(concordance_index(durations, -linear, endings == EVENT))
    except ZeroDivisionError:  # no two rows can be put in order
        return None


def _repeated(information: Floats, names: Sequence[str]) -> list[str]:
    """Return the columns whose information is in the columns before them."""
    own_part: list[int] = []
    repeated = []
    for place, name in enumerate(names):
        own = information[place, place]
        rest = own
        if own_part:
            shared = information[np.ix_(own_part, [place])][:, 0]
            rest = own - shared @ np.linalg.solve(information[np.ix_(own_part, own_part)], shared)
        if rest > 1e-9 * max(own, 1e-12):
            own_part.append(place)
        else:
            repeated.append(name)
    return repeated


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
