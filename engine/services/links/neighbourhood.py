"""A neighbourhood as a part of a use case: found in loaded arrays or in the record, the same by both.

Everything hidden from the viewer is cut out before anything is followed or counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from engine.access.policy import May, require
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.links import neighbourhood as pure
from engine.links.record_kinds import link_numbers
from engine.services.access.checks import permitted_links
from engine.services.context import Context
from engine.services.links.record import RecordLinks
from engine.store.repositories.links.permissions import Filter
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.services.links.snapshots import LinkSnapshots, SnapshotSeen

VIEW_LINKS = "look at links"
HUB_CAP = pure.HUB_CAP
MOST_HOPS = 8
MOST_DRAWN = 2_000


class Around(NamedTuple):
    """A neighbourhood, and the reader that knows its numbers' entities."""

    graph: nx.MultiDiGraph[str]
    middle: str
    hubs: tuple[tuple[str, int, bool], ...]
    """Id, users, and whether counting stopped there."""
    left_out: int
    undated: int
    links: RecordLinks
    seen: SnapshotSeen | None
    """The arrays in which it was found; None: it was read from the record."""


def around(
    work: Work,
    acting: Acting,
    reference: str,
    *,
    hops: int,
    hub_cap: int,
    at: date | None,
    kinds: Collection[str],
    on: date,
    most: int = MOST_DRAWN,
    snapshots: LinkSnapshots | None = None,
    since: date | None = None,
) -> Around:
    """Return the neighbourhood of a reference, for a use case that has checked permission to view links.

    Raises
    ------
    InvalidInputError
        The hops or the hub cap are out of bounds, or a kind is unknown.
    NotFoundError
        The reference does not exist for the person who acts.
    """
    if not 0 <= hops <= MOST_HOPS:
        raise InvalidInputError("hops", f"give 0 to {MOST_HOPS}")
    if not 1 <= hub_cap <= pure.MOST_USERS_READ:
        raise InvalidInputError("hub cap", f"give 1 to {pure.MOST_USERS_READ}")
    cut = work.links.cut(permitted_links(work, acting, on=on))
    only = Filter(link_numbers(tuple(kinds)), at, since)
    links = RecordLinks(work.links, cut, only)
    middle = work.links.find(reference, cut)
    if middle is None:
        raise NotFoundError("node", reference.strip()[:20])
    asked = _Asked(middle, hops, hub_cap, most)
    seen = snapshots.at_hand_for(work, cut) if snapshots is not None else None
    drawn = None if seen is None else _by_arrays(links, seen, asked, only)
    if drawn is None:
        drawn, seen = _by_record(links, reference, asked), None
    undated = sum("date" not in fields for _, _, fields in drawn.graph.edges(data=True))
    name = links.id_at(middle)
    drawn.graph.graph.update(
        around=name,
        hops=hops,
        at=None if at is None else at.isoformat(),
        hubs_not_expanded=[
            {"id": hub, "users": users, "at_least": at_least} for hub, users, at_least in drawn.hubs
        ],
        left_out=drawn.left_out,
        undated=undated,
    )
    return Around(drawn.graph, name, drawn.hubs, drawn.left_out, undated, links, seen)


class _Asked(NamedTuple):
    middle: int
    hops: int
    hub_cap: int
    most: int


class _Drawn(NamedTuple):
    graph: nx.MultiDiGraph[str]
    hubs: tuple[tuple[str, int, bool], ...]
    left_out: int


def _by_record(links: RecordLinks, reference: str, asked: _Asked) -> _Drawn:
    """Read it from the record, a hop at a time."""
    found = pure.neighbourhood(links, reference, hops=asked.hops, hub_cap=asked.hub_cap, most=asked.most)
    numbers = {hub.id: links.find(hub.id) for hub in found.hubs}
    hubs = tuple(
        (hub.id, hub.links, links.has_more_than_were_read(number))
        for hub in found.hubs
        if (number := numbers[hub.id]) is not None
    )
    return _Drawn(found.graph, hubs, found.left_out)


def _by_arrays(links: RecordLinks, seen: SnapshotSeen, asked: _Asked, only: Filter) -> _Drawn | None:
    """Read the same from the arrays that this process has; only names and references come from the record."""
    from engine.links.snapshot_around import surroundings  # loads numpy: not needed without arrays
    from engine.services.links.snapshot_graph import drawn_from
    from engine.services.links.snapshots import only_of

    found = surroundings(
        seen.snapshot,
        seen.seen,
        asked.middle,
        hops=asked.hops,
        hub_cap=asked.hub_cap,
        most=asked.most,
        only=only_of(only),
    )
    if found is None:
        return None
    graph = drawn_from(links, found)
    hubs = sorted(
        ((links.id_of(hub.stop), hub.users, hub.at_least) for hub in found.hubs),
        key=lambda hub: (-hub[1], hub[0]),
    )
    return _Drawn(graph, tuple(hubs), found.left_out)


@contextmanager
def looking(context: Context, what: str) -> Iterator[Work]:
    """Open a transaction that reads links, for those who may view links at all.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.EXPLORE_LINKS, context.acting)
    with context.reading(what) as work:
        yield work
