"""The links of the record for analysts: networkx graphs, already cut to what who acts may see.

Everything hidden from that person is cut out before anything is followed or counted. An analyst sees persons,
things and places by reference alone, but on cases that name the analyst.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.links import around as pure
from engine.links.record_kinds import link_numbers
from engine.services.doors import permitted_links
from engine.services.record_links import Filter, RecordLinks
from engine.store.unit_of_work import UnitOfWork, Work

if TYPE_CHECKING:
    from engine.services.link_snapshots import LinkSnapshots, SnapshotSeen

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
    snapshots: LinkSnapshots | None = None,
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
    snapshots : LinkSnapshots, optional
        The arrays that this process holds. With them the answer is the same, and a large one comes in a
        fraction of the time; without, or before any were made, the record is read a hop at a time.

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
        found = around(
            work,
            acting,
            person,
            hops=hops,
            hub_cap=hub_cap,
            at=at,
            kinds=kinds,
            on=clock.today(),
            snapshots=snapshots,
        )
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
    snapshots: LinkSnapshots | None = None,
) -> Around:
    """The same as part of a use case that has asked whether links may be looked at."""
    if not 0 <= hops <= MOST_HOPS:
        raise InvalidInputError("hops", f"give 0 to {MOST_HOPS}")
    if not 1 <= hub_cap <= pure.MOST_USERS_READ:
        raise InvalidInputError("hub cap", f"give 1 to {pure.MOST_USERS_READ}")
    cut = work.links.cut(permitted_links(work, acting, on=on))
    only = Filter(link_numbers(tuple(kinds)), at)
    links = RecordLinks(work.links, cut, only)
    middle = work.links.find(reference, cut)
    if middle is None:
        raise NotFoundError("node", reference.strip()[:20])
    asked = _Asked(middle, hops, hub_cap, most)
    seen = snapshots.at_hand_for(work, cut) if snapshots is not None else None
    drawn = None if seen is None else _by_arrays(links, seen, asked, only)
    drawn = drawn or _by_record(links, reference, asked)
    undated = sum("date" not in told for _, _, told in drawn.graph.edges(data=True))
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
    return Around(drawn.graph, name, drawn.hubs, drawn.left_out, undated, links)


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
    """Read out of the record, a hop at a time."""
    found = pure.neighbourhood(links, reference, hops=asked.hops, hub_cap=asked.hub_cap, most=asked.most)
    numbers = {hub.id: links.find(hub.id) for hub in found.hubs}
    hubs = tuple(
        (hub.id, hub.links, links.has_more_than_were_read(number))
        for hub in found.hubs
        if (number := numbers[hub.id]) is not None
    )
    return _Drawn(found.graph, hubs, found.left_out)


def _by_arrays(links: RecordLinks, seen: SnapshotSeen, asked: _Asked, only: Filter) -> _Drawn | None:
    """The same out of the arrays that this process holds; only names and references are read."""
    from engine.links.snapshot_around import Only, surroundings  # loads numpy: a look without arrays need not
    from engine.services.link_drawing import drawn_from

    until = None if only.until is None else only.until.toordinal()
    found = surroundings(
        seen.snapshot,
        seen.seen,
        asked.middle,
        hops=asked.hops,
        hub_cap=asked.hub_cap,
        most=asked.most,
        only=Only(only.kinds, until),
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
def looking(uow: UnitOfWork, clock: Clock, acting: Acting, what: str) -> Iterator[Work]:
    """A transaction that reads links, for who may look at links at all."""
    require(May.EXPLORE_LINKS, acting)
    with uow.reading(acting=acting, what=what, at=clock.now()) as work:
        yield work
