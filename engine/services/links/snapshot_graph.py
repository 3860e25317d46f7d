"""A neighbourhood found in the snapshot, as the same graph that the record draws link by link."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from engine.links.kinds import ROLES
from engine.links.record_kinds import kind_of, link_kind
from engine.links.register import date_of
from engine.links.snapshot_around import Surroundings
from engine.services.links.record import RecordLinks
from engine.store.repositories.links.graph import StoredLink


def drawn_from(links: RecordLinks, found: Surroundings) -> nx.MultiDiGraph[str]:
    """Draw what was found: names and values as this viewer may read them, read from the record."""
    stored_links = [StoredLink(*row) for row in zip(*found.links, strict=True)]
    links.take(found.members, stored_links)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number in found.members:
        graph.add_node(links.id_of(number), **_of_node(links, number))
    for start, end, key, attributes in _edges(links, stored_links):
        graph.add_edge(start, end, key, **attributes)
    return graph


def _of_node(links: RecordLinks, number: int) -> dict[str, str]:
    node = links.node(number)
    attributes = {"type": kind_of(number), "label": links.label(number)}
    if node.date is not None:
        attributes["date"] = str(node.date)
    if node.channel is not None:
        attributes["channel"] = node.channel
    return attributes


def _edges(
    links: RecordLinks, stored_links: list[StoredLink]
) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield each link with its ends and its id; build shared attributes only once."""
    alike: dict[tuple[int, ...], dict[str, str]] = {}
    for link in stored_links:
        what = (link.kind, link.role, link.grade, link.source)
        attributes = alike.get(what)
        if attributes is None:
            attributes = alike[what] = _of_link(links, link)
        day = date_of(link.day, link.precision)
        if day is not None:
            attributes = {**attributes, "date": str(day)}
        yield links.id_at(link.start), links.id_at(link.end), links.id_of_link(link), attributes


def _of_link(links: RecordLinks, link: StoredLink) -> dict[str, str]:
    attributes = {
        "kind": link_kind(link.kind),
        "role": ROLES[link.role].in_words if link.role else None,
        "grade": links.source_or_grade(link.grade),
        "told_by": links.source_or_grade(link.source),
    }
    return {name: text for name, text in attributes.items() if text is not None}
