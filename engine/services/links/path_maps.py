"""Paths between two nodes as a map with steps, cut to what this viewer may see."""

from __future__ import annotations

from datetime import date

import networkx as nx

from engine.domain.errors import InvalidInputError
from engine.domain.links.map_patterns import PatternsOnMap
from engine.domain.links.maps import LeftOut, LinkMap, MapAsked, MapNode, PathAsked, PathOnMap
from engine.domain.links.views import LinkNotes
from engine.links.hubs import HUB_CAP, MOST_USERS_READ
from engine.links.layout import layout
from engine.links.longer_paths import MORE_LINKS, NO_LONGER, LongerPaths, longer_paths
from engine.links.map_cutting import days_of, named_in
from engine.links.neighbourhood import drawn_graph
from engine.links.paths import MOST_PATHS
from engine.links.record_kinds import record_kinds
from engine.services.context import Context
from engine.services.links.graphs import (
    FIND_PATH,
    PathFound,
    RecordPathFigures,
    path_within,
    steps_in_words,
)
from engine.services.links.hidden_records import hidden_records
from engine.services.links.neighbourhood import MOST_HOPS, around, looking
from engine.services.links.snapshots import LinkSnapshots, only_links
from engine.services.links.views import edges_of, nodes_of
from engine.store.unit_of_work import Work


def draw_path(context: Context, *, asked: PathAsked, snapshots: LinkSnapshots) -> PathOnMap:
    """Return the shortest paths between two nodes of the record, and where asked for longer ones, drawn.

    All is within the viewer's access. A thing with very many users is crossed only where there is no other
    path, or where that is asked for.

    Raises
    ------
    InvalidInputError
        A kind is unknown.
    """
    with looking(context, FIND_PATH) as work:
        return drawn_path(work, context, asked=asked, snapshots=snapshots)


def drawn_path(work: Work, context: Context, *, asked: PathAsked, snapshots: LinkSnapshots) -> PathOnMap:
    """Return the same; part of a larger use case."""
    only = only_links(asked.kinds, since=asked.since, until=asked.until)
    found, links = path_within(
        work,
        context,
        snapshots=snapshots,
        ends=(asked.start, asked.end),
        through_hubs=asked.through_hubs,
        only=only,
    )
    longer, is_cut, is_stopped = _longer(work, context, asked, found, snapshots)
    graph = found.graph
    if longer:
        stops = dict.fromkeys(stop for way in (*found.paths, *longer) for stop in way)
        numbers = [number for stop in stops if (number := links.find(stop)) is not None]
        graph = drawn_graph(links, numbers, links.among(numbers))
    middle = found.paths[0][0] if found.paths else asked.start
    nodes = nodes_of(graph, links, middle=middle)
    edges = edges_of(graph)
    ids = [node.id for node in nodes]
    places = layout(ids, [(edge.source, edge.target) for edge in edges])
    named, (first, last) = named_in(edges), days_of(edges)
    drawn = LinkMap(
        asked=MapAsked(start=asked.start),
        middle=middle,
        nodes=tuple(
            MapNode(
                node=node,
                x=places[node.id].x,
                y=places[node.id].y,
                links=sum(node.id in (edge.source, edge.target) for edge in edges),
                named_in=named.get(node.id),
            )
            for node in nodes
        ),
        edges=edges,
        told=LinkNotes(),
        left_out=LeftOut(),
        kinds_there=tuple(dict.fromkeys(node.kind for node in nodes)),
        links_there=tuple(sorted({edge.kind for edge in edges})),
        first_day=first,
        last_day=last,
        patterns=PatternsOnMap(),
        read_at=context.clock.now(),
        snapshot_at=found.snapshot_at,
        changed_since=found.changed_since,
        hidden_records=hidden_records(work, context, nodes),
    )
    return PathOnMap(
        asked=asked,
        drawn=drawn,
        paths=(*found.paths, *longer),
        number=found.number,
        through_hubs=found.through_hubs,
        hops_through_hubs=found.hops_through_hubs,
        longer_cut=is_cut,
        longer_stopped=is_stopped,
    )


def path_asked(
    asked: PathAsked, *, kinds: tuple[str, ...], since: date | None, until: date | None, longer: int = 0
) -> PathAsked:
    """Return the same path by other kinds and dates, the shortest first again. Raises InvalidInputError."""
    if since and until and until < since:
        raise InvalidInputError("last date", "give one that is not before the first date")
    return asked.model_copy(update={"kinds": kinds, "since": since, "until": until, "longer": longer})


def link_kinds() -> tuple[str, ...]:
    """Return the kinds of links that a path can be limited to."""
    return tuple(sort.kind for sort in record_kinds().links)


def path_figures(
    context: Context, *, asked: PathAsked, snapshots: LinkSnapshots, most: int = MOST_PATHS
) -> RecordPathFigures:
    """Return the shortest paths and longer ones asked for, in words. Raises as ``draw_path`` does."""
    with looking(context, FIND_PATH) as work:
        found, links = path_within(
            work,
            context,
            snapshots=snapshots,
            ends=(asked.start, asked.end),
            most=most,
            through_hubs=asked.through_hubs,
            only=only_links(asked.kinds, since=asked.since, until=asked.until),
        )
        more = _longer(work, context, asked, found, snapshots)
        stops = dict.fromkeys(stop for way in more.paths for stop in way)
        numbers = [number for stop in stops if (number := links.find(stop)) is not None]
        graph = drawn_graph(links, numbers, links.among(numbers))
        return found.as_values(more, [list(steps_in_words(graph, way)) for way in more.paths])


def _longer(
    work: Work, context: Context, asked: PathAsked, found: PathFound, snapshots: LinkSnapshots
) -> LongerPaths:
    """Return the next longer paths.

    A path of so many links is within half of them of one end or of the other.
    """
    if not asked.longer or not found.hops:
        return NO_LONGER
    longest = min(found.hops + MORE_LINKS * asked.longer, 2 * MOST_HOPS)
    both = [
        around(
            work,
            context,
            reference,
            snapshots=snapshots,
            hops=-(-longest // 2),
            hub_cap=MOST_USERS_READ if asked.through_hubs else HUB_CAP,
            only=only_links(asked.kinds, since=asked.since, until=asked.until),
        )
        for reference in (found.paths[0][0], found.paths[0][-1])
    ]
    paths, is_stopped = longer_paths(
        nx.compose(nx.Graph(both[0].graph), nx.Graph(both[1].graph)),
        both[0].middle,
        both[1].middle,
        longer_than=found.hops,
        longest=longest,
        closed={hub for each in both for hub, _, _ in each.hubs},
        most=MOST_PATHS,
    )
    return LongerPaths(paths, any(each.left_out for each in both), is_stopped)
