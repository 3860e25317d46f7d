"""A neighbourhood as a part of a use case.

Everything hidden from the viewer is cut out before anything is followed or counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import networkx as nx

from engine.access.policy import May, require
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.links.arrays import EVERYTHING, Only
from engine.links.hubs import HUB_CAP, MOST_USERS_READ
from engine.links.neighbourhood import drawn_graph
from engine.links.surroundings import surroundings
from engine.services.context import Context
from engine.services.links.record import RecordLinks, links_for
from engine.services.links.snapshots import LinkSnapshots, SnapshotSeen
from engine.store.unit_of_work import Work

VIEW_LINKS = "look at links"
MOST_HOPS = 8
MOST_DRAWN = 2_000


class Around(NamedTuple):
    """A neighbourhood, the reader that knows its entities, and the arrays in which it was found."""

    graph: nx.MultiDiGraph[str]
    middle: str
    hubs: tuple[tuple[str, int, bool], ...]
    """Id, users, and whether counting stopped there."""
    left_out: int
    undated: int
    links: RecordLinks
    seen: SnapshotSeen


def around(
    work: Work,
    context: Context,
    reference: str,
    *,
    snapshots: LinkSnapshots,
    hops: int,
    hub_cap: int = HUB_CAP,
    only: Only = EVERYTHING,
    most: int = MOST_DRAWN,
) -> Around:
    """Return the neighbourhood of a reference, for a use case that has checked permission to view links.

    Raises
    ------
    InvalidInputError
        The hops or the hub cap are out of bounds.
    """
    if not 0 <= hops <= MOST_HOPS:
        raise InvalidInputError("hops", f"give 0 to {MOST_HOPS}")
    if not 1 <= hub_cap <= MOST_USERS_READ:
        raise InvalidInputError("hub cap", f"give 1 to {MOST_USERS_READ}")
    links, seen = links_for(work, context.acting, context.clock, snapshots, only)
    middle = work.links.find(reference, links.permitted)
    if middle is None:
        raise NotFoundError("node", reference.strip()[:20])
    found = surroundings(seen.view, middle, hops=hops, hub_cap=hub_cap, most=most)
    links.take(found.members, found.links)
    graph = drawn_graph(links, found.members, (row.link for row in found.links))
    name = links.id_at(middle)
    hubs = sorted(
        ((links.id_of(hub.stop), hub.users, hub.at_least) for hub in found.hubs),
        key=lambda hub: (-hub[1], hub[0]),
    )
    undated = sum(not row.precision for row in found.links)
    graph.graph.update(
        around=name,
        hops=hops,
        at=None if only.until is None else date.fromordinal(only.until).isoformat(),
        hubs_not_expanded=[{"id": hub, "users": users, "at_least": more} for hub, users, more in hubs],
        left_out=found.left_out,
        undated=undated,
    )
    return Around(graph, name, tuple(hubs), found.left_out, undated, links, seen)


@contextmanager
def looking(context: Context, what: str) -> Iterator[Work]:
    """Open a transaction that reads links, for those who may view links at all."""
    require(May.EXPLORE_LINKS, context.acting)
    with context.reading(what) as work:
        yield work
