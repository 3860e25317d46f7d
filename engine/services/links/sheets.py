"""The drawing of a map that was read: its groups, lines and places. Reads nothing."""

from __future__ import annotations

from engine.domain.links.arrangements import Grouping
from engine.domain.links.maps import LinkMap
from engine.domain.links.sheets import MapSheet
from engine.links import map_sheet


def sheet_of(drawn: LinkMap) -> MapSheet:
    """Return what is drawn of a map as it is asked for."""
    if drawn.asked.grouped_by is not Grouping.COMMUNITY:
        return map_sheet.sheet_of(drawn)
    from engine.links.map_measures import communities_of  # loads numpy and networkx: only for communities

    communities = communities_of(
        [each.node.id for each in drawn.nodes], ((edge.source, edge.target) for edge in drawn.edges)
    )
    return map_sheet.sheet_of(drawn, communities=communities)
