"""The neighbourhood of an entity, as a networkx graph. Knows what it may read, and nothing of who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import networkx as nx

from engine.domain.errors import NotFoundError
from engine.links.kinds import Role, Shape
from engine.links.model import Link, LinksRead

HUB_CAP = 50
"""An object with more links than this is drawn, not expanded: a hostel or a switchboard joins strangers."""
MOST_DRAWN = 20_000
MOST_USERS_READ = 400
"""In the record a thing with more links than this is a hub whatever the cap; so many are not drawn."""
SHARED = frozenset({Shape.CONTACT, Shape.OBJECT, Shape.PLACE, Shape.ORDER})
"""Shapes that many may share, and that are no more than that."""
_TAKEN = {"id", "key", "source", "target", "name", "value", "start", "end", "pid", "parents", "viz", "weight"}
EXPANDED_ALWAYS = (Shape.PERSON, Shape.INCIDENT)


class Hub(NamedTuple):
    """An object with so many links that it was drawn and not expanded."""

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
    links: LinksRead,
    entity_id: str,
    *,
    hops: int,
    hub_cap: int = HUB_CAP,
    kinds: Collection[str] | None = None,
    most: int = MOST_DRAWN,
) -> Neighbourhood:
    """Return the entities within so many links of one, and every link between them.

    An object (a phone, a vehicle, a place: anything but a person or an incident) with more links than
    ``hub_cap`` is drawn and not expanded, unless it is the one asked about; the answer names it.

    Parameters
    ----------
    links : LinksRead
        A register, or the record as one viewer may see it.
    entity_id : str
        The entity in the middle.
    hops : int
        How many links away. From a person to an incident is one hop, to the others in it two.
    hub_cap : int
        The most links of an object that is still expanded.
    kinds : collection of str, optional
        Follow and draw only links of these kinds.
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

    Notes
    -----
    The cost grows with what is drawn and with the links of the hubs in it, not with the register.
    """
    middle = links.find(entity_id)
    if middle is None:
        raise not_there(entity_id)
    drawn, hubs, frontier, left_out = {middle: 0}, set[int](), [middle], 0
    for hop in range(1, hops + 1):
        reached: dict[int, None] = {}
        links.ahead(frontier)
        for number in frontier:
            if number != middle and _is_hub(links, number, hub_cap):
                hubs.add(number)
                continue
            for step in links.steps(number):
                if step.to not in drawn and (kinds is None or links.link(step.number).kind in kinds):
                    reached[step.to] = None
        frontier = list(reached)[: max(0, most - len(drawn))]
        left_out += len(reached) - len(frontier)
        drawn |= dict.fromkeys(frontier, hop)
    links.ahead([number for number in frontier if links.shape_of(number) not in EXPANDED_ALWAYS])
    hubs |= {number for number in frontier if number != middle and _is_hub(links, number, hub_cap)}
    result = sorted(
        (Hub(links.id_of(n), links.degree(n)) for n in hubs), key=lambda hub: (-hub.links, hub.id)
    )
    return Neighbourhood(drawn_graph(links, drawn, kinds=kinds), tuple(result), left_out)


def drawn_graph(
    links: LinksRead, drawn: Iterable[int], *, kinds: Collection[str] | None = None
) -> nx.MultiDiGraph[str]:
    """Return these entities and every link between them,
    with the attributes that were recorded and no others.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    ids: dict[int, str] = {}
    drawn = list(drawn)
    between = links.among(drawn)
    for number in drawn:
        entity = links.entity(number)
        ids[number] = entity.id
        more = {"type": entity.type, "label": entity.label, **entity.attributes}
        graph.add_node(entity.id, **{_plain(name): text for name, text in more.items() if text is not None})
    for number in between:
        link = links.link(number)
        if kinds is None or link.kind in kinds:
            graph.add_edge(ids[link.start], ids[link.end], key=links.link_id(number), **link_attributes(link))
    return graph


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


def _is_hub(links: LinksRead, number: int, hub_cap: int) -> bool:
    return links.shape_of(number) not in EXPANDED_ALWAYS and links.degree(number) > hub_cap
