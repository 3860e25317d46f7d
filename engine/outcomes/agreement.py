"""Agreement between agencies: weighted kappa with its interval, raw agreement and base rates. Pure.

Only of two agencies on one domain, not of several together. Linear weights: "low" beside "high" is
twice as far apart as beside "moderate". Nothing is estimated under 20 cases or three raters on a side: with
fewer it would be a figure about persons.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import sqrt

import numpy as np
import numpy.typing as npt

from engine.domain.conference.risk import Domain, Level, levels_apart
from engine.domain.outcomes.agreement import AgreementFigure, LevelCount, Rating
from engine.outcomes.small_numbers import HIDDEN_UNDER, cells, part, progress

FEWEST_CASES, FEWEST_RATERS = 20, 3
_COMPARED = (Level.LOW, Level.MODERATE, Level.HIGH)


def agreement_figures(ratings: Iterable[Rating], limit: int = HIDDEN_UNDER) -> tuple[AgreementFigure, ...]:
    """Return a figure for each domain and each two agencies that both viewed it, by name."""
    return tuple(
        _figure(domain, agencies, pairs, limit) for (domain, agencies), pairs in viewed_by_both(ratings)
    )


def viewed_by_both(
    ratings: Iterable[Rating],
) -> Iterator[tuple[tuple[Domain, tuple[str, str]], list[tuple[Rating, Rating]]]]:
    """Yield each domain and two agencies with their views of the cases that both viewed."""
    views: dict[Domain, dict[str, dict[str, Rating]]] = defaultdict(lambda: defaultdict(dict))
    for rating in ratings:
        views[rating.domain][rating.agency][rating.case] = rating
    for domain in Domain:
        for one, other in combinations(sorted(views[domain]), 2):
            both = sorted(views[domain][one].keys() & views[domain][other].keys())
            if both:
                yield (
                    (domain, (one, other)),
                    [(views[domain][one][case], views[domain][other][case]) for case in both],
                )


def _figure(
    domain: Domain, agencies: tuple[str, str], pairs: Sequence[tuple[Rating, Rating]], limit: int
) -> AgreementFigure:
    compared = [pair for pair in pairs if levels_apart(pair[0].level, pair[1].level) is not None]
    why_not = _too_few(compared)
    if why_not is not None:
        return _without(domain, agencies, why_not)
    same = sum(levels_apart(one.level, other.level) == 0 for one, other in compared)
    agreed = part(same, len(compared), limit)
    if agreed is None:
        return _without(
            domain, agencies, f"Hidden: fewer than {limit} cases agree, or fewer than {limit} differ."
        )
    estimate = weighted_kappa(compared_table(pairs))
    if estimate is None:
        return _without(
            domain, agencies, "Cannot be estimated: an agency viewed every case at the same level."
        )
    sides = [Counter(pair[side].level for pair in compared) for side in (0, 1)]
    return AgreementFigure(
        domain=domain,
        agencies=agencies,
        cases=len(compared),
        not_compared=progress(len(pairs) - len(compared), len(pairs), limit),
        agreed=agreed,
        kappa=round(estimate[0], 2),
        low=round(max(estimate[1], -1.0), 2),
        high=round(min(estimate[2], 1.0), 2),
        base_rates=tuple(
            LevelCount(agency=agency, level=level, count=count)
            for agency, side in zip(agencies, sides, strict=True)
            for level, count in cells(
                {level: side[level] for level in _COMPARED}, len(compared), limit
            ).items()
        ),
        why_not=None,
    )


def _too_few(compared: Sequence[tuple[Rating, Rating]]) -> str | None:
    raters = [len({pair[side].rater.casefold() for pair in compared}) for side in (0, 1)]
    if len(compared) < FEWEST_CASES or min(raters) < FEWEST_RATERS:
        return (
            f"Not estimated: it needs {FEWEST_CASES} cases that both viewed and {FEWEST_RATERS} "
            "professionals on each side."
        )
    return None


def _without(domain: Domain, agencies: tuple[str, str], why_not: str) -> AgreementFigure:
    nothing: dict[str, None] = dict.fromkeys(("cases", "not_compared", "agreed", "kappa", "low", "high"))
    return AgreementFigure(domain=domain, agencies=agencies, base_rates=(), why_not=why_not, **nothing)


def compared_table(pairs: Sequence[tuple[Rating, Rating]]) -> npt.NDArray[np.float64]:
    """Return the cases by both levels, without those where an agency was unable to say."""
    table = np.zeros((len(_COMPARED), len(_COMPARED)))
    for one, other in pairs:
        if levels_apart(one.level, other.level) is None:
            continue
        table[_COMPARED.index(one.level), _COMPARED.index(other.level)] += 1
    return table


def weighted_kappa(table: npt.NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Return Cohen's weighted kappa of a square table of counts, with its 95 % interval.

    Linear weights (Cicchetti and Allison). The interval is from the asymptotic variance of Fleiss, Cohen and
    Everitt, Psychological Bulletin 72 (1969), 323 to 327. None where a side has one level only.
    """
    steps = np.arange(len(table))
    if any(np.count_nonzero(table.sum(axis=axis)) < 2 for axis in (0, 1)):
        return None
    number = float(table.sum())
    weights = 1 - abs(steps[:, None] - steps[None, :]) / (len(table) - 1)
    shares = table / number
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = float(rows @ weights @ columns)
    kappa = (float((weights * shares).sum()) - by_chance) / (1 - by_chance)
    expected = (weights @ columns)[:, None] + (rows @ weights)[None, :]
    spread = float((shares * (weights - expected * (1 - kappa)) ** 2).sum())
    variance = (spread - (kappa - by_chance * (1 - kappa)) ** 2) / (number * (1 - by_chance) ** 2)
    reach = 1.959963984540054 * sqrt(max(variance, 0.0))
    return kappa, kappa - reach, kappa + reach
