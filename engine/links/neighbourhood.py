"""Entities and links as a networkx graph, and the neighbourhood of one entity. Knows nothing of who asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import networkx as nx

from engine.domain.errors import NotFoundError
from engine.links.hubs import HUB_CAP
from engine.links.kinds import Role
from engine.links.model import Link, LinksRead
from engine.links.register import Register
from engine.links.surroundings import surroundings

MOST_DRAWN = 20_000
_TAKEN = {"id", "key", "source", "target", "name", "value", "start", "end", "pid", "parents", "viz", "weight"}


class Hub(NamedTuple):
    """A thing with so many links that it was drawn and not expanded."""

    id: str
    links: int


class Neighbourhood(NamedTuple):
    """An entity's surroundings, and what was left out of them."""

    graph: nx.MultiDiGraph[str]
    hubs: tuple[Hub, ...]
    left_out: int
    """Entities within reach that were not drawn because the drawing was full."""


def not_there(entity_id: str) -> NotFoundError:
    """Return the error for an id that is not among the user's own links; what was withheld reads alike."""
    return NotFoundError(
        "entity", entity_id[:80], among="the register", instead="check the id; write it as in the files"
    )


def neighbourhood(
    register: Register, entity_id: str, *, hops: int, hub_cap: int = HUB_CAP, most: int = MOST_DRAWN
) -> Neighbourhood:
    """Return the entities of a register within so many links of one, and every link between them.

    A thing (a phone, a vehicle, a place: anything but a person or an incident) with more links than
    ``hub_cap`` is drawn and not expanded, unless it is the one asked about; the answer names it.

    Parameters
    ----------
    register : Register
        The register.
    entity_id : str
        The entity in the middle.
    hops : int
        How many links away. From a person to an incident is one hop, to the others in it two.
    hub_cap : int
        The most links of a thing that is still expanded.
    most : int
        The most entities drawn; those nearest come first.

    Returns
    -------
    Neighbourhood
        The graph has an entity's id as its node, and the link's id as the key of an edge.

    Examples
    --------
    >>> from engine.links.building import RegisterBuilder
    >>> building = RegisterBuilder()
    >>> for entity_id, kind in (("P1", "person"), ("C1", "crime"), ("P2", "person")):
    ...     building.add_entity(entity_id, kind)
    >>> _ = building.add_link("P1", "C1", "involved"), building.add_link("P2", "C1", "involved")
    >>> sorted(neighbourhood(building.register(), "P1", hops=2).graph)
    ['C1', 'P1', 'P2']
    """
    middle = register.find(entity_id)
    if middle is None:
        raise not_there(entity_id)
    found = surroundings(register.view, middle, hops=hops, hub_cap=hub_cap, most=most)
    hubs = sorted(
        (Hub(register.id_of(hub.stop), hub.users) for hub in found.hubs), key=lambda hub: (-hub.links, hub.id)
    )
    graph = drawn_graph(register, found.members, (row.link for row in found.links))
    return Neighbourhood(graph, tuple(hubs), found.left_out)


def drawn_graph(links: LinksRead, drawn: Iterable[int], between: Iterable[int]) -> nx.MultiDiGraph[str]:
    """Return these entities and these links between them,
    with the attributes that were recorded and no others.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    ids: dict[int, str] = {}
    for number in drawn:
        entity = links.entity(number)
        ids[number] = entity.id
        more = {"type": entity.type, "label": entity.label, **entity.attributes}
        graph.add_node(entity.id, **{_plain(name): text for name, text in more.items() if text is not None})
    for number in between:
        link = links.link(number)
        ends = (ids[link.start], ids[link.end])
        key = _unused(graph, *ends, links.link_id(number))
        graph.add_edge(ids[link.start], ids[link.end], key=key, **link_attributes(link))
    return graph


def _unused(graph: nx.MultiDiGraph[str], start: str, end: str, key: str) -> str:
    """Return the id of a link, with a number where several sources report the same of the same two."""
    turn, free = 1, key
    while graph.has_edge(start, end, free):
        turn += 1
        free = f"{key} {turn}"
    return free


def link_attributes(link: Link) -> dict[str, str | int]:
    """Return what was recorded of a link; what was not is absent, rather than empty."""
    fields: dict[str, str | int | None] = {
        "kind": link.kind,
        "role": None if link.role is Role.NOT_RECORDED else link.role.in_words,
        "role_as_given": link.role_word,
        "date": None if link.date is None else str(link.date),
        "grade": link.grade,
        "told_by": link.source,
        "times": link.times if link.times > 1 else None,
        **{_plain(name): text for name, text in link.attributes.items()},
    }
    return {name: each for name, each in fields.items() if each is not None}


def _plain(name: str) -> str:
    """Return an attribute's name that no graph library takes for its own."""
    return f"{name}_as_given" if name in _TAKEN else name
