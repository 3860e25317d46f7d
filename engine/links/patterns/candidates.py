"""Whom to look at in a whole register: a superset for each pattern, by array work alone. Decides nothing.

Every step is a sort or a count over the links, so that the cost grows with the register and no faster.
Whether a candidate shows the pattern is for the detector to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.happenings import CLAIMS, THINGS
from engine.links.kinds import SHAPES, Role, Shape, folded, is_professional_type, words
from engine.links.patterns.thresholds import Thresholds
from engine.links.register import Register

Numbers = NDArray[np.int64]
Small = NDArray[np.int32]
MOST_PAIRS_OF_INCIDENT = 10_000
"""An incident whose perpetrators and victims make more pairs is a riot or a mistake, and makes none."""
_AT_ONCE = 50_000
_NOTHING = len(SHAPES)


class Joined(NamedTuple):
    """Two columns side by side, a row for each meeting."""

    one: Small
    other: Small


class Candidates:
    """The subjects that each detector is asked about."""

    def __init__(self, register: Register, limits: Thresholds) -> None:
        self._register, self._limits = register, limits
        self._size = len(register)

    @cached_property
    def _ends(self) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """What each link begins and ends at; of one that is no evidence, nothing."""
        shapes, links = self._register.entities.shapes, self._register.links
        first, last = shapes[links.start], shapes[links.end]
        first[~self._register.counted] = _NOTHING
        return first, last

    def _links_between(self, ones: Sequence[Shape], others: Sequence[Shape]) -> tuple[Joined, Numbers]:
        """Links that are evidence, from one to the other whichever way they were drawn, and their numbers."""
        start, end = self._register.links.start, self._register.links.end
        first, last = self._ends
        of_ones, of_others = _flags(ones), _flags(others)
        onward = np.flatnonzero(of_ones[first] & of_others[last])
        back = np.flatnonzero(of_ones[last] & of_others[first])
        if not len(back):
            return Joined(start[onward], end[onward]), onward
        return (
            Joined(np.concatenate([start[onward], end[back]]), np.concatenate([end[onward], start[back]])),
            np.concatenate([onward, back]),
        )

    @cached_property
    def _parts(self) -> tuple[Joined, Joined]:
        """Perpetrators with their incidents, and victims with theirs, each once."""
        joined, numbers = self._links_between([Shape.PERSON], [Shape.INCIDENT])
        roles = self._register.links.roles
        people, incidents, claimed = [joined.one], [joined.other], [roles[numbers]]
        start, end = self._register.links.start, self._register.links.end
        first, last = self._ends
        person_code = SHAPES.index(Shape.PERSON)
        direct = np.flatnonzero((first == person_code) & (last == person_code) & ((roles & int(CLAIMS)) > 0))
        told = roles[direct]
        turned = np.where(told & Role.PERPETRATOR, np.int8(Role.VICTIM), np.int8(0))
        turned |= np.where(told & Role.VICTIM, np.int8(Role.PERPETRATOR), np.int8(0))
        if len(direct):
            people += [start[direct], end[direct]]
            incidents += [(direct + self._size).astype(np.int32)] * 2
            claimed += [told, turned]
        person, incident, role = (_together(each) for each in (people, incidents, claimed))
        parts = []
        for wanted in (Role.PERPETRATOR, Role.VICTIM):
            those = (role & int(wanted)) > 0
            parts.append(_each_once(Joined(person[those], incident[those])))
        return parts[0], parts[1]

    @property
    def perpetrators(self) -> Joined:
        """Perpetrators with their incidents."""
        return self._parts[0]

    @property
    def victims(self) -> Joined:
        """Victims with their incidents."""
        return self._parts[1]

    @cached_property
    def _pairs(self) -> tuple[Joined, Numbers, int]:
        """Each perpetrator with each victim, in how many incidents; and how many incidents made no pair."""
        crowd, did = self._crowd, self.perpetrators
        if crowd.any():
            did = Joined(did.one[~crowd[did.other]], did.other[~crowd[did.other]])
        met = _joined(did, self.victims)
        met = Joined(met.one[met.one != met.other], met.other[met.one != met.other])
        keys, counts = _counted(_keys(met.one, met.other, self._size))
        return _split(keys, self._size), counts, int(crowd.sum())

    @cached_property
    def _crowd(self) -> NDArray[np.bool_]:
        """The incidents that make too many pairs."""
        return _meetings_of(self.perpetrators, self.victims) > MOST_PAIRS_OF_INCIDENT

    @property
    def crowded(self) -> int:
        """How many incidents have more people in them than pairs are made of."""
        return self._pairs[2]

    @property
    def pairs(self) -> Joined:
        """Each perpetrator with each victim."""
        return self._pairs[0]

    def pairs_with(self, incidents: int) -> list[tuple[int, int]]:
        """Perpetrators and victims who stand against one another in so many incidents."""
        return _as_pairs(self.pairs, self._pairs[1] >= incidents)

    def mutual_pairs(self) -> list[tuple[int, int]]:
        """Two who stand against one another both ways; each pair once."""
        pairs = self.pairs
        there = _keys(pairs.one, pairs.other, self._size)
        back = _keys(pairs.other, pairs.one, self._size)
        return _as_pairs(pairs, np.isin(there, back) & (pairs.one < pairs.other))

    def pairs_with_referral(self) -> list[tuple[int, int]]:
        """Perpetrators and victims with two incidents, or each with a referral: a repeat may have come."""
        referred = np.zeros(self._size, dtype=bool)
        joined, _ = self._links_between([Shape.PERSON], [Shape.REFERRAL])
        referred[joined.one] = True
        pairs = self.pairs
        return _as_pairs(pairs, (self._pairs[1] >= 2) | (referred[pairs.one] & referred[pairs.other]))

    def perpetrators_of(self, victims: int) -> list[int]:
        """Those with so many different victims, or in a crowded incident."""
        return self._with_crowd(_at_least(self.pairs.one, victims, self._size), self.perpetrators)

    def victims_of(self, perpetrators: int) -> list[int]:
        """Those with so many different perpetrators, or in a crowded incident."""
        return self._with_crowd(_at_least(self.pairs.other, perpetrators, self._size), self.victims)

    def _with_crowd(self, found: list[int], parts: Joined) -> list[int]:
        if not self._crowd.any():
            return found
        there = parts.one[self._crowd[parts.other]]
        together: list[int] = np.union1d(np.array(found, dtype=np.int64), there).tolist()
        return together

    def victims_in(self, incidents: int) -> list[int]:
        """Those named as victim in so many incidents."""
        return _at_least(self.victims.one, incidents, self._size)

    def both_roles(self) -> list[int]:
        """Those named as perpetrator and as victim."""
        return np.flatnonzero(self._among(self.perpetrators) & self._among(self.victims)).tolist()

    def _among(self, joined: Joined) -> NDArray[np.bool_]:
        """Who stands in a first column."""
        those = np.zeros(self._size, dtype=bool)
        those[joined.one] = True
        return those

    def professionals(self) -> list[int]:
        """Victims with a type, a mark or a link of a professional."""
        marked = np.zeros(self._size, dtype=bool)
        for name, column in self._register.entities.attributes.items():
            if folded(name) in words()["professional"]["attributes"]:
                marked |= np.diff(column.begins) > 0
        types = self._register.entities.types
        of_type = [code for code, word in enumerate(types.words, start=1) if is_professional_type(word)]
        marked |= np.isin(types.codes, of_type)
        kinds = self._register.links.kinds
        serving = [
            code
            for code, word in enumerate(kinds.words, start=1)
            if folded(word) in words()["professional"]["kinds"]
        ]
        marked[self._register.links.start[np.isin(kinds.codes, serving)]] = True
        return np.flatnonzero(marked & self._among(self.victims)).tolist()

    def users_of_many(self, handles: int) -> list[int]:
        """Those with so many means of contact."""
        joined, _ = self._links_between([Shape.PERSON], [Shape.CONTACT])
        return _at_least(_each_once(joined).one, handles, self._size)

    @cached_property
    def _uses(self) -> Joined:
        joined, _ = self._links_between([Shape.PERSON], tuple(THINGS))
        return _each_once(joined)

    def shared_things(self, users: int) -> list[int]:
        """Things with so many users."""
        return _at_least(self._uses.other, users, self._size)

    def pairs_by_thing(self, most_users: int) -> Iterator[tuple[int, int]]:
        """A perpetrator and another user of one thing that has not too many; each pair once."""
        users = np.bincount(self._uses.other, minlength=self._size)
        few = (users[self._uses.other] >= 2) & (users[self._uses.other] <= most_users)
        uses = Joined(self._uses.one[few], self._uses.other[few])
        does = self._among(self.perpetrators)[uses.one]
        met = _joined(Joined(uses.one[does], uses.other[does]), uses)
        low, high = np.minimum(met.one, met.other), np.maximum(met.one, met.other)
        keys, _ = _counted(_keys(low, high, self._size)[low != high])
        for begin in range(0, len(keys), _AT_ONCE):  # there may be millions, and few of them are kept
            part = keys[begin : begin + _AT_ONCE]
            yield from _as_pairs(_split(part, self._size))

    def at_places(self, incidents: int) -> list[tuple[int, int]]:
        """A place and somebody who stands in so many incidents there."""
        where, _ = self._links_between([Shape.PLACE], [Shape.INCIDENT])
        found: list[Numbers] = []
        for parts in (self.perpetrators, self.victims):
            met = _joined(_each_once(where), parts)
            keys, counts = _counted(_keys(met.one, met.other, self._size))
            found.append(keys[counts >= incidents])
        keys, _ = _counted(np.concatenate(found))
        return _as_pairs(_split(keys, self._size))

    def under_orders(self) -> list[int]:
        """Perpetrators who are linked to an order."""
        joined, _ = self._links_between([Shape.PERSON], [Shape.ORDER])
        return np.flatnonzero(self._among(joined) & self._among(self.perpetrators)).tolist()


def _each_once(joined: Joined) -> Joined:
    if not len(joined.one):
        return joined
    wide = int(joined.other.max()) + 1
    keys, _ = _counted(_keys(joined.one, joined.other, wide))
    return _split(keys, wide)


def _keys(one: Small, other: Small, wide: int) -> Numbers:
    """One number for each row, in the order of the first column and then of the second."""
    return one.astype(np.int64) * wide + other


def _split(keys: Numbers, wide: int) -> Joined:
    return Joined((keys // max(1, wide)).astype(np.int32), (keys % max(1, wide)).astype(np.int32))


def _together(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _counted(keys: Numbers) -> tuple[Numbers, Numbers]:
    """Each of these once, in order, and how often it came. Sorted: a table of hashes misses every cache."""
    ordered = np.sort(keys)
    begins = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return ordered[begins], np.diff(begins, append=len(ordered))


def _by_other(joined: Joined) -> Joined:
    """The same rows in the order of the second column."""
    wide = int(joined.one.max(initial=0)) + 1
    found = _split(np.sort(_keys(joined.other, joined.one, wide)), wide)
    return Joined(found.other, found.one)


def _flags(shapes: Sequence[Shape]) -> NDArray[np.bool_]:
    """Which codes of shapes are among these; that of no shape, the last, is not."""
    return np.array([shape in shapes for shape in SHAPES] + [False])


def _meetings_of(ones: Joined, others: Joined) -> Numbers:
    """For each value of the second column, how many pairs it joins."""
    size = int(max(ones.other.max(initial=-1), others.other.max(initial=-1))) + 1
    counted: Numbers = np.bincount(ones.other, minlength=size) * np.bincount(others.other, minlength=size)
    return counted


def _joined(ones: Joined, others: Joined) -> Joined:
    """The first columns of every two rows that have the second in common."""
    ones, (there, values) = _by_other(ones), _by_other(others)
    first = np.searchsorted(values, ones.other, side="left")
    counts = np.searchsorted(values, ones.other, side="right") - first
    begins = np.cumsum(counts) - counts
    at = np.repeat(first - begins, counts) + np.arange(int(counts.sum()))
    return Joined(np.repeat(ones.one, counts), there[at])


def _at_least(values: Small, number: int, size: int) -> list[int]:
    found: list[int] = np.flatnonzero(np.bincount(values, minlength=size) >= number).tolist()
    return found


def _as_pairs(joined: Joined, those: NDArray[np.bool_] | None = None) -> list[tuple[int, int]]:
    one, other = (joined.one, joined.other) if those is None else (joined.one[those], joined.other[those])
    return list(zip(one.tolist(), other.tolist(), strict=True))
