"""Weights from the file itself, without labels: u from random pairs; m, prior and households by EM.

Knows no true answer. A pair that is not a candidate counts as two people, so the prior is of all possible
pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.identity.comparing import Compared, Comparer
from engine.identity.fields import (
    ANOTHER_VALID_NUMBER,
    MOST_OF_ONE,
    OF_ONE_PERSON,
    PARTIAL_FROM,
    SHARED,
    STEPS,
    UNLIKE_TO_REPEAT,
    Kind,
    shared_at_first,
)
from engine.identity.persons import Column, Ints, Persons
from engine.identity.weights import Evidence, FieldWeights, MatchWeights, Reals, StepWeight, evidence
from engine.tools.matching.once import Once, gained, with_rivals

SEED = 20_261
RANDOM_PAIRS = 600_000
MOST_FOR_EM = 600_000
MOST_ROUNDS = 40
_SUPPOSED_PAIRS = 60.0
"""The weight of the first supposition, in pairs. With a fifth of it a file without doubles taught itself that
twins and namesakes are one person; with twice as much nothing changed (docs/analysts/identity.md)."""
_SUPPOSED_RANDOM = 1_000.0
"""The same for random pairs: it matters where a file has only some dozens of records."""
_STEADY = 1e-3
_LEAST_EXCHANGED, _MOST_EXCHANGED = 0.0005, 0.1
_LEAST_SHARE = 1e-12
_MOST_OF_ANOTHER_NUMBER = 1e-5
_IN_PLAY = 1e-6
_A_HOUSEHOLD = 0.5
"""With fewer expected pairs than this the file shows no households, and they explain nothing."""
_MOST_OF_ONE_PERSON = 0.05
"""Twins, and sons named after fathers: thought more common, one person's records would pass for two's."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimated:
    """Weights, and how they were come by."""

    weights: MatchWeights
    rounds: int
    random_pairs: int
    pairs_used: int


@dataclass(kw_only=True, eq=False)
class _Shares:
    """The estimate so far: per field the shares m and u of its steps."""

    m: list[Reals]
    u: list[Reals]
    in_household: list[float]
    prior: float
    household: float
    exchanged: float = 0.01
    once: float = 0.0

    def weights(self, columns: tuple[Column, ...]) -> MatchWeights:
        fields = []
        for place, column in enumerate(columns):
            steps = zip(STEPS[column.kind], self.m[place], self.u[place], strict=True)
            fields.append(
                FieldWeights(
                    field=column.name,
                    kind=column.kind,
                    in_household=self.in_household[place],
                    steps=tuple(StepWeight(says=step.says, m=float(a), u=float(b)) for step, a, b in steps),
                )
            )
        return MatchWeights(
            prior=self.prior,
            household=self.household,
            exchanged=self.exchanged,
            once=self.once,
            fields=tuple(fields),
        )


def estimated(
    persons: Persons,
    comparer: Comparer,
    compared: Compared,
    left: Ints,
    right: Ints,
    once: Once = Once.NEITHER,
) -> Estimated:
    """Return the weights that explain these candidate pairs best.

    ``once`` names who can have only one double.
    """
    random = np.random.default_rng(SEED)
    one, other = _random_pairs(persons, random)
    by_chance = [
        _unlike_to_repeat(column, np.bincount(steps, minlength=_count(column)).astype(np.float64))
        for column, steps in zip(persons.columns, comparer.compared(one, other).steps.T, strict=True)
    ]
    shares = _first(persons, by_chance)
    in_play = _in_play(shares.weights(persons.columns), persons, compared, left, right)
    scale = 1.0
    if len(in_play) > MOST_FOR_EM:
        scale = len(in_play) / MOST_FOR_EM
        in_play = np.sort(random.choice(in_play, MOST_FOR_EM, replace=False))
    part = Compared(steps=compared.steps[in_play], exchanged=compared.exchanged[in_play])
    left, right = left[in_play], right[in_play]
    rounds = 0
    for _ in range(MOST_ROUNDS):
        before = shares.prior
        shares = _round(persons, shares, by_chance, part, left, right, scale, once)
        rounds += 1
        if abs(shares.prior - before) < _STEADY * before and rounds > 5:
            break
    if shares.household * persons.possible_pairs < _A_HOUSEHOLD:
        shares.household = 0.0
    return Estimated(
        weights=shares.weights(persons.columns),
        rounds=rounds,
        random_pairs=len(one),
        pairs_used=len(in_play),
    )


def posteriors(
    weights: MatchWeights, persons: Persons, compared: Compared, left: Ints, right: Ints
) -> tuple[Reals, Reals]:
    """Return, for each pair, how likely it is of one person, and of two people of one household."""
    return _likely(evidence(weights, persons, compared, left, right))


def _likely(found: Evidence) -> tuple[Reals, Reals]:
    explained = np.exp2(found.household)  # the share of two people's odds that only chance has
    of_one = 1.0 / (1.0 + np.exp2(np.clip(-found.total, -60, 60)))
    return of_one, (1.0 - of_one) * (1.0 - explained)


def _random_pairs(persons: Persons, random: np.random.Generator) -> tuple[Ints, Ints]:
    if persons.possible_pairs <= RANDOM_PAIRS:
        if persons.second is None:
            one, other = np.triu_indices(persons.size, 1)
            return one.astype(np.int64), other.astype(np.int64)
        every = np.arange(persons.possible_pairs)
        one, other = np.divmod(every, persons.size - persons.second)
        return one, other + persons.second
    if persons.second is not None:
        return (
            random.integers(0, persons.second, RANDOM_PAIRS),
            random.integers(persons.second, persons.size, RANDOM_PAIRS),
        )
    one, other = random.integers(0, persons.size, (2, RANDOM_PAIRS))
    return one[one != other], other[one != other]


def _unlike_to_repeat(column: Column, counts: Reals) -> Reals:
    """Return how often random pairs show each step.

    A telephone, an e-mail or a number that repeats is not chance.

    Where little else is compared, equal numbers would otherwise teach the estimate that they mean nothing.
    """
    if column.kind in UNLIKE_TO_REPEAT and column.kind is not Kind.DATE:
        common = np.maximum(column.counts() - MOST_OF_ONE, 0) / max(column.recorded, 1)
        share = STEPS[column.kind][0].of_two + float((common**2).sum())
        counts[1] = min(counts[1], share * counts[1:].sum())
    return counts


def _first(persons: Persons, by_chance: list[Reals]) -> _Shares:
    """Return what is supposed before any pair was read."""
    kinds = {column.kind for column in persons.columns}
    prior = _first_prior(persons)
    has_households = bool(kinds & SHARED) and bool(kinds & OF_ONE_PERSON)
    return _Shares(
        m=[_of_one(column.kind) for column in persons.columns],
        u=[
            _of_two(column.kind, counts, _of_one(column.kind), 0.0)
            for column, counts in zip(persons.columns, by_chance, strict=True)
        ],
        in_household=[shared_at_first(column.name) for column in persons.columns],
        prior=prior,
        household=prior / 10 if has_households else 0.0,
    )


def _first_prior(persons: Persons) -> float:
    """Return the prior as if one record in four had a double."""
    smaller = persons.size if persons.second is None else min(persons.second, persons.size - persons.second)
    return float(np.clip(0.25 * smaller / max(persons.possible_pairs, 1), _LEAST_SHARE, 0.1))


def _in_play(weights: MatchWeights, persons: Persons, compared: Compared, left: Ints, right: Ints) -> Ints:
    """Return the places of the pairs that may be of one person or one household.

    The rest would only cost time.
    """
    found = []
    for start in range(0, len(left), MOST_FOR_EM):
        part = slice(start, start + MOST_FOR_EM)
        some = Compared(steps=compared.steps[part], exchanged=compared.exchanged[part])
        of_one, of_household = posteriors(weights, persons, some, left[part], right[part])
        found.append(start + np.flatnonzero((of_one > _IN_PLAY) | (of_household > 1e-3)))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _round(
    persons: Persons,
    shares: _Shares,
    by_chance: list[Reals],
    compared: Compared,
    left: Ints,
    right: Ints,
    scale: float,
    once: Once,
) -> _Shares:
    weights = shares.weights(persons.columns)
    found = evidence(weights, persons, compared, left, right)
    of_one, of_household = _likely(found)
    of_one = with_rivals(once, left, right, of_one, persons.size)
    expected = float(of_one.sum()) * scale
    prior = max(expected / max(persons.possible_pairs, 1), _LEAST_SHARE)
    household = (
        float(of_household.sum()) * scale / max(persons.possible_pairs, 1) if shares.household else 0.0
    )
    m, u = [], []
    for place, column in enumerate(persons.columns):
        steps = compared.steps[:, place]
        counts: Reals = np.bincount(steps, weights=of_one, minlength=_count(column)).astype(np.float64)
        agreed = _shares(column.kind, counts, _SUPPOSED_PAIRS * np.append(0.0, _of_one(column.kind)))
        if column.kind is Kind.NHS_NUMBER:
            agreed[ANOTHER_VALID_NUMBER - 1] = min(agreed[ANOTHER_VALID_NUMBER - 1], _MOST_OF_ANOTHER_NUMBER)
        m.append(agreed)
        u.append(_of_two(column.kind, by_chance[place], agreed, prior))
    both = (1.0 * compared.exchanged * of_one).sum() / max(float(of_one.sum()), 1.0)
    return _Shares(
        m=m,
        u=u,
        in_household=[
            _in_household(share, found.fields[:, place], of_household)
            for place, share in enumerate(shares.in_household)
        ],
        prior=prior,
        household=max(household, _LEAST_SHARE) if shares.household else 0.0,
        exchanged=float(np.clip(both, _LEAST_EXCHANGED, _MOST_EXCHANGED)),
        once=gained(once, persons, expected),
    )


def _in_household(share: float, bits: Reals, of_household: Reals) -> float:
    """Return how often two people of one household agree as one person would.

    0 and 1 are taken for granted.
    """
    if share in (0.0, 1.0):
        return share
    most = _MOST_OF_ONE_PERSON if share <= _MOST_OF_ONE_PERSON else 0.9
    agree = share * np.exp2(np.clip(bits, -60, 60))
    agreeing = (of_household * agree / (agree + 1.0 - share))[bits != 0].sum() + _SUPPOSED_PAIRS * share
    return float(np.clip(agreeing / (of_household[bits != 0].sum() + _SUPPOSED_PAIRS), 1e-4, most))


def _of_two(kind: Kind, by_chance: Reals, m: Reals, prior: float) -> Reals:
    """Return u: what random pairs show, less the few of them that are of one person.

    A nearer step never weighs less than the next one: where a file is too small to show it, u is raised.
    """
    counts = by_chance.copy()
    for part in _parts(kind):
        shown = counts[1:][part]
        shown -= np.minimum(shown, prior * m[part] * shown.sum())
    supposed = np.array([step.of_two for step in STEPS[kind]])
    u = np.maximum(_shares(kind, counts, _SUPPOSED_RANDOM * np.append(0.0, supposed)), 0.5 / RANDOM_PAIRS)
    for step in range(1, len(u)):
        if step != PARTIAL_FROM or kind is not Kind.DATE:
            u[step] = max(u[step], m[step] * u[step - 1] / m[step - 1])
    return np.minimum(u, 1.0)


def _shares(kind: Kind, counts: Reals, supposed: Reals) -> Reals:
    """Return counts of steps (0 is "not recorded") as shares; dates in full and in part each sum to one."""
    counts = (counts + supposed)[1:]
    for part in _parts(kind):
        counts[part] /= counts[part].sum()
    return counts


def _of_one(kind: Kind) -> Reals:
    return np.array([step.of_one for step in STEPS[kind]])


def _parts(kind: Kind) -> tuple[slice, ...]:
    return (slice(0, PARTIAL_FROM), slice(PARTIAL_FROM, None)) if kind is Kind.DATE else (slice(None),)


def _count(column: Column) -> int:
    return len(STEPS[column.kind]) + 1
