"""The links of the record for analysts: networkx graphs, already cut to what the viewer may see.

Everything hidden from that person is cut out before anything is followed or counted. An analyst sees persons,
things and places only by reference, but on cases that name the analyst.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

import networkx as nx

from engine.domain.errors import NotFoundError
from engine.links.arrays import EVERYTHING, Only
from engine.links.components import ComponentFigures, component_labels
from engine.links.components import components as components_of
from engine.links.hubs import HUB_CAP
from engine.links.longer_paths import NO_LONGER, LongerPaths
from engine.links.neighbourhood import drawn_graph
from engine.links.paths import MOST_PATHS, PathFigures, paths_between
from engine.services.context import Context
from engine.services.links.neighbourhood import VIEW_LINKS, around, looking
from engine.services.links.record import RecordLinks, links_for
from engine.services.links.register import SnapshotAge, age_of, whole
from engine.services.links.snapshots import LinkSnapshots, only_links
from engine.store.unit_of_work import Work

FIND_PATH = "look for a path"
_IN_WORDS = ("kind", "role", "date", "grade", "told_by")
MOST_GRAPHS = 10
MOST_IN_A_GRAPH = 2_000


def neighbourhood(
    context: Context,
    *,
    person: str,
    hops: int = 2,
    hub_cap: int = HUB_CAP,
    at: date | None = None,
    since: date | None = None,
    kinds: Collection[str] = (),
    snapshots: LinkSnapshots,
) -> nx.MultiDiGraph[str]:
    """Return what the record links to a person within so many links, within the viewer's access.

    From a person to an incident, a referral, a thing or a place is one hop, to the others there two. Several
    records of one person are one node, where a person decided so and all of them may be seen.

    Parameters
    ----------
    context : Context
        The record, the time, and who asks for what task; it is in the audit log before it is answered.
    person : str
        A public reference: of a person (``P-...``), or of an incident, a referral or a thing in a drawing.
    hops : int
        How many links away, at most eight.
    hub_cap : int
        The most users of a thing that is still expanded, counting those whom this viewer may see. A thing
        with more is drawn and named in ``graph.graph["hubs_not_expanded"]``.
    at : date, optional
        The graph as of the end of that date: links that are certainly later are not drawn or followed.
        Links without a date stay; ``graph.graph["undated"]`` counts them.
    since : date, optional
        Links that are certainly earlier are not drawn or followed. Links without a date stay.
    kinds : collection of str, optional
        Follow and draw only links of these kinds; the kinds are in ``engine/links/data/record.toml``.
    snapshots : LinkSnapshots
        The arrays that this process holds.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are public references with ``type`` and ``label``; edges have ``kind``, and where they were
        recorded ``role``, ``date``, ``grade`` and ``told_by``.

    Raises
    ------
    NotFoundError
        If the node does not exist, or this person may not know of it: the two read alike.
    InvalidInputError
        If the hops or the hub cap are out of bounds, or a kind is unknown.

    Examples
    --------
    >>> from tests.builders import a_desk, a_referral
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place, a_desk(Path(place, "home")) as stac:
    ...     (case,) = stac.refer(a_referral()).referrals
    ...     asked = {"context": stac.context(stac.coordinator), "snapshots": stac.runtime.link_snapshots}
    ...     graph = neighbourhood(**asked, person=case)
    ...     sorted(kind for _, kind in graph.nodes(data="type"))
    ['incident', 'incident', 'person', 'person', 'referral']

    Notes
    -----
    The cost grows with what is drawn, not with the record: two hops at a million persons take a few
    milliseconds (``scripts/bench links_register``).
    """
    with looking(context, VIEW_LINKS) as work:
        found = around(
            work,
            context,
            person,
            snapshots=snapshots,
            hops=hops,
            hub_cap=hub_cap,
            only=only_links(kinds, since=since, until=at),
        )
        work.notes(nodes=len(found.graph), hops=hops)
        return found.graph


def path(
    context: Context,
    *,
    snapshots: LinkSnapshots,
    a: str,
    b: str,
    most: int = MOST_PATHS,
    through_hubs: bool = False,
    kinds: Collection[str] = (),
) -> PathFound:
    """Return the shortest paths between two nodes of the record, within the viewer's access.

    Things with more users than fifty, counting those whom this viewer may see, are not crossed: two people
    who once had the same switchboard are not joined by it. Where there is no other path, one through such a
    thing is returned, and marked as one.

    Parameters
    ----------
    context : Context
        The record, the time, and who asks.
    snapshots : LinkSnapshots
        The arrays that this process holds.
    a, b : str
        Two public references.
    most : int
        How many of the paths are returned and drawn; all are counted.
    through_hubs : bool
        Cross things with many users too.
    kinds : collection of str, optional
        Follow only links of these kinds.

    Returns
    -------
    PathFound
        ``graph`` has the stops of the paths returned and every link between two neighbours on them.

    Raises
    ------
    InvalidInputError
        If a kind is unknown.
    NotFoundError
        If one of the two does not exist for this person.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from tests.builders import a_desk, a_referral
    >>> with TemporaryDirectory() as place, a_desk(Path(place, "home")) as stac:
    ...     (case,) = stac.refer(a_referral()).referrals
    ...     asked = {"context": stac.context(stac.coordinator), "snapshots": stac.runtime.link_snapshots}
    ...     graph = path(**asked, a=case, b=case).graph
    ...     len(graph)
    1

    Notes
    -----
    The cost grows with what the two ends reach before they meet. Each link of the answer is read from the
    record, so a path excludes any that was withdrawn.
    """
    with looking(context, FIND_PATH) as work:
        found, _ = path_within(
            work,
            context,
            snapshots=snapshots,
            ends=(a, b),
            most=most,
            through_hubs=through_hubs,
            only=only_links(kinds, since=None, until=None),
        )
        return found


def path_within(
    work: Work,
    context: Context,
    *,
    snapshots: LinkSnapshots,
    ends: tuple[str, str],
    most: int = MOST_PATHS,
    through_hubs: bool = False,
    only: Only = EVERYTHING,
) -> tuple[PathFound, RecordLinks]:
    """Return the same as ``path``, and the links that it was read by; part of a larger use case."""
    links, seen = links_for(work, context.acting, context.clock, snapshots, only)
    numbers = [_there(links, reference) for reference in ends]
    found = paths_between(seen.view, *numbers, most=most, hub_cap=None if through_hubs else HUB_CAP)
    stops = [tuple(links.members(node)[0] for node in way) for way in found.paths]
    drawn = dict.fromkeys(stop for way in stops for stop in way)
    graph = drawn_graph(links, drawn, links.among(drawn))
    named = tuple(tuple(links.id_of(stop) for stop in way) for way in stops)
    work.notes(hops=found.hops, nodes=len(graph))
    graph.graph.update(hops=found.hops, count=found.number, through_hubs=found.through_hubs)
    return PathFound(
        graph,
        found.hops,
        named,
        found.number,
        found.through_hubs,
        found.hops_through_hubs,
        tuple(steps_in_words(graph, stops) for stops in named),
        seen.made_at,
        seen.changed,
    ), links


def components(context: Context, *, snapshots: LinkSnapshots, most: int = MOST_GRAPHS) -> Components:
    """Return the connected components of the record, within the viewer's access, the largest first.

    Parameters
    ----------
    context : Context
        The record, the time, and who asks.
    snapshots : LinkSnapshots
        The arrays that this process holds.
    most : int
        How many components are drawn as graphs. One of more than 2,000 nodes is counted and not drawn.

    Returns
    -------
    Components
        ``figures`` has the number, the sizes and the first references of the largest; ``graphs`` are networkx
        graphs of the largest that can be drawn.

    Notes
    -----
    Linear in the links that this viewer may see.
    """
    with whole(context, snapshots, "look at components") as opened:
        register = opened.register
        labels = component_labels(register)
        sizes: dict[int, list[int]] = {}
        if len(register):
            import numpy as np

            names, counts = np.unique(labels, return_counts=True)
            drawable = counts <= MOST_IN_A_GRAPH
            order = np.lexsort((names[drawable], -counts[drawable]))[:most]
            chosen = names[drawable][order]
            sizes = {int(name): np.flatnonzero(labels == name).tolist() for name in chosen}
        graphs = tuple(drawn_graph(register, members, register.among(members)) for members in sizes.values())
        fields: RecordComponentFigures = {**components_of(register), **age_of(opened.seen)}
        return Components(fields, graphs, opened.seen.made_at, opened.seen.changed)


class RecordPathFigures(PathFigures, SnapshotAge):
    """The shortest paths between two nodes of the record."""


class RecordComponentFigures(ComponentFigures, SnapshotAge):
    """The connected components of the record's links in figures."""


class PathFound(NamedTuple):
    """The shortest paths between two nodes, as a graph."""

    graph: nx.MultiDiGraph[str]
    hops: int | None
    paths: tuple[tuple[str, ...], ...]
    number: int
    through_hubs: bool
    hops_through_hubs: int | None
    in_words: tuple[tuple[str, ...], ...]
    snapshot_at: datetime
    changed_since: int

    def as_values(
        self, longer: LongerPaths = NO_LONGER, longer_in_words: Sequence[list[str]] = ()
    ) -> RecordPathFigures:
        """Return the same as plain values, with longer paths."""
        return {
            "hops": self.hops,
            "paths": [list(stops) for stops in self.paths],
            "count": self.number,
            "through_hubs": self.through_hubs,
            "hops_through_hubs": self.hops_through_hubs,
            "in_words": [list(steps) for steps in self.in_words],
            "longer_paths": [list(stops) for stops in longer.paths],
            "longer_in_words": list(longer_in_words),
            "longer_cut": longer.is_cut,
            "longer_stopped": longer.is_stopped,
            "snapshot_at": self.snapshot_at.isoformat(),
            "cases_changed_since": self.changed_since,
        }


class Components(NamedTuple):
    """The connected components: how many, how large, and the largest that can be drawn as graphs."""

    figures: RecordComponentFigures
    graphs: tuple[nx.MultiDiGraph[str], ...]
    snapshot_at: datetime
    changed_since: int


def steps_in_words(graph: nx.MultiDiGraph[str], stops: Sequence[str]) -> tuple[str, ...]:
    """Return each step of a path: by what the two are linked."""
    sentence = []
    for one, other in pairwise(stops):
        texts = [
            ", ".join(str(link[name]) for name in _IN_WORDS if name in link)
            for ends in ((one, other), (other, one))
            for link in (graph.get_edge_data(*ends) or {}).values()
        ]
        sentence.append(f"{one} - {other}: {'; '.join(dict.fromkeys(texts))}")
    return tuple(sentence)


def _there(links: RecordLinks, reference: str) -> int:
    number = links.find(reference)
    if number is None:
        raise NotFoundError("node", reference.strip()[:20])
    return number
