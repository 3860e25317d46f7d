"""The shortest path between two nodes as a map with steps, cut to what this viewer may see."""

from __future__ import annotations

from engine.domain.links.maps import LeftOut, LinkMap, MapAsked, MapNode, PathOnMap, PatternsOnMap
from engine.domain.links.views import LinkNotes
from engine.links.layout import layout
from engine.links.map_cutting import days_of, named_in
from engine.services.context import Context
from engine.services.links.graphs import FIND_PATH, path_within
from engine.services.links.neighbourhood import looking
from engine.services.links.snapshots import LinkSnapshots
from engine.services.links.views import edges_of, nodes_of


def draw_path(
    context: Context, *, start: str, end: str, snapshots: LinkSnapshots, through_hubs: bool = False
) -> PathOnMap:
    """Return the shortest paths between two nodes of the record, drawn, within the viewer's access.

    A thing with very many users is crossed only where there is no other path, or with ``through_hubs``.

    Raises
    ------
    NotFoundError
        One of the two does not exist for the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    with looking(context, FIND_PATH) as work:
        found, links = path_within(
            work, context, snapshots=snapshots, ends=(start, end), through_hubs=through_hubs
        )
        middle = found.paths[0][0] if found.paths else start
        nodes = nodes_of(found.graph, links, middle=middle)
        edges = edges_of(found.graph)
    ids = [node.id for node in nodes]
    places = layout(ids, [(edge.source, edge.target) for edge in edges])
    named, (first, last) = named_in(edges), days_of(edges)
    drawn = LinkMap(
        asked=MapAsked(start=start),
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
    )
    return PathOnMap(
        drawn=drawn, end=end, paths=found.paths, number=found.number, through_hubs=found.through_hubs
    )
