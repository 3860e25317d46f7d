"""The record's snapshot as a register for one viewer: cut, and records that are one person made one.

Everything that works on a register then works on it: figures, components, patterns, files. Names are asked
for when they are wanted; they are not in the arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.links.arrays import Column, LinkedNodes, Numbers, View, narrowed, places
from engine.links.columns import CodedColumn, Index, TextColumn
from engine.links.kinds import Shape
from engine.links.record_kinds import KINDS_OF_NODES, record_kinds
from engine.links.register import EntityTable, LinkTable, Register
from engine.links.snapshot import shapes_of

Asked = Callable[[Sequence[int]], Sequence[str]]
"""Texts for these nodes, in their order."""
_CHANNEL = "channel"
_AT_ONCE = 64
"""Rows are asked for in parts: of scattered ones most of a part is never wanted."""
_KEPT = ("kind", "role", "day", "precision", "grade", "source")
"""Columns of a link that are stored beside its ends."""


class _NodesAt:
    """The nodes of places, read when they are wanted."""

    def __init__(self, nodes: LinkedNodes, places: Column) -> None:
        self._nodes, self._places = nodes, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, part: slice | Numbers) -> Numbers:
        return self._nodes.nodes[self._places[part]]


class AskedColumn(TextColumn):
    """Texts that are asked for when they are wanted, a part at a time."""

    def __init__(self, nodes: Numbers | _NodesAt, ask: Asked) -> None:
        super().__init__(np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64))
        self._nodes, self._ask = nodes, ask
        self._parts: dict[int, Sequence[str]] = {}
        self._rows: dict[str, int] = {}
        self._parts_in_rows = 0

    def __len__(self) -> int:
        return len(self._nodes)

    def row_of(self, text: str) -> int | None:
        """Return the row of a text that was asked for before; asks for nothing."""
        fresh = list(self._parts)[self._parts_in_rows :] if len(self._parts) > self._parts_in_rows else []
        for part in fresh:
            self._rows.update((each, part * _AT_ONCE + at) for at, each in enumerate(self._parts[part]))
        self._parts_in_rows += len(fresh)
        return self._rows.get(text)

    def __getitem__(self, row: int) -> str:
        part = row // _AT_ONCE
        if part not in self._parts:
            begin = part * _AT_ONCE
            self._parts[part] = self._ask(self._nodes[begin : begin + _AT_ONCE].tolist())
        return self._parts[part][row % _AT_ONCE]

    def of_rows(self, rows: Sequence[int]) -> Sequence[str]:
        """Return the texts of these rows, which may be far from each other, asked for at once."""
        return self._ask(self._nodes[np.array(rows, dtype=np.int64)].tolist())

    def all(self) -> list[str]:
        """Return every text, in order."""
        return [self[row] for row in range(len(self))]


class AskedIndex(Index):
    """Finds a row by asking whose reference it is."""

    ask: Callable[[str], int | None]

    def find(self, text: str, column: TextColumn) -> int | None:
        """Return the row of this reference."""
        known = column.row_of(text) if isinstance(column, AskedColumn) else None
        return self.ask(text) if known is None else known


class LinkNames(TextColumn):
    """A link's id out of its ends' references and its kind: a number would count what is hidden."""

    def __init__(self, start: _NodesAt, end: _NodesAt, kinds: CodedColumn, ask: Asked) -> None:
        super().__init__(np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64))
        self._start, self._end, self._kinds = start, end, kinds
        self._from, self._to = AskedColumn(start, ask), AskedColumn(end, ask)

    def __len__(self) -> int:
        return len(self._start)

    def __getitem__(self, row: int) -> str:
        return f"{self._from[row]} {self._kinds.text_at(row)} {self._to[row]}"

    def all(self) -> list[str]:
        """Return every id, in order."""
        return [self[row] for row in range(len(self))]


class _Channel(Mapping[str, str]):
    """The channel of an incident, read when it is wanted: most detectors want none."""

    def __init__(self, channels: AskedColumn, row: int) -> None:
        self._channels, self._row = channels, row

    def __getitem__(self, name: str) -> str:
        if name != _CHANNEL:
            raise KeyError(name)
        return self._channels[self._row]

    def __iter__(self) -> Iterator[str]:
        return iter((_CHANNEL,))

    def __len__(self) -> int:
        return 1


@dataclass(frozen=True)
class ViewerRegister(Register):
    """All that one viewer may see. What they may not see has no row, and asking for it reads nothing."""

    row_at: Callable[[int], int | None] = lambda node: None
    """Gives the row of a node of the record."""
    nodes: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """The node of each row: of several that are one, the least."""
    channels: AskedColumn | None = None
    """The channels of incidents by row."""

    def attributes(self, number: int) -> Mapping[str, str]:
        """Return the channel of an incident; its date is that of its links."""
        if self.channels is None or self.shape_of(number) is not Shape.INCIDENT:
            return {}
        return _Channel(self.channels, number)

    def known_row(self, reference: str) -> int | None:
        """Return the row of a reference that this register has named before."""
        ids = self.entities.ids
        return ids.row_of(reference) if isinstance(ids, AskedColumn) else None

    def named(self, rows: Sequence[int]) -> list[tuple[str, str]]:
        """Return the references and labels of these rows."""
        ids, labels = self.entities.ids, self.entities.labels
        if not (isinstance(ids, AskedColumn) and isinstance(labels, AskedColumn)):
            return [(ids[row], labels[row]) for row in rows]
        return list(zip(ids.of_rows(rows), labels.of_rows(rows), strict=True))


def register_for(
    view: View,
    *,
    made_at: str,
    references: Asked,
    labels: Asked,
    channels: Asked,
    find: Callable[[str], int | None],
    words: dict[int, str],
    within: Numbers | None = None,
) -> ViewerRegister:
    """Return the register of all that this viewer may see, or of the links of the nodes ``within`` only.

    Parameters
    ----------
    view : View
        The arrays, with what changed since, and the viewer's permission.
    made_at : str
        When the arrays were made.
    references, labels : callable
        The public references and the labels of nodes, as this viewer may read them.
    channels : callable
        The channels of incidents; of any other node an empty text.
    find : callable
        The node of a public reference, if it exists for this viewer.
    words : mapping
        Sources and grades by number.
    within : array of int, optional
        Places of nodes. All links of each of them are in it, and no others.

    Notes
    -----
    Linear in the links that it has. Entities are in the order of their nodes, links in that of their numbers.
    """
    whole = view.nodes
    columns = _cut(view, within)
    stops = _stops(view) if within is None else view.stops
    start_node, end_node = _NodesAt(whole, columns["from"]), _NodesAt(whole, columns["to"])
    start, end = stops(columns["from"]), stops(columns["to"])
    present, rows = (
        _in_order(whole.nodes, start, end) if within is None else _few_in_order(whole.nodes, start, end)
    )
    nodes = whole.nodes[present]

    def row_at(node: int) -> int | None:
        place = whole.place(node)
        row = -1 if place is None else int(rows(stops(np.array([place])))[0])
        return row if row >= 0 else None

    def found(reference: str) -> int | None:
        node = find(reference)
        return None if node is None else row_at(node)

    index = AskedIndex(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int32))
    index.ask = found
    kinds = _coded_kinds(columns["kind"])
    return ViewerRegister(
        EntityTable(
            ids=AskedColumn(nodes, references),
            index=index,
            types=_coded_types(nodes),
            shapes=shapes_of(nodes),
            labels=AskedColumn(nodes, labels),
            attributes={},
        ),
        LinkTable(
            ids=LinkNames(start_node, end_node, kinds, references),
            start=rows(start).astype(np.int32, copy=False),
            end=rows(end).astype(np.int32, copy=False),
            kinds=kinds,
            roles=columns["role"].astype(np.int8, copy=False),
            role_words=CodedColumn((), _alike(0, len(start))),
            days=columns["day"].astype(np.int32, copy=False),
            precisions=columns["precision"].astype(np.int8, copy=False),
            grades=_coded(columns["grade"], words),
            sources=_coded(columns["source"], words),
            times=_alike(1, len(start)),
            attributes={},
        ),
        {"made_at": made_at},
        row_at,
        nodes,
        AskedColumn(nodes, channels),
    )


_Rows = Callable[[Numbers], Numbers]


def _in_order(nodes: Numbers, start: Numbers, end: Numbers) -> tuple[Numbers, _Rows]:
    """Return the places of the ends in the order of their nodes, and a lookup of their rows."""
    there = np.zeros(len(nodes), dtype=bool)
    there[start] = there[end] = True
    present = np.flatnonzero(there)
    present = present[np.argsort(nodes[present], kind="stable")]
    row_of = np.full(len(nodes), -1, dtype=np.int32)
    row_of[present] = np.arange(len(present), dtype=np.int32)
    return present, row_of.__getitem__


def _few_in_order(nodes: Numbers, start: Numbers, end: Numbers) -> tuple[Numbers, _Rows]:
    """Return the same of few ends among many nodes."""
    found = np.unique(np.concatenate([start, end]))
    order = np.argsort(nodes[found], kind="stable")
    row_of = np.empty(len(found), dtype=np.int64)
    row_of[order] = np.arange(len(found))

    def rows(those: Numbers) -> Numbers:
        if not len(found):
            return np.full(len(those), -1)
        at = np.minimum(np.searchsorted(found, those), len(found) - 1)
        return np.where(found[at] == those, row_of[at], -1)

    return found[order], rows


def _cut(view: View, within: Numbers | None) -> dict[str, Column]:
    """Return the columns of all links that may be seen, or of those ``within``, oldest first, with the places
    of their ends.
    """
    parts: dict[str, list[Column]] = {}
    for number, (laid, those) in enumerate(zip(view.nodes.laid, view.seen, strict=True)):
        ok = (
            those.links(laid.layer, slice(None))
            if within is None
            else np.unique(view.half_edges(number, within)[2])
        )
        wanted = {
            "from": laid.ends[0],
            "to": laid.ends[1],
            **{name: laid.layer.links[name] for name in _KEPT},
        }
        for name, column in wanted.items():
            parts.setdefault(name, []).append(column[ok])
    return {
        name: columns[0] if len(columns) == 1 else np.concatenate(columns) for name, columns in parts.items()
    }


def _stops(view: View) -> _Rows:
    """Return a lookup of the least place that is one with each place."""
    pairs: list[tuple[Numbers, Numbers]] = []
    for laid, those in zip(view.nodes.laid, view.seen, strict=True):
        ok = those.same(laid.layer, slice(None))
        pairs.append(
            (
                _placed(view.nodes, laid.layer.same["one"][ok]),
                _placed(view.nodes, laid.layer.same["other"][ok]),
            )
        )
    one, other = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    stop = np.arange(len(view.nodes.nodes), dtype=np.int32)
    while len(one):
        least = np.minimum(stop[one], stop[other])
        if np.array_equal(least, stop[one]) and np.array_equal(least, stop[other]):
            break
        np.minimum.at(stop, one, least)
        np.minimum.at(stop, other, least)
    return stop.__getitem__


def _placed(whole: LinkedNodes, nodes: Column) -> Numbers:
    return places(whole.nodes, nodes, sorted_part=whole.sorted_part)


def _coded_types(nodes: Numbers) -> CodedColumn:
    sorts = sorted(record_kinds().nodes, key=lambda sort: sort.number)
    code = np.zeros(KINDS_OF_NODES, dtype=np.int32)
    for place, sort in enumerate(sorts, start=1):
        code[sort.number] = place
    return CodedColumn(tuple(sort.kind for sort in sorts), code[nodes % KINDS_OF_NODES])


def _coded_kinds(kinds: Column) -> CodedColumn:
    return _coded(kinds, {sort.number: sort.kind for sort in record_kinds().links})


def _coded(numbers: Column, words: dict[int, str]) -> CodedColumn:
    """Return a column of numbers with their terms; a number without one is not recorded."""
    known = sorted(words)
    code = np.zeros(max([0, *known, int(numbers.max(initial=0))]) + 1, dtype=np.int32)
    for place, number in enumerate(known, start=1):
        code[number] = place
    return CodedColumn(tuple(words[number] for number in known), narrowed(code)[numbers])


def _alike(number: int, size: int) -> NDArray[np.int32]:
    """Return one number so many times, stored once."""
    return np.broadcast_to(np.int32(number), (size,))
