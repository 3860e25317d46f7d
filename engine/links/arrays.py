"""Links in arrays, and one viewer's view of them: of the record and of an imported network alike.

Knows no table and no file. A viewer's permission is an array with a yes or no for each case: every question
is asked through a ``View``, and no link is followed before it has said yes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.hubs import EXPANDED_ALWAYS
from engine.links.kinds import SHAPES, Shape

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


class LinkRow(NamedTuple):
    """A link in numbers: its own, those of its ends, and the codes of what was recorded of it."""

    link: int
    start: int
    end: int
    kind: int
    role: int
    day: int
    precision: int
    grade: int
    source: int
    case: int


class Rows(NamedTuple):
    """Nodes in ascending order, and for each node the half-edges that begin there."""

    first: Numbers
    to: Small
    by: Small
    those: Numbers | None = None
    """The nodes that have any, in order, where they are few; None: every node in its place."""

    @property
    def size(self) -> int:
        """Number of half-edges."""
        return len(self.to)

    def of(self, frontier: Numbers) -> tuple[Numbers, Small, Small]:
        """Return every half-edge out of these places: from where, to where, and its row."""
        there, at_first = self.standing(frontier)
        first = self.first[at_first]
        counts = self.first[at_first + 1] - first
        begins = np.cumsum(counts) - counts
        at = np.repeat(first - begins, counts) + np.arange(int(counts.sum()))
        return np.repeat(frontier[there], counts), self.to[at], self.by[at]

    def standing(self, those: Numbers) -> tuple[Flags, Numbers]:
        """Return which of these places have a row of their own, and which row that is."""
        if self.those is None:
            there: Flags = those < len(self.first) - 1
            return there, those[there]
        at = np.searchsorted(self.those, those)
        there = self.those[np.minimum(at, len(self.those) - 1)] == those if len(self.those) else at < 0
        return there, at[there]


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

    distance: Small
    stop: Small


class LinkedNodes(ABC):
    """Nodes, and the layers of links over them."""

    counts_users: bool
    """True: a thing's users are counted, each once; False: its links."""
    most_read: int | None
    """So many links of a thing are read one by one; None: all."""

    def __init__(self, nodes: Numbers, laid: tuple[Laid, ...]) -> None:
        self.nodes, self.laid = nodes, laid
        self._notes: list[Notes] = []

    @abstractmethod
    def shapes(self, those: Numbers) -> NDArray[np.int8]:
        """Return the shape of each of these places, by its code."""

    @contextmanager
    def notes(self) -> Iterator[Notes]:
        """Yield room to note where a search has been, reused from one to the next:
        clearing all costs more than most.

        The user returns it with nought in every place; two never have it together.
        """
        size = len(self.nodes)
        taken = (
            self._notes.pop() if self._notes else Notes(np.zeros(size, np.int32), np.zeros(size, np.int32))
        )
        yield taken
        self._notes.append(taken)

    def degrees(self, those: Numbers) -> Numbers:
        """Return the number of half-edges of each of these places in all layers:
        no viewer sees more of them.
        """
        found = np.zeros(len(those), dtype=np.int64)
        for laid in self.laid:
            there, at = laid.links.standing(those)
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


@dataclass(frozen=True)
class View:
    """The part of linked nodes that one viewer may see, and the links that were asked for."""

    nodes: LinkedNodes
    seen: tuple[Seen, ...]
    only: Only = EVERYTHING

    def half_edges(self, number: int, those: Numbers) -> tuple[Numbers, Small, Small]:
        """Return the half-edges of one layer out of these places: from where, to where, and its row."""
        laid = self.nodes.laid[number]
        at, to, rows = laid.links.of(those)
        counts = self.seen[number].links(laid.layer, rows)
        if self.only is not EVERYTHING:
            counts &= self.only.links(laid.layer, rows)
        return at[counts], to[counts], rows[counts]

    def steps(self, those: Numbers) -> tuple[Numbers, Numbers]:
        """Return every half-edge out of these places: from where and to where."""
        parts = [self.half_edges(number, those)[:2] for number in range(len(self.seen))]
        return np.concatenate([at for at, _ in parts]), np.concatenate([to for _, to in parts]).astype(
            np.int64
        )

    def links_of(self, those: Numbers) -> list[tuple[int, int, LinkRow]]:
        """Return the same with each link whole, in the order of their numbers."""
        found: list[tuple[int, int, LinkRow]] = []
        for number in range(len(self.seen)):
            at, to, rows = self.half_edges(number, those)
            found += zip(at.tolist(), to.tolist(), self.rows(number, rows), strict=True)
        return sorted(found, key=lambda each: each[2].link)

    def between(self, those: Numbers) -> list[LinkRow]:
        """Return every link between two of these places, in the order of their numbers."""
        there = np.unique(those)
        if not len(there):
            return []
        found: list[LinkRow] = []
        for number in range(len(self.seen)):
            _, to, rows = self.half_edges(number, there)
            at = np.minimum(np.searchsorted(there, to), len(there) - 1)
            found += self.rows(number, np.unique(rows[there[at] == to]))
        return sorted(found)

    def rows(self, number: int, rows: Small) -> Iterator[LinkRow]:
        """Yield these rows of one layer."""
        links = self.nodes.laid[number].layer.links
        columns = (links[name][rows].tolist() for name in LinkRow._fields)
        return (LinkRow(*row) for row in zip(*columns, strict=True))

    def same(self, those: Numbers) -> tuple[Numbers, Numbers]:
        """Return which places are one with these, two and two."""
        ones, others = [], []
        for laid, seen in zip(self.nodes.laid, self.seen, strict=True):
            one, other, rows = laid.same.of(those)
            open_ones = seen.same(laid.layer, rows)
            ones.append(one[open_ones])
            others.append(other[open_ones].astype(np.int64))
        return np.concatenate(ones), np.concatenate(others)

    @property
    def link_count(self) -> int:
        """Number of links that the viewer may see."""
        layers = zip(self.nodes.laid, self.seen, strict=True)
        return sum(int(seen.links(laid.layer, slice(None)).sum()) for laid, seen in layers)

    @property
    def joins(self) -> bool:
        """True if any nodes are one with others."""
        return any(laid.same.size for laid in self.nodes.laid)

    def stops(self, those: Numbers) -> Numbers:
        """Return for each of these places the least of all that are one with it."""
        if not self.joins:
            return those
        known = asked = np.unique(those)
        ones, others = np.zeros((2, 0), dtype=np.int64)
        while len(asked):
            one, other = self.same(asked)
            ones, others = np.concatenate([ones, one]), np.concatenate([others, other])
            asked = np.setdiff1d(other, known)
            known = np.union1d(known, asked)
        least, ones, others = known.copy(), np.searchsorted(known, ones), np.searchsorted(known, others)
        while True:
            before = least.copy()
            np.minimum.at(least, ones, before[others])
            if np.array_equal(before, least):
                return least[np.searchsorted(known, those)]

    def shapes(self, those: Collection[int]) -> list[Shape]:
        """Return the shapes of these places."""
        codes = self.nodes.shapes(np.fromiter(those, dtype=np.int64, count=len(those)))
        return [SHAPES[code] for code in codes.tolist()]

    def may_be_hubs(self, those: Numbers) -> Flags:
        """Return which of these places are things that may have very many users."""
        return _may_be_hub()[self.nodes.shapes(those)]


@cache
def _may_be_hub() -> Flags:
    return np.array([shape not in EXPANDED_ALWAYS for shape in SHAPES])


def lay(layer: Layer, nodes: Numbers, *, sorted_part: int | None = None, few: bool = False) -> Laid:
    """Return a layer's half-edges by the places of their nodes; of ``few`` only those nodes that have any."""
    part = len(nodes) if sorted_part is None else sorted_part

    def placed(column: Column) -> Numbers:
        return places(nodes, column, sorted_part=part)

    start, end = placed(layer.links["start"]), placed(layer.links["end"])
    return Laid(
        layer,
        rows_of(start, end, len(nodes), few=few),
        rows_of(placed(layer.same["one"]), placed(layer.same["other"]), len(nodes), few=few),
        (start.astype(np.int32), end.astype(np.int32)),
    )


def rows_of(start: Column, end: Column, size: int, *, few: bool = False) -> Rows:
    """Return the half-edges of links with these ends, by the places where they begin.

    Of tens of millions of links a column takes a hundred megabytes: none is held long.
    """
    ends = np.concatenate([start, end])
    those = None
    if few:
        those, ends = np.unique(ends, return_inverse=True)
        size = len(those)
    first = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=size), out=first[1:])
    by = np.argsort(ends, kind="stable").astype(np.int32)
    del ends
    to = np.concatenate([end, start])[by].astype(np.int32)
    by[by >= len(start)] -= len(start)
    return Rows(first, to, by, those)


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
