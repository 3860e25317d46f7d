"""Measures of each entity of an imported network, each with its formula. Opens no record; judges no person.

To 5,000 entities every value is exact. Beyond that betweenness and closeness of the large components are
estimated from a sample of entities, always the same one, with the error of the estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.links.network import Network, Numbers, SparseMatrix, Values, matrix
from engine.links.register import Register
from engine.links.source_sums import SourceSums, added, no_sums, source_sums

_FEWEST_SOURCES = 30
_DIGITS = 12  # what adding in another order may change is behind them
_NORMAL_95 = 1.96

Progress = Callable[[int, int], object]
"""Given the number of sources done, and of all."""


class Measure(StrEnum):
    """A number for each entity of a network."""

    DEGREE = "degree"
    BETWEENNESS = "betweenness"
    CLOSENESS = "closeness"
    TRIANGLES = "triangles"
    CORE = "core"


FORMULAS = {
    Measure.DEGREE: "number of other entities that it is linked to",
    Measure.BETWEENNESS: (
        "sum over each 2 other entities of the share of their shortest paths that go through it; each 2 "
        "counted once"
    ),
    Measure.CLOSENESS: (
        "(r - 1) / (sum of distances to the r - 1 entities within reach) x (r - 1) / (n - 1), n being all "
        "entities (Wasserman and Faust)"
    ),
    Measure.TRIANGLES: "number of pairs of entities linked to it that are linked to each other",
    Measure.CORE: "largest k such that it is in a group whose members are each linked to k others of it",
}


class Limits(NamedTuple):
    """The largest sizes with exact values; a test has smaller ones."""

    exact_to: int = 5_000
    """Entities of a network whose values are all exact."""
    small: int = 500
    """Entities of a component that is exact in any network."""
    work: int = 100_000_000
    """Links read for a sample, over all sources: about 5 seconds."""


LIMITS = Limits()


class Ranked(TypedDict):
    """An entity and its value."""

    id: str
    value: float


class MeasureFigures(TypedDict):
    """One measure of a network: how it is worked out, and the entities with the largest values.

    ``error`` is half the width of the widest 95 % interval of the values shown, ``sources`` the number of
    entities in the sample. If every value is exact, both are None.
    """

    exact: bool
    normalised: bool
    formula: str
    error: float | None
    sources: int | None
    top: list[Ranked]


class Estimate(NamedTuple):
    """The values of a measure, by entity, and the standard error of each; 0 where it is exact."""

    values: Values
    errors: Values
    sources: int | None
    """None where every value is exact."""


def measure_figures(
    register: Register,
    network: Network,
    measures: Collection[Measure],
    *,
    top: int,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> dict[str, MeasureFigures]:
    """Return each measure with the entities of the largest values; equal values are in the order of ids."""
    by_paths = [each for each in measures if each in (Measure.BETWEENNESS, Measure.CLOSENESS)]
    estimates = _by_paths(network, by_paths, progress, limits) if by_paths else {}
    ids = register.entities.ids.all()
    figures: dict[str, MeasureFigures] = {}
    for measure in dict.fromkeys(measures):
        found = estimates.get(measure) or Estimate(_counted(network, measure), np.zeros(network.size), None)
        rounded = [float(f"{each:.{_DIGITS}g}") for each in found.values.tolist()]
        first = sorted(range(network.size), key=lambda number: (-rounded[number], ids[number]))[:top]
        whole = measure not in by_paths
        figures[measure.value] = {
            "exact": found.sources is None,
            "normalised": measure is Measure.CLOSENESS,
            "formula": FORMULAS[measure],
            "error": None
            if found.sources is None
            else float(f"{_NORMAL_95 * found.errors[first].max(initial=0.0):.3g}"),
            "sources": found.sources,
            "top": [
                {"id": ids[number], "value": int(rounded[number]) if whole else rounded[number]}
                for number in first
            ],
        }
    return figures


def values_of(network: Network, measure: Measure) -> Values:
    """Return the value of each entity, for a network whose values are all exact."""
    if measure in (Measure.BETWEENNESS, Measure.CLOSENESS):
        return _by_paths(network, [measure], None, LIMITS)[measure].values
    return _counted(network, measure)


def core_numbers(network: Network) -> Numbers:
    """Return the core number of each entity: those with the fewest links are taken away first."""
    left, cores = network.degrees.copy(), np.zeros(network.size, dtype=np.int64)
    gone = np.zeros(network.size, dtype=bool)
    first, to = network.adjacency.indptr, network.adjacency.indices
    core = 0
    while not gone.all():
        core = max(core, int(left[~gone].min()))
        leaving = np.flatnonzero(~gone & (left <= core))
        while len(leaving):
            gone[leaving], cores[leaving] = True, core
            counts = first[leaving + 1] - first[leaving]
            begins = np.cumsum(counts) - counts
            ends = to[np.repeat(first[leaving] - begins, counts) + np.arange(counts.sum())]
            np.subtract.at(left, ends, 1)
            near = np.unique(ends)
            leaving = near[~gone[near] & (left[near] <= core)]
    return cores


def _counted(network: Network, measure: Measure) -> Values:
    if measure is Measure.DEGREE:
        return network.degrees.astype(np.float64)
    numbers = network.triangles if measure is Measure.TRIANGLES else core_numbers(network)
    return numbers.astype(np.float64)


class _Part(NamedTuple):
    """One large component, or several small ones, and the entities whose shortest paths are added up."""

    nodes: Numbers
    adjacency: SparseMatrix
    sources: Numbers
    reach: Numbers
    """Number of entities in the component of each."""

    @property
    def is_exact(self) -> bool:
        return len(self.sources) == len(self.nodes)


def _by_paths(
    network: Network, measures: Collection[Measure], progress: Progress | None, limits: Limits
) -> dict[Measure, Estimate]:
    """Return betweenness, closeness or both, from one walk over the sources of every part."""
    parts = list(_parts(network, limits))
    sampled = sum(len(part.sources) for part in parts if not part.is_exact)
    every = sum(len(part.sources) for part in parts)
    found = {
        measure: Estimate(np.zeros(network.size), np.zeros(network.size), sampled or None)
        for measure in measures
    }
    before = 0
    for part in parts:
        sums = no_sums(len(part.nodes))
        for batch in source_sums(part.adjacency, part.sources, paths=Measure.BETWEENNESS in measures):
            sums = added(sums, batch)
            if progress is not None:
                progress(before + sums.sources, every)
        before += len(part.sources)
        for measure in measures:
            of_part = _betweenness if measure is Measure.BETWEENNESS else _closeness
            values, errors = of_part(part, sums, network.size)
            found[measure].values[part.nodes], found[measure].errors[part.nodes] = values, errors
    return found


def _parts(network: Network, limits: Limits) -> Iterator[_Part]:
    """Yield small components packed together, then each large one, the largest first."""
    labels, sizes = np.unique(network.labels, return_counts=True)
    reach = sizes[np.searchsorted(labels, network.labels)]
    exact = network.size <= limits.exact_to
    small = np.flatnonzero((reach > 1) & (exact | (reach <= limits.small)))
    small = small[np.argsort(network.labels[small], kind="stable")]
    borders = [*_begins_of_packs(network.labels[small], limits.exact_to), len(small)]
    for begin, end in pairwise(borders):
        yield _part(network, np.sort(small[begin:end]), reach)
    large = [] if exact else [label for label, size in zip(labels, sizes, strict=True) if size > limits.small]
    of_large = sum(int(sizes[np.searchsorted(labels, label)]) for label in large)
    for label in large:
        nodes = np.flatnonzero(network.labels == label)
        yield _part(network, nodes, reach, work=limits.work * len(nodes) // of_large)


def _begins_of_packs(labels: NDArray[np.int32], most: int) -> list[int]:
    """Return where packs of whole components begin, each of about so many entities."""
    if not len(labels):
        return []
    begins = [0]
    for place in np.flatnonzero(np.diff(labels)) + 1:
        if place - begins[-1] >= most:
            begins.append(int(place))
    return begins


def _part(network: Network, nodes: Numbers, reach: Numbers, *, work: int | None = None) -> _Part:
    """Return a part with all its entities as sources, or with as large a sample as the work allows."""
    place = np.full(network.size, -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    inside = place[network.low] >= 0
    low, high = place[network.low[inside]], place[network.high[inside]]
    adjacency = matrix(np.concatenate([low, high]), np.concatenate([high, low]), len(nodes))
    sources = np.arange(len(nodes))
    if work is not None:
        number = max(_FEWEST_SOURCES, work // (adjacency.nnz + 3 * len(nodes)))
        if number < len(nodes):
            sources = np.sort(np.random.default_rng(len(nodes)).choice(len(nodes), number, replace=False))
    return _Part(nodes, adjacency, sources, reach[nodes])


def _betweenness(part: _Part, sums: SourceSums, size: int) -> tuple[Values, Values]:
    """Return the values and their standard errors; half, since each 2 entities are met from both ends."""
    others = len(part.nodes) - 1
    spread = _spread(sums.dependencies, sums.dependencies_squared, part)
    return sums.dependencies / _met(part) * others / 2, spread * others / 2


def _closeness(part: _Part, sums: SourceSums, size: int) -> tuple[Values, Values]:
    """Return the values and their standard errors, by the mean distance to the sources."""
    mean = sums.distances / (part.reach - 1 if part.is_exact else _met(part))
    share = (part.reach - 1) / (size - 1)
    return share / mean, share * _spread(sums.distances, sums.distances_squared, part) / mean**2


def _met(part: _Part) -> Values:
    """Return the number of sources that are not the entity itself: from itself it adds nothing."""
    met = np.full(len(part.nodes), float(len(part.sources)))
    met[part.sources] -= 1
    return met


def _spread(total: Values, squared: Values, part: _Part) -> Values:
    """Return the standard error of a mean over a sample without replacement; 0 where all are sources."""
    sources = len(part.sources)
    variance = np.maximum(squared - total**2 / sources, 0) / max(1, sources - 1)
    spread: Values = np.sqrt(variance / sources * (1 - sources / len(part.nodes)))
    return spread
