"""Surroundings of a node in arrays, for one viewer. Links that they may not see are not followed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.arrays import LinkRow, View
from engine.links.hubs import EXPANDED_ALWAYS
from engine.links.kinds import Shape

_MADE_ONE = frozenset({Shape.PERSON, Shape.INCIDENT})


class HubSeen(NamedTuple):
    """Something with so many users that it was drawn and not expanded."""

    stop: int
    users: int
    at_least: bool
    """True if counting stopped there."""


class Surroundings(NamedTuple):
    """Stops in the order in which they were reached, the nodes that are one in each, the links between."""

    members: dict[int, tuple[int, ...]]
    """Each stop, by the least of its nodes, with all of them."""
    links: tuple[LinkRow, ...]
    """In the order of their numbers."""
    hubs: tuple[HubSeen, ...]
    left_out: int


def surroundings(view: View, start: int, *, hops: int, hub_cap: int, most: int) -> Surroundings:
    """Return the surroundings of a node within so many links.

    Parameters
    ----------
    view : View
        The arrays, the viewer's permission, and which links count at all.
    start : int
        A node. One that is in no link has only itself round it.
    hops : int
        How many links away.
    hub_cap : int
        The most users of a thing that is still expanded, as this viewer sees them.
    most : int
        The most stops drawn; those nearest come first.

    Notes
    -----
    The cost grows with what is drawn and with the links of the hubs in it, not with the whole.
    """
    place = view.nodes.place(start)
    if place is None:
        return Surroundings({start: (start,)}, (), (), 0)
    return _Reach(view).around(place, hops, hub_cap, most)


class _Reach:
    def __init__(self, view: View) -> None:
        self._view = view
        self._most_read = view.nodes.most_read
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
            tuple(self._view.between(self._places_of(drawn))),
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
            yield stop, those[: self._most_of(stop)]

    def _most_of(self, stop: int) -> int | None:
        """Return how many links of a stop are read; None is all. One more shows that there are more."""
        if self._most_read is None or self._shapes[stop] is Shape.PERSON:
            return None
        return self._most_read + 1

    def _is_hub(self, stop: int, onward: list[int], hub_cap: int) -> bool:
        if not self._may_be_hub(stop):
            return False
        more = self._most_read is not None and len(onward) > self._most_read
        users = len(set(onward)) if self._view.nodes.counts_users and not more else len(onward)
        if users > hub_cap:
            self._hubs[stop] = HubSeen(self._nodes[stop], users, more)
        return users > hub_cap

    def _may_be_hub(self, stop: int) -> bool:
        return self._shapes[stop] not in EXPANDED_ALWAYS

    def _links(self, places: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return every half-edge out of these places that counts, by the number of its link."""
        parts = []
        for number, laid in enumerate(self._view.nodes.laid):
            at, to, rows = self._view.half_edges(number, np.array(places, dtype=np.int64))
            parts.append((at, to, laid.layer.links["link"][rows]))
        at, to, links = (np.concatenate([part[side] for part in parts]) for side in range(3))
        order = np.argsort(links, kind="stable")
        return at[order].tolist(), to[order].tolist()

    def _gather(self, places: Iterable[int]) -> None:
        """Gather the nodes that are one with these, among those that this viewer may see."""
        fresh = set(places) - self._stop.keys()
        if not fresh:
            return
        self._know(fresh)
        if not self._view.joins:
            self._stop.update(zip(fresh, fresh, strict=True))
            self._members.update((place, [place]) for place in fresh)
            return
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
        ones, others = self._view.same(np.array(asked, dtype=np.int64))
        return ones.tolist(), others.tolist()

    def _know(self, places: Collection[int]) -> None:
        """Note which nodes these are, and their shapes."""
        those = list(places)
        nodes = self._view.nodes.nodes[np.array(those, dtype=np.int64)].tolist()
        self._nodes.update(zip(those, nodes, strict=True))
        self._shapes.update(zip(those, self._view.shapes(those), strict=True))

    def _places_of(self, stops: Iterable[int]) -> NDArray[np.int64]:
        return np.array([place for stop in stops for place in self._members[stop]], dtype=np.int64)

    def _nodes_of(self, stop: int) -> tuple[int, ...]:
        members = self._members[stop]
        return (
            (self._nodes[stop],)
            if len(members) == 1
            else tuple(sorted(map(self._nodes.__getitem__, members)))
        )
