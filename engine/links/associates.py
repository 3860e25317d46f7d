"""Direct associates among the people of a register: who shares a referral, an incident, a thing or a place.

Opens no record. What more users share than are followed joins none of them. A link graded E, suspected to be
false, is evidence of none of it, and still leaves out a person whom it names as victim.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.hubs import HUB_CAP
from engine.links.kinds import SHAPES, Role, Shape
from engine.links.network import Numbers
from engine.links.record_kinds import first_days
from engine.links.register import Register

Chosen = NDArray[np.bool_]


class AssociatePairs(NamedTuple):
    """Every two associates, both ways round, each once."""

    one: Numbers
    other: Numbers

    def where(self, chosen: Chosen) -> AssociatePairs:
        """Return some of the pairs."""
        return AssociatePairs(self.one[chosen], self.other[chosen])


def perpetrators_only(register: Register) -> Chosen:
    """Return which people are named as perpetrator, and nowhere as victim."""
    links = register.links
    victims = (links.roles & int(Role.VICTIM)) != 0
    named = register.counted & ((links.roles & int(Role.PERPETRATOR)) != 0)
    people = _of_shape(register, Shape.PERSON)
    return people & _at_ends(register, named) & ~_at_ends(register, victims)


def in_incident(register: Register, *, since: date | None = None, until: date | None = None) -> Chosen:
    """Return which people are linked to an incident that is certainly in no other period."""
    links, followed = register.links, register.counted.copy()
    if until is not None:
        followed &= links.days <= until.toordinal()
    if since is not None:
        followed &= links.days >= np.array(first_days(since))[links.precisions]
    incidents, there = _of_shape(register, Shape.INCIDENT), np.zeros(len(register), dtype=bool)
    for one, other in ((links.start, links.end), (links.end, links.start)):
        there[one[followed & incidents[other]]] = True
    return there & _of_shape(register, Shape.PERSON)


def associates(register: Register, people: Chosen, *, hub_cap: int = HUB_CAP) -> AssociatePairs:
    """Return every two of these people who are linked to each other, or to the same item of another kind.

    An item with more users than the cap is not followed. All users count that are in the register, except by
    links that are graded E.

    Examples
    --------
    >>> from engine.links.building import RegisterBuilder
    >>> building = RegisterBuilder()
    >>> for entity_id, kind in (("P1", "person"), ("P2", "person"), ("T1", "phone")):
    ...     building.add_entity(entity_id, kind)
    >>> _ = building.add_link("P1", "T1", "uses"), building.add_link("P2", "T1", "uses")
    >>> register = building.register()
    >>> found = associates(register, np.ones(3, dtype=bool))
    >>> [(register.id_of(int(one)), register.id_of(int(other))) for one, other in zip(*found)]
    [('P1', 'P2'), ('P2', 'P1')]

    Notes
    -----
    Linear in the links, for a given cap.
    """
    size = max(1, len(register))
    is_person = _of_shape(register, Shape.PERSON)
    counted = register.counted
    start, end = (ends[counted].astype(np.int64) for ends in (register.links.start, register.links.end))
    direct = is_person[start] & is_person[end] & (start != end)
    first, last = np.where(is_person[start], start, end), np.where(is_person[start], end, start)
    through = is_person[first] & ~is_person[last]
    uses = np.unique(last[through] * size + first[through])
    item, person = uses // size, uses % size
    users = np.bincount(item, minlength=size)
    followed = people[person] & (users[item] <= hub_cap)
    item, person = item[followed], person[followed]
    pairs = [start[direct] * size + end[direct]]
    for apart in range(1, hub_cap):
        together = item[apart:] == item[:-apart]
        if not together.any():
            break
        pairs.append(person[:-apart][together] * size + person[apart:][together])
    one, other = divmod(np.unique(np.concatenate(pairs)), size)
    both = np.unique(np.concatenate([one * size + other, other * size + one]))
    found = AssociatePairs(both // size, both % size)
    return found.where(people[found.one] & people[found.other])


def _at_ends(register: Register, links: Chosen) -> Chosen:
    """Return which entities these links have at either end."""
    there = np.zeros(len(register), dtype=bool)
    for ends in (register.links.start, register.links.end):
        there[ends[links]] = True
    return there


def _of_shape(register: Register, shape: Shape) -> Chosen:
    chosen: Chosen = register.entities.shapes == SHAPES.index(shape)
    return chosen
