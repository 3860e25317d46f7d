"""A register as a simple network: each linked pair once. Knows no direction, role or viewer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Protocol, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.domain.errors import InvalidInputError
from engine.links.arrays import Only
from engine.links.components import component_labels
from engine.links.record_kinds import first_days
from engine.links.register import Register

_ROWS_AT_ONCE = 4_096
_SHOWN = 60
Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


class SparseMatrix(Protocol):
    """The part of scipy's sparse matrices that is used here; scipy has no types."""

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    data: Values
    nnz: int

    def __matmul__(self, other: SparseMatrix) -> SparseMatrix:
        """Return the product."""
        ...

    def multiply(self, other: SparseMatrix) -> SparseMatrix:
        """Return the product of each two values at one place."""
        ...

    def sum(self, axis: int) -> Values:
        """Return the sums of columns (0) or rows (1)."""
        ...


class NetworkFigures(TypedDict):
    """A network in figures."""

    nodes: int
    edges: int
    components: int
    largest_component: int
    triangles: int
    density: float
    transitivity: float


@dataclass(frozen=True)
class Network:
    """Entities, and each 2 that are linked: once, whatever the direction and the number of their links."""

    size: int
    low: Numbers
    """The one of each 2 with the smaller number."""
    high: Numbers
    labels: NDArray[np.int32]
    """The least number in the connected component of each entity."""

    @cached_property
    def degrees(self) -> Numbers:
        """Number of others that each entity is linked to."""
        return np.bincount(np.concatenate([self.low, self.high]), minlength=self.size)

    @cached_property
    def adjacency(self) -> SparseMatrix:
        """A 1 for each 2 that are linked, in both directions."""
        return matrix(np.concatenate([self.low, self.high]), np.concatenate([self.high, self.low]), self.size)

    @cached_property
    def triangles(self) -> Numbers:
        """Number of triangles that each entity is in.

        Each triangle is counted at its 3 corners in the order of their degrees, so that an entity with very
        many links costs no more than others.
        """
        rank = np.empty(self.size, dtype=np.int64)
        order = np.lexsort((np.arange(self.size), self.degrees))
        rank[order] = np.arange(self.size)
        one, other = rank[self.low], rank[self.high]
        upward = matrix(np.minimum(one, other), np.maximum(one, other), self.size)
        backward = matrix(np.maximum(one, other), np.minimum(one, other), self.size)
        counts = np.zeros(self.size)
        for begin in range(0, self.size, _ROWS_AT_ONCE):
            rows = slice(begin, begin + _ROWS_AT_ONCE)
            by_lowest = _rows(upward, rows) @ upward
            closed = by_lowest.multiply(_rows(upward, rows))
            counts[rows] += _sums(closed, 1)
            counts += _sums(closed, 0)
            by_middle = _rows(backward, rows) @ upward
            counts[rows] += _sums(by_middle.multiply(_rows(upward, rows)), 1)
        triangles: Numbers = np.rint(counts[rank]).astype(np.int64)
        return triangles

    def figures(self) -> NetworkFigures:
        """Return the network in figures; a density or transitivity of nothing is 0, as networkx has it."""
        sizes = np.bincount(self.labels) if self.size else np.zeros(0, dtype=np.int64)
        triangles = int(self.triangles.sum()) // 3
        possible = self.size * (self.size - 1) // 2
        open_or_closed = int((self.degrees * (self.degrees - 1) // 2).sum())
        return {
            "nodes": self.size,
            "edges": len(self.low),
            "components": int((sizes > 0).sum()),
            "largest_component": int(sizes.max(initial=0)),
            "triangles": triangles,
            "density": len(self.low) / possible if possible else 0.0,
            "transitivity": 3 * triangles / open_or_closed if open_or_closed else 0.0,
        }


def network_of(register: Register) -> Network:
    """Return the simple network of a register's links."""
    size, start, end = len(register), register.links.start, register.links.end
    low, high = np.minimum(start, end).astype(np.int64), np.maximum(start, end).astype(np.int64)
    pairs = np.unique(low[low != high] * max(1, size) + high[low != high])
    return Network(size, pairs // max(1, size), pairs % max(1, size), component_labels(register))


def limited_to_kinds(register: Register, kinds: Collection[str] | None) -> Register:
    """Return a register with all its entities and only its links of these kinds; None is every kind.

    Raises InvalidInputError if no link is of one of them.
    """
    if not kinds:
        return register
    codes = [_code_of(register, kind) for kind in dict.fromkeys(kinds)]
    return _with_links(register, np.isin(register.links.kinds.codes, codes))


def limited_to_dates(register: Register, *, since: date | None, until: date | None) -> Register:
    """Return a register without the links that are certainly earlier or later; undated links stay."""
    if since is None and until is None:
        return register
    only = Only(
        until=None if until is None else until.toordinal(), since=None if since is None else first_days(since)
    )
    layer = register.view.nodes.laid[0].layer
    return _with_links(register, only.links(layer, np.arange(register.link_count, dtype=np.int32)))


def _with_links(register: Register, chosen_links: NDArray[np.bool_]) -> Register:
    table = register.links
    rows = np.flatnonzero(chosen_links)
    chosen = replace(
        table,
        ids=table.ids.take(rows),
        start=table.start[rows],
        end=table.end[rows],
        kinds=table.kinds.take(rows),
        roles=table.roles[rows],
        role_words=table.role_words.take(rows),
        days=table.days[rows],
        precisions=table.precisions[rows],
        grades=table.grades.take(rows),
        sources=table.sources.take(rows),
        times=table.times[rows],
        attributes={name: column.take(rows) for name, column in table.attributes.items()},
    )
    return Register(register.entities, chosen, register.about)


def matrix(rows: Numbers, columns: Numbers, size: int) -> SparseMatrix:
    """Return a square matrix with a 1 at each of these places."""
    from scipy.sparse import csr_matrix  # a third of a second that only a measure waits for

    made: SparseMatrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    return made


def _code_of(register: Register, kind: str) -> int:
    words = register.links.kinds.words
    if kind in words:
        return words.index(kind) + 1
    if kind == "kind not recorded" and not register.links.kinds.codes.all():
        return 0
    sentence = f"no link is of the kind '{kind[:_SHOWN]}'; 'stac links summary' lists the kinds of a register"
    raise InvalidInputError("kind", sentence)


def _rows(whole: SparseMatrix, rows: slice) -> SparseMatrix:
    part: SparseMatrix = whole[rows]  # type: ignore[index]  # scipy has no types
    return part


def _sums(whole: SparseMatrix, axis: int) -> Values:
    return np.asarray(whole.sum(axis=axis)).ravel()
