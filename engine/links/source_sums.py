"""Shortest paths from many entities at once: what betweenness and closeness add up. Ranks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.links.network import Numbers, SparseMatrix, Values

_CELLS_AT_ONCE = 4_000_000


class SourceSums(NamedTuple):
    """Sums over sources, for each node of a connected part, and the sums of their squares."""

    sources: int
    dependencies: Values
    """Share of the shortest paths from each source that go through the node, over all ends (Brandes 2001)."""
    dependencies_squared: Values
    distances: Values
    distances_squared: Values


def no_sums(size: int) -> SourceSums:
    """Return the sums over no source."""
    return SourceSums(0, *(np.zeros(size) for _ in range(4)))


def added(one: SourceSums, other: SourceSums) -> SourceSums:
    """Return the sums over the sources of both."""
    arrays = (a + b for a, b in zip(one[1:], other[1:], strict=True))
    return SourceSums(one.sources + other.sources, *arrays)


def source_sums(adjacency: SparseMatrix, sources: Numbers, *, paths: bool = True) -> Iterator[SourceSums]:
    """Yield the sums over the sources, a batch of them at a time.

    Without ``paths`` only distances are added up, in half the time.

    Notes
    -----
    All sources of a batch go out together: one step is one product of sparse matrices. So much work as the
    links of the part for each source, whatever its width.
    """
    size = len(adjacency.indptr) - 1
    batch = max(1, min(512, _CELLS_AT_ONCE // (size + adjacency.nnz + 1)))
    for begin in range(0, len(sources), batch):
        some = sources[begin : begin + batch]
        reached = _outward(adjacency, some)
        distances = _distances(len(some), size, reached)
        passed = _dependencies(adjacency, some, reached) if paths else np.zeros((1, size))
        yield SourceSums(
            len(some),
            passed.sum(axis=0),
            (passed**2).sum(axis=0),
            distances.sum(axis=0),
            (distances**2).sum(axis=0),
        )


_Reached = list[tuple[Numbers, Values]]
"""By distance: the cells (source times size, plus node) that are so far, and the number of paths to each."""


def _distances(sources: int, size: int, reached: _Reached) -> Values:
    distances = np.zeros(sources * size)
    for distance, (cells, _) in enumerate(reached):
        distances[cells] = distance
    return distances.reshape(sources, size)


def _outward(adjacency: SparseMatrix, sources: Numbers) -> _Reached:
    size = len(adjacency.indptr) - 1
    cells = np.arange(len(sources), dtype=np.int64) * size + sources
    ways = np.ones(len(sources))
    seen = np.zeros(len(sources) * size, dtype=bool)
    reached: _Reached = []
    while len(cells):
        seen[cells] = True
        reached.append((cells, ways))
        cells, ways = _one_step(adjacency, cells, ways, len(sources))
        fresh = ~seen[cells]
        cells, ways = cells[fresh], ways[fresh]
    return reached


def _dependencies(adjacency: SparseMatrix, sources: Numbers, reached: _Reached) -> Values:
    """Return what each node passes on for each source, from the farthest back to the source."""
    size = len(adjacency.indptr) - 1
    ways, level = np.zeros(len(sources) * size), np.full(len(sources) * size, -1, dtype=np.int32)
    for distance, (cells, number) in enumerate(reached):
        ways[cells], level[cells] = number, distance
    passed = np.zeros(len(sources) * size)
    for distance in range(len(reached) - 1, 0, -1):
        cells, number = reached[distance]
        before, shares = _one_step(adjacency, cells, (1 + passed[cells]) / number, len(sources))
        nearer = level[before] == distance - 1
        passed[before[nearer]] += ways[before[nearer]] * shares[nearer]
    table: Values = passed.reshape(len(sources), size)
    table[np.arange(len(sources)), sources] = 0  # a source is an end of its paths and between none
    return table


def _one_step(
    adjacency: SparseMatrix, cells: Numbers, values: Values, sources: int
) -> tuple[Numbers, Values]:
    """Return the cells one link further, each with the sum of the values that lead to it."""
    from scipy.sparse import csr_matrix  # a third of a second that only a measure waits for

    size = len(adjacency.indptr) - 1
    first = np.searchsorted(cells, np.arange(sources + 1, dtype=np.int64) * size)
    frontier: SparseMatrix = csr_matrix((values, cells % size, first), shape=(sources, size))
    product = frontier @ adjacency
    rows = np.repeat(np.arange(sources, dtype=np.int64) * size, np.diff(product.indptr))
    return rows + product.indices, product.data
