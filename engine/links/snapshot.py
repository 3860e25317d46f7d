"""The record's whole link graph in arrays, for paths and components. Knows no table and no viewer.

What changed since it was made is beside it in a second layer of the same shape; rows of changed cases in
the first layer are then closed for every viewer. A viewer's permission is an array with a yes or no for each
case: every question is asked with one, and no edge is followed before it has said yes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.record_kinds import KINDS_OF_NODES, record_kinds

Numbers = NDArray[np.int64]
Small = NDArray[np.int32]
Column = NDArray[np.signedinteger]
"""Whole numbers in as few bytes as they need."""
Flags = NDArray[np.bool_]

LINK_COLUMNS = (
    "link",
    "start",
    "end",
    "kind",
    "role",
    "day",
    "precision",
    "grade",
    "source",
    "case",
    "release_class",
)
SAME_COLUMNS = ("one", "other", "case", "other_case")


class Rows(NamedTuple):
    """Nodes in ascending order, and for each node the half-edges that begin there."""

    first: Numbers
    to: Small
    by: Small
    those: Numbers | None = None
    """The nodes that have any, in order, where they are few; None: every node in its place."""


@dataclass(frozen=True)
class Layer:
    """Some of the links, a column each, and what is the same. Ends are node numbers, not places."""

    links: dict[str, Column]
    same: dict[str, Column]

    @property
    def size(self) -> int:
        """Number of links."""
        return len(self.links["link"])

    def replaced(self, cases: Collection[int], anew: Layer) -> Layer:
        """Return the same with the links of these cases as they are now.

        What is new has the greater numbers.
        """
        gone = np.fromiter(cases, dtype=np.int64)
        links = ~np.isin(self.links["case"], gone)
        same = ~(np.isin(self.same["case"], gone) | np.isin(self.same["other_case"], gone))
        joined = {name: np.concatenate([old[links], anew.links[name]]) for name, old in self.links.items()}
        order = np.argsort(joined["link"], kind="stable")
        return Layer(
            {name: column[order] for name, column in joined.items()},
            {name: np.concatenate([old[same], anew.same[name]]) for name, old in self.same.items()},
        )

    @cached_property
    def most_case(self) -> int:
        """The greatest number of a case."""
        columns = (self.links["case"], self.same["case"], self.same["other_case"])
        return max(int(column.max(initial=0)) for column in columns)

    @cached_property
    def most_class(self) -> int:
        """The greatest number of a class of release."""
        return int(self.links["release_class"].max(initial=0))


@dataclass(frozen=True)
class Laid:
    """A layer over a list of nodes, its half-edges in the order of the nodes where they begin."""

    layer: Layer
    links: Rows
    same: Rows
    ends: tuple[Small, Small]
    """Places of the two ends of each link."""


@dataclass(frozen=True)
class Seen:
    """One viewer's permission for one layer: a yes or no for each case, and for each class of release."""

    cases: Flags
    classes: Flags

    def links(self, layer: Layer, rows: Small | slice) -> Flags:
        """Return which of these links may be seen."""
        seen: Flags = self.cases[layer.links["case"][rows]] & self.classes[layer.links["release_class"][rows]]
        return seen

    def same(self, layer: Layer, rows: Small | slice) -> Flags:
        """Return which of these samenesses may be seen: both cases must be open."""
        seen: Flags = self.cases[layer.same["case"][rows]] & self.cases[layer.same["other_case"][rows]]
        return seen


class Only(NamedTuple):
    """Selection of the links that are followed and drawn; none of it: all. Links without a date stay."""

    kinds: tuple[int, ...] = ()
    until: int | None = None
    """A day as a number."""
    since: tuple[int, int, int, int] | None = None
    """By the precision of a date (``first_days``)."""

    def links(self, layer: Layer, rows: Small) -> Flags:
        """Return which of these links are selected."""
        links, chosen = layer.links, np.ones(len(rows), dtype=bool)
        if self.kinds:
            chosen &= np.isin(links["kind"][rows], self.kinds)
        if self.until is not None:
            chosen &= links["day"][rows] <= self.until
        if self.since is not None:
            chosen &= links["day"][rows] >= np.array(self.since)[links["precision"][rows]]
        return chosen


EVERYTHING = Only()


class Notes(NamedTuple):
    """A search's notes of each place; all of it nought before and after."""

    distance: NDArray[np.int8]
    stop: Small


class Snapshot:
    """Nodes, and the layers over them: the first as it was made, the others as what changed since."""

    def __init__(self, nodes: Numbers, laid: tuple[Laid, ...], *, turn: int, made_at: str) -> None:
        self.nodes, self.laid, self.turn, self.made_at = nodes, laid, turn, made_at
        self._notes: list[Notes] = []

    @classmethod
    def of(cls, layers: Iterable[Layer], *, turn: int, made_at: str) -> Snapshot:
        """Make a snapshot of these layers."""
        layers = tuple(layers)
        ends = [layer.links[name] for layer in layers for name in ("start", "end")]
        ends += [layer.same[name] for layer in layers for name in ("one", "other")]
        nodes = np.unique(np.concatenate(ends)).astype(np.int64) if ends else np.zeros(0, dtype=np.int64)
        return cls(nodes, tuple(lay(layer, nodes) for layer in layers), turn=turn, made_at=made_at)

    def with_changes(self, layer: Layer, *, turn: int) -> Snapshot:
        """Return the same with what changed since in a layer beside it.

        Places of older nodes stay as they are.
        """
        ends = [layer.links["start"], layer.links["end"], layer.same["one"], layer.same["other"]]
        named = np.unique(np.concatenate(ends)).astype(np.int64)
        fresh = named[places(self.nodes, named, sorted_part=len(self.nodes)) < 0]
        nodes = np.concatenate([self.nodes, fresh]) if len(fresh) else self.nodes
        return Snapshot(
            nodes,
            (*self.laid[:1], lay(layer, nodes, sorted_part=len(self.nodes), few=True)),
            turn=turn,
            made_at=self.made_at,
        )

    @contextmanager
    def notes(self) -> Iterator[Notes]:
        """Yield room to note where a search has been, reused from one to the next:
        clearing all costs more than most.

        The user returns it with nought in every place; two never have it together.
        """
        size = len(self.nodes)
        taken = self._notes.pop() if self._notes else Notes(np.zeros(size, np.int8), np.zeros(size, np.int32))
        yield taken
        self._notes.append(taken)

    def shared(self, those: Numbers) -> Flags:
        """Return which of these places are things that many may share."""
        shared: Flags = _sharing()[self.nodes[those] % KINDS_OF_NODES]
        return shared

    def degrees(self, those: Numbers) -> Numbers:
        """Return the number of half-edges of each of these places in all layers:
        no viewer sees more of them.
        """
        found = np.zeros(len(those), dtype=np.int64)
        for laid in self.laid:
            there, at = _standing(laid.links, those)
            found[there] += laid.links.first[at + 1] - laid.links.first[at]
        return found

    def place(self, node: int) -> int | None:
        """Return the place of a node."""
        found = places(self.nodes, np.array([node]), sorted_part=self.sorted_part)
        return None if found[0] < 0 else int(found[0])

    @cached_property
    def sorted_part(self) -> int:
        """Number of nodes that are in order; those that came since are behind them, in order too."""
        return int(len(self.laid[0].links.first) - 1) if self.laid else len(self.nodes)


def lay(layer: Layer, nodes: Numbers, *, sorted_part: int | None = None, few: bool = False) -> Laid:
    """Return a layer's half-edges by the places of their nodes; of ``few`` only those nodes that have any."""
    part = len(nodes) if sorted_part is None else sorted_part

    def placed(column: Column) -> Numbers:
        return places(nodes, column, sorted_part=part)

    start, end = placed(layer.links["start"]), placed(layer.links["end"])
    return Laid(
        layer,
        _rows(start, end, len(nodes), few=few),
        _rows(placed(layer.same["one"]), placed(layer.same["other"]), len(nodes), few=few),
        (start.astype(np.int32), end.astype(np.int32)),
    )


def narrowed(column: Column) -> Column:
    """Return the same numbers in as few bytes as they need: most columns of links hold small ones."""
    least, most = int(column.min(initial=0)), int(column.max(initial=0))
    for kind in (np.int8, np.int16):
        if np.iinfo(kind).min <= least and most <= np.iinfo(kind).max:
            return column.astype(kind)
    return column


def places(nodes: Numbers, wanted: NDArray[np.integer], *, sorted_part: int) -> Numbers:
    """Return the places of these nodes, -1 for one that is absent; nodes are sorted in two parts."""
    found = np.full(len(wanted), -1, dtype=np.int64)
    for begin, part in ((0, nodes[:sorted_part]), (sorted_part, nodes[sorted_part:])):
        if len(part):
            at = np.minimum(np.searchsorted(part, wanted), len(part) - 1)
            hit = part[at] == wanted
            found[hit] = at[hit] + begin
    return found


def steps(rows: Rows, frontier: Numbers) -> tuple[Numbers, Small, Small]:
    """Return every half-edge out of the frontier: from where, to where, and by which row of the layer."""
    there, at_first = _standing(rows, frontier)
    first = rows.first[at_first]
    counts = rows.first[at_first + 1] - first
    begins = np.cumsum(counts) - counts
    at = np.repeat(first - begins, counts) + np.arange(int(counts.sum()))
    return np.repeat(frontier[there], counts), rows.to[at], rows.by[at]


def _standing(rows: Rows, those: Numbers) -> tuple[Flags, Numbers]:
    """Return which of these places have a row of their own, and which row that is."""
    if rows.those is None:
        there: Flags = those < len(rows.first) - 1
        return there, those[there]
    at = np.searchsorted(rows.those, those)
    there = rows.those[np.minimum(at, len(rows.those) - 1)] == those if len(rows.those) else at < 0
    return there, at[there]


@cache
def _sharing() -> Flags:
    kinds = np.zeros(KINDS_OF_NODES, dtype=bool)
    for sort in record_kinds().nodes:
        kinds[sort.number] = sort.shape.value in ("contact", "object", "place", "order")
    return kinds


def _rows(start: Numbers, end: Numbers, size: int, *, few: bool) -> Rows:
    ends = np.concatenate([start, end])
    those = None
    if few:
        those, ends = np.unique(ends, return_inverse=True)
        size = len(those)
    numbers = np.arange(len(start), dtype=np.int32)
    order = np.argsort(ends, kind="stable")
    first = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=size), out=first[1:])
    to = np.concatenate([end, start])[order].astype(np.int32)
    return Rows(first, to, np.concatenate([numbers, numbers])[order], those)
