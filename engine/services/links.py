"""The links of the record for analysts: networkx graphs, already cut to what who acts may see.

Everything hidden from that person is cut out before anything is followed or counted. An analyst sees persons,
things and places by reference alone, but on cases that name the analyst.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import networkx as nx

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.links import around as pure
from engine.links.record_kinds import link_numbers
from engine.services.doors import permitted_links
from engine.services.record_links import MOST_USERS_READ, Filter, RecordLinks
from engine.store.unit_of_work import UnitOfWork, Work

HUB_CAP = pure.HUB_CAP
MOST_HOPS = 8
MOST_DRAWN = 2_000


class Around(NamedTuple):
    """A neighbourhood, and the reader that knows what its numbers stand for."""

    graph: nx.MultiDiGraph[str]
    middle: str
    hubs: tuple[tuple[str, int, bool], ...]
    """Id, users, and whether counting stopped there."""
    left_out: int
    undated: int
    links: RecordLinks


def neighbourhood(
    *,
    uow: UnitOfWork,
    clock: Clock,
    acting: Acting,
    person: str,
    hops: int = 2,
    hub_cap: int = HUB_CAP,
    at: date | None = None,
    kinds: Collection[str] = (),
) -> nx.MultiDiGraph[str]:
    """Return what the record links to a person within so many links, as far as who acts may see it.

    From a person to an incident, a referral, a thing or a place is one hop, to the others there two. Several
    records of one person are one node, where a person's word made them so and all of them may be seen.

    Parameters
    ----------
    uow, clock, acting
        The record, the time, and who looks for which task; the look is in the audit before it is answered.
    person : str
        A public reference: of a person (``P-...``), or of an incident, a referral or a thing in a drawing.
    hops : int
        How many links away, at most eight.
    hub_cap : int
        The most users of a thing that is still expanded, counting those whom this viewer may see. A thing
        with more is drawn and named in ``graph.graph["hubs_not_expanded"]``.
    at : date, optional
        The graph as of the end of that day: links that are certainly later are neither drawn nor followed.
        Links without a date stay; ``graph.graph["undated"]`` counts them.
    kinds : collection of str, optional
        Follow and draw only links of these kinds; the kinds are in ``engine/links/data/record.toml``.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are public references with ``type`` and ``label``; edges have ``kind``, and where they were
        recorded ``role``, ``date``, ``grade`` and ``told_by``.

    Raises
    ------
    NotFoundError
        If there is no such node, or none that this person may know of: the two read alike.

    Examples
    --------
    >>> from tests.builders import a_desk, a_referral
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place, a_desk(Path(place, "home")) as desk:
    ...     (case,) = desk.refer(a_referral()).referrals
    ...     graph = neighbourhood(**desk.common, acting=desk.coordinator, person=case, hops=2)
    ...     sorted(kind for _, kind in graph.nodes(data="type"))
    ['incident', 'incident', 'person', 'person', 'referral']

    Notes
    -----
    The cost grows with what is drawn, not with the record: two hops at a million persons take a few
    milliseconds (``scripts/bench links_register``).
    """
    with looking(uow, clock, acting, "look at links") as work:
        found = around(work, acting, person, hops=hops, hub_cap=hub_cap, at=at, kinds=kinds, on=clock.today())
        work.notes(nodes=len(found.graph), hops=hops)
        return found.graph


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
) -> Around:
    """The same as part of a use case that has asked whether links may be looked at."""
    if not 0 <= hops <= MOST_HOPS:
        raise InvalidInputError("hops", f"give 0 to {MOST_HOPS}")
    if not 1 <= hub_cap <= MOST_USERS_READ:
        raise InvalidInputError("hub cap", f"give 1 to {MOST_USERS_READ}")
    cut = work.links.cut(permitted_links(work, acting, on=on))
    links = RecordLinks(work.links, cut, Filter(link_numbers(tuple(kinds)), at))
    middle = links.find(reference)
    if middle is None:
        raise NotFoundError("node", reference.strip()[:20])
    name = links.id_of(middle)
    found = pure.neighbourhood(links, name, hops=hops, hub_cap=hub_cap, most=most)
    numbers = {hub.id: links.find(hub.id) for hub in found.hubs}
    hubs = tuple(
        (hub.id, hub.links, links.has_more_than_were_read(number))
        for hub in found.hubs
        if (number := numbers[hub.id]) is not None
    )
    undated = sum("date" not in told for _, _, told in found.graph.edges(data=True))
    found.graph.graph.update(
        around=name,
        hops=hops,
        at=None if at is None else at.isoformat(),
        hubs_not_expanded=[
            {"id": hub, "users": users, "at_least": at_least} for hub, users, at_least in hubs
        ],
        left_out=found.left_out,
        undated=undated,
    )
    return Around(found.graph, name, hubs, found.left_out, undated, links)


@contextmanager
def looking(uow: UnitOfWork, clock: Clock, acting: Acting, what: str) -> Iterator[Work]:
    """A transaction that reads links, for who may look at links at all."""
    require(May.EXPLORE_LINKS, acting)
    with uow.reading(acting=acting, what=what, at=clock.now()) as work:
        yield work
