"""The items of a map that may have a measure. A part of use cases.

A value beside a person is read as a value of that person. So it is given for things, and of people only for
adults who are named as perpetrator and nowhere as victim, by everything that exists for this viewer. A person
without a recorded date of birth may be a child.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from engine.domain.dates import PartialDate
from engine.domain.links.views import LinkNode, NodeKind
from engine.links.kinds import Role
from engine.services.context import Context
from engine.services.links.names import RecordNames
from engine.services.links.record import links_for
from engine.services.links.snapshots import LinkSnapshots
from engine.store.unit_of_work import Work

_ADULT = 18


def measurable(
    work: Work, context: Context, nodes: Iterable[LinkNode], snapshots: LinkSnapshots
) -> tuple[str, ...]:
    """Return those of these items that may have a measure, in their order."""
    nodes, today = tuple(nodes), context.clock.today()
    links, _ = links_for(work, context.acting, context.clock, snapshots)
    people = {
        node.id: number
        for node in nodes
        if node.kind is NodeKind.PERSON and (number := links.find(node.id)) is not None
    }
    roles = {number: links.roles_of(number) for number in people.values()}
    adult = adults(links, people.values(), today)
    return tuple(
        node.id
        for node in nodes
        if node.kind is not NodeKind.PERSON
        or (
            (number := people.get(node.id)) is not None
            and Role.PERPETRATOR in roles[number]
            and Role.VICTIM not in roles[number]
            and number in adult
        )
    )


def adults(names: RecordNames, people: Collection[int], on: date) -> frozenset[int]:
    """Return those of these people who are adults by each recorded date of birth; one is needed."""
    return frozenset(
        number
        for number, births in names.births(people).items()
        if births and not any(_may_be_child(born, on) for born in births)
    )


def _may_be_child(born: PartialDate, today: date) -> bool:
    """Return whether a person born then may not be 18 yet; a year or a month counts by its last day."""
    last = born.latest
    return (today.year - last.year) - ((today.month, today.day) < (last.month, last.day)) < _ADULT
