"""Candidates in a whole register: a superset for each pattern, by array work only. Decides nothing.

Every step is a sort or a count over the links, so that the cost grows with the register and no faster.
Whether a candidate shows the pattern is for the detector to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.links.incident_roles import CLAIMS, THINGS
from engine.links.kinds import SHAPES, Role, Shape, folded, is_professional_type, words
from engine.links.patterns.joining import (
    Joined,
    Numbers,
    as_pairs,
    at_least,
    counted,
    each_once,
    joined_by,
    keys_of,
    meetings_of,
    split,
    together,
)
from engine.links.patterns.thresholds import Thresholds
from engine.links.register import Register

MOST_PAIRS_OF_INCIDENT = 10_000
"""An incident whose perpetrators and victims make more pairs is a riot or a mistake, and makes none."""
_AT_ONCE = 50_000
_NOTHING = len(SHAPES)


class Candidates:
    """The subjects that each detector is asked about."""

    def __init__(self, register: Register, limits: Thresholds) -> None:
        self._register, self._limits = register, limits
        self._size = len(register)

    @cached_property
    def _ends(self) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """Start and end of each link; of one that is not evidence, nothing."""
        shapes, links = self._register.entities.shapes, self._register.links
        first, last = shapes[links.start], shapes[links.end]
        first[~self._register.counted] = _NOTHING
        return first, last

    def _links_between(self, ones: Sequence[Shape], others: Sequence[Shape]) -> tuple[Joined, Numbers]:
        """Return links that are evidence, from one to the other whichever way they were drawn,
        and their numbers.
        """
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
        values = roles[direct]
        turned = np.where(values & Role.PERPETRATOR, np.int8(Role.VICTIM), np.int8(0))
        turned |= np.where(values & Role.VICTIM, np.int8(Role.PERPETRATOR), np.int8(0))
        if len(direct):
            people += [start[direct], end[direct]]
            incidents += [(direct + self._size).astype(np.int32)] * 2
            claimed += [values, turned]
        person, incident, role = (together(each) for each in (people, incidents, claimed))
        parts = []
        for wanted in (Role.PERPETRATOR, Role.VICTIM):
            those = (role & int(wanted)) > 0
            parts.append(each_once(Joined(person[those], incident[those])))
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
        met = joined_by(did, self.victims)
        met = Joined(met.one[met.one != met.other], met.other[met.one != met.other])
        keys, counts = counted(keys_of(met.one, met.other, self._size))
        return split(keys, self._size), counts, int(crowd.sum())

    @cached_property
    def _crowd(self) -> NDArray[np.bool_]:
        """The incidents that make too many pairs."""
        return meetings_of(self.perpetrators, self.victims) > MOST_PAIRS_OF_INCIDENT

    @property
    def crowded(self) -> int:
        """Incidents with more people in them than pairs are made of."""
        return self._pairs[2]

    @property
    def pairs(self) -> Joined:
        """Each perpetrator with each victim."""
        return self._pairs[0]

    def pairs_with(self, incidents: int) -> list[tuple[int, int]]:
        """Return perpetrators and victims who are opposed in so many incidents."""
        return as_pairs(self.pairs, self._pairs[1] >= incidents)

    def mutual_pairs(self) -> list[tuple[int, int]]:
        """Return two who are opposed both ways; each pair once."""
        pairs = self.pairs
        there = keys_of(pairs.one, pairs.other, self._size)
        back = keys_of(pairs.other, pairs.one, self._size)
        return as_pairs(pairs, np.isin(there, back) & (pairs.one < pairs.other))

    def pairs_with_referral(self) -> list[tuple[int, int]]:
        """Return perpetrators and victims with two incidents, or each with a referral:
        a repeat may have come.
        """
        referred = np.zeros(self._size, dtype=bool)
        joined, _ = self._links_between([Shape.PERSON], [Shape.REFERRAL])
        referred[joined.one] = True
        pairs = self.pairs
        return as_pairs(pairs, (self._pairs[1] >= 2) | (referred[pairs.one] & referred[pairs.other]))

    def perpetrators_of(self, victims: int) -> list[int]:
        """Return those with so many different victims, or in a crowded incident."""
        return self._with_crowd(at_least(self.pairs.one, victims, self._size), self.perpetrators)

    def victims_of(self, perpetrators: int) -> list[int]:
        """Return those with so many different perpetrators, or in a crowded incident."""
        return self._with_crowd(at_least(self.pairs.other, perpetrators, self._size), self.victims)

    def _with_crowd(self, found: list[int], parts: Joined) -> list[int]:
        if not self._crowd.any():
            return found
        there = parts.one[self._crowd[parts.other]]
        together: list[int] = np.union1d(np.array(found, dtype=np.int64), there).tolist()
        return together

    def victims_in(self, incidents: int) -> list[int]:
        """Return those named as victim in so many incidents."""
        return at_least(self.victims.one, incidents, self._size)

    def both_roles(self) -> list[int]:
        """Return those named as perpetrator and as victim."""
        return np.flatnonzero(self._among(self.perpetrators) & self._among(self.victims)).tolist()

    def _among(self, joined: Joined) -> NDArray[np.bool_]:
        """Return which people are in a first column."""
        those = np.zeros(self._size, dtype=bool)
        those[joined.one] = True
        return those

    def professionals(self) -> list[int]:
        """Return victims with a type, a mark or a link of a professional."""
        marked = np.zeros(self._size, dtype=bool)
        for name, column in self._register.entities.attributes.items():
            if folded(name) in words().professional["attributes"]:
                marked |= np.diff(column.begins) > 0
        types = self._register.entities.types
        of_type = [code for code, term in enumerate(types.words, start=1) if is_professional_type(term)]
        marked |= np.isin(types.codes, of_type)
        kinds = self._register.links.kinds
        serving = [
            code
            for code, term in enumerate(kinds.words, start=1)
            if folded(term) in words().professional["kinds"]
        ]
        marked[self._register.links.start[np.isin(kinds.codes, serving)]] = True
        return np.flatnonzero(marked & self._among(self.victims)).tolist()

    def users_of_many(self, handles: int) -> list[int]:
        """Return those with so many means of contact."""
        joined, _ = self._links_between([Shape.PERSON], [Shape.CONTACT])
        return at_least(each_once(joined).one, handles, self._size)

    @cached_property
    def _uses(self) -> Joined:
        joined, _ = self._links_between([Shape.PERSON], tuple(THINGS))
        return each_once(joined)

    def shared_things(self, users: int) -> list[int]:
        """Return things with so many users."""
        return at_least(self._uses.other, users, self._size)

    def pairs_by_thing(self, most_users: int) -> Iterator[tuple[int, int]]:
        """Yield a perpetrator and another user of one thing that has not too many; each pair once."""
        users = np.bincount(self._uses.other, minlength=self._size)
        few = (users[self._uses.other] >= 2) & (users[self._uses.other] <= most_users)
        uses = Joined(self._uses.one[few], self._uses.other[few])
        does = self._among(self.perpetrators)[uses.one]
        met = joined_by(Joined(uses.one[does], uses.other[does]), uses)
        low, high = np.minimum(met.one, met.other), np.maximum(met.one, met.other)
        keys, _ = counted(keys_of(low, high, self._size)[low != high])
        for begin in range(0, len(keys), _AT_ONCE):  # there may be millions, and few of them stay
            part = keys[begin : begin + _AT_ONCE]
            yield from as_pairs(split(part, self._size))

    def at_places(self, incidents: int) -> list[tuple[int, int]]:
        """Return a place and a person who is in so many incidents there."""
        where, _ = self._links_between([Shape.PLACE], [Shape.INCIDENT])
        if not len(where.one):
            return []
        found: list[Numbers] = []
        for parts in (self.perpetrators, self.victims):
            met = joined_by(each_once(where), parts)
            keys, counts = counted(keys_of(met.one, met.other, self._size))
            found.append(keys[counts >= incidents])
        keys, _ = counted(np.concatenate(found))
        return as_pairs(split(keys, self._size))

    def under_orders(self) -> list[int]:
        """Return perpetrators who are linked to an order."""
        joined, _ = self._links_between([Shape.PERSON], [Shape.ORDER])
        return np.flatnonzero(self._among(joined) & self._among(self.perpetrators)).tolist()


def _flags(shapes: Sequence[Shape]) -> NDArray[np.bool_]:
    """Return which codes of shapes are among these; that of no shape, the last, is not."""
    return np.array([shape in shapes for shape in SHAPES] + [False])
