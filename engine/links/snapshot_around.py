"""Surroundings of a node in the record's snapshot, for one viewer. What they may not see is never followed.

It finds what reading the record step by step finds (``engine.links.neighbourhood``), a hop at a time over
arrays: the larger a neighbourhood, the more of the time would go into asking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.kinds import Shape
from engine.links.neighbourhood import EXPANDED_ALWAYS, MOST_USERS_READ, SHARED
from engine.links.record_kinds import shape_of_node
from engine.links.snapshot import EVERYTHING, Numbers, Only, Seen, Small, Snapshot, steps

_MADE_ONE = frozenset({Shape.PERSON, Shape.INCIDENT})


class HubSeen(NamedTuple):
    """Something with so many users that it was drawn and not expanded."""

    stop: int
    users: int
    at_least: bool
    """True if counting stopped there."""


class LinkRows(NamedTuple):
    """Some rows of the layers, column by column; each row is one link."""

    link: list[int]
    start: list[int]
    end: list[int]
    kind: list[int]
    role: list[int]
    day: list[int]
    precision: list[int]
    grade: list[int]
    source: list[int]
    case: list[int]


class Surroundings(NamedTuple):
    """Stops in the order in which they were reached, the nodes that are one in each, the links between."""

    members: dict[int, tuple[int, ...]]
    """Each stop, by the least of its nodes, with all of them."""
    links: LinkRows
    hubs: tuple[HubSeen, ...]
    left_out: int


def surroundings(
    snapshot: Snapshot,
    seen: Sequence[Seen],
    start: int,
    *,
    hops: int,
    hub_cap: int,
    most: int,
    only: Only = EVERYTHING,
) -> Surroundings | None:
    """Return the surroundings of a node within so many links; None if the node is not in the snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        The arrays, with what changed since.
    seen : sequence of Seen
        The viewer's permission for each layer.
    start : int
        A node.
    hops : int
        How many links away.
    hub_cap : int
        The most users of a thing that is still expanded, as this viewer sees them.
    most : int
        The most stops drawn; those nearest come first.
    only : Only
        Which links count at all.

    Notes
    -----
    The cost grows with what is reached.
    """
    place = snapshot.place(start)
    if place is None:
        return None
    return _Reach(snapshot, seen, only).around(place, hops, hub_cap, most)


class _Reach:
    def __init__(self, snapshot: Snapshot, seen: Sequence[Seen], only: Only) -> None:
        self._snapshot, self._seen, self._only = snapshot, seen, only
        self._stop: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._hubs: dict[int, HubSeen] = {}
        self._nodes: dict[int, int] = {}
        self._shapes: dict[int, Shape] = {}

    def around(self, place: int, hops: int, hub_cap: int, most: int) -> Surroundings:
        self._gather([place])
        middle = self._stop[place]
        drawn: dict[int, None] = {middle: None}
        frontier, left_out = [middle], 0
        for _ in range(hops):
            reached: dict[int, None] = {}
            for stop, onward in self._onward(frontier):
                if stop == middle or not self._is_hub(stop, onward, hub_cap):
                    reached.update(dict.fromkeys(to for to in onward if to not in drawn))
            frontier = list(reached)[: max(0, most - len(drawn))]
            left_out += len(reached) - len(frontier)
            drawn.update(dict.fromkeys(frontier))
        for stop, onward in self._onward([each for each in frontier if self._may_be_hub(each)]):
            if stop != middle:
                self._is_hub(stop, onward, hub_cap)
        return Surroundings(
            {self._nodes[stop]: self._nodes_of(stop) for stop in drawn},
            self._between(drawn),
            tuple(self._hubs.values()),
            left_out,
        )

    def _onward(self, stops: Iterable[int]) -> Iterable[tuple[int, list[int]]]:
        """Yield where the links of each of these lead, oldest first;
        of many users of a thing only so many.
        """
        onward: dict[int, list[int]] = {stop: [] for stop in stops}
        at, to = self._links([place for stop in onward for place in self._members[stop]])
        self._gather(to)
        for here, there in zip(at, to, strict=True):
            onward[self._stop[here]].append(self._stop[there])
        for stop, those in onward.items():
            yield stop, those if self._shapes[stop] is Shape.PERSON else those[: MOST_USERS_READ + 1]

    def _is_hub(self, stop: int, onward: list[int], hub_cap: int) -> bool:
        if not self._may_be_hub(stop):
            return False
        more = len(onward) > MOST_USERS_READ
        users = len(set(onward)) if self._shapes[stop] in SHARED and not more else len(onward)
        if users > hub_cap:
            self._hubs[stop] = HubSeen(self._nodes[stop], users, more)
        return users > hub_cap

    def _may_be_hub(self, stop: int) -> bool:
        return self._shapes[stop] not in EXPANDED_ALWAYS

    def _links(self, places: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return every half-edge out of these places that counts, by the number of its link."""
        parts = []
        for number in range(len(self._snapshot.laid)):
            at, to, rows = self._half_edges(number, np.array(places, dtype=np.int64))
            parts.append((at, to, self._snapshot.laid[number].layer.links["link"][rows]))
        at, to, links = (np.concatenate([part[side] for part in parts]) for side in range(3))
        order = np.argsort(links, kind="stable")
        return at[order].tolist(), to[order].tolist()

    def _half_edges(self, number: int, places: Numbers) -> tuple[Numbers, Small, Small]:
        """Return those of one layer that this viewer may see and that were asked for."""
        laid = self._snapshot.laid[number]
        at, to, rows = steps(laid.links, places)
        counts = self._seen[number].links(laid.layer, rows)
        if self._only is not EVERYTHING:
            counts &= self._only.links(laid.layer, rows)
        return at[counts], to[counts], rows[counts]

    def _between(self, drawn: Iterable[int]) -> LinkRows:
        """Return every link between two of these; each begins at a person."""
        places = [place for stop in drawn for place in self._members[stop]]
        those = np.array(sorted(places), dtype=np.int64)
        persons = np.array([place for place in places if self._shapes[place] is Shape.PERSON], dtype=np.int64)
        columns: list[list[NDArray[np.int32]]] = []
        for number, laid in enumerate(self._snapshot.laid):
            _, to, rows = self._half_edges(number, persons)
            at = np.minimum(np.searchsorted(those, to), len(those) - 1)
            rows = rows[those[at] == to]
            columns.append([laid.layer.links[name][rows] for name in LinkRows._fields])
        whole = [np.concatenate([part[place] for part in columns]) for place in range(len(LinkRows._fields))]
        order = np.argsort(whole[0], kind="stable")
        return LinkRows(*(column[order].tolist() for column in whole))

    def _gather(self, places: Iterable[int]) -> None:
        """Gather the nodes that are one with these, among those that this viewer may see."""
        fresh = set(places) - self._stop.keys()
        if not fresh:
            return
        self._know(fresh)
        joined: dict[int, list[int]] = {}
        known, asked = set(fresh), [place for place in fresh if self._shapes[place] in _MADE_ONE]
        while asked:
            ones, others = self._same(asked)
            for one, other in zip(ones, others, strict=True):
                joined.setdefault(one, []).append(other)
            asked = list(set(others) - known)
            known.update(asked)
            self._know(asked)
        alone = known - joined.keys()
        self._stop.update(zip(alone, alone, strict=True))
        self._members.update((place, [place]) for place in alone)
        for place in joined:
            if place not in self._stop:
                self._make_one(place, joined)

    def _make_one(self, place: int, joined: dict[int, list[int]]) -> None:
        group, waiting = {place}, list(joined[place])
        while waiting:
            each = waiting.pop()
            if each not in group:
                group.add(each)
                waiting += joined.get(each, ())
        least = min(group, key=self._nodes.__getitem__)
        self._members[least] = list(group)
        self._stop.update(dict.fromkeys(group, least))

    def _same(self, asked: Sequence[int]) -> tuple[list[int], list[int]]:
        ones: list[int] = []
        others: list[int] = []
        for laid, seen in zip(self._snapshot.laid, self._seen, strict=True):
            at, to, rows = steps(laid.same, np.array(asked, dtype=np.int64))
            open_ones = seen.same(laid.layer, rows)
            ones += at[open_ones].tolist()
            others += to[open_ones].tolist()
        return ones, others

    def _know(self, places: Collection[int]) -> None:
        """Note which nodes these are, and their kinds."""
        those = list(places)
        nodes = self._snapshot.nodes[np.array(those, dtype=np.int64)].tolist()
        self._nodes.update(zip(those, nodes, strict=True))
        self._shapes.update(zip(those, map(shape_of_node, nodes), strict=True))

    def _nodes_of(self, stop: int) -> tuple[int, ...]:
        members = self._members[stop]
        return (
            (self._nodes[stop],)
            if len(members) == 1
            else tuple(sorted(map(self._nodes.__getitem__, members)))
        )
