"""A neighbourhood of a register, in the same form as one of the record. Knows no file and no page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import networkx as nx

from engine.domain.dates import PartialDate
from engine.domain.links.maps import MapAsked
from engine.domain.links.views import LinkEdge, LinkHub, LinkNode, LinkNotes, LinkView, NodeKind
from engine.links.hubs import HUB_CAP
from engine.links.kinds import Role, Shape, folded
from engine.links.map_cutting import merged
from engine.links.model import Entity
from engine.links.neighbourhood import neighbourhood
from engine.links.register import Register

LONGEST_LABEL = 80
_KIND_OF_SHAPE = {
    Shape.PERSON: NodeKind.PERSON,
    Shape.INCIDENT: NodeKind.INCIDENT,
    Shape.CONTACT: NodeKind.ACCOUNT,
    Shape.PLACE: NodeKind.PLACE,
    Shape.ORDER: NodeKind.ORDER,
    Shape.REFERRAL: NodeKind.REFERRAL,
}
_KIND_OF_TYPE = {
    "mobile": NodeKind.PHONE,
    "telephone": NodeKind.PHONE,
    "sim": NodeKind.PHONE,
    "e-mail": NodeKind.EMAIL,
    "email address": NodeKind.EMAIL,
    "car": NodeKind.VEHICLE,
    **{kind.value: kind for kind in NodeKind},
}


def register_view(register: Register, asked: MapAsked, *, most: int, at: datetime) -> LinkView:
    """Return all within the distance of the start and next to what was opened, before it is cut by choice.

    Every item may have a measure: people in an imported network are not in the record. Raises NotFoundError.
    """
    views = [_around(register, asked.start, asked.hops, most, at)]
    views += [
        _around(register, node, 1, most, at) for node in asked.opened if register.find(node) is not None
    ]
    whole = merged(views, most=most)
    return whole.model_copy(update={"measured": tuple(node.id for node in whole.nodes)})


def _around(register: Register, entity_id: str, hops: int, most: int, at: datetime) -> LinkView:
    found = neighbourhood(register, entity_id, hops=hops, most=most)
    hubs = tuple(LinkHub(id=hub.id, users=hub.links) for hub in found.hubs)
    sentences = [f"{hub.id} has {hub.users:,} links: it is shown but not expanded." for hub in hubs]
    if found.left_out:
        sentences.append(f"{found.left_out:,} more are within this distance and are not shown.")
    sentences.append("A link does not show that people know each other.")
    return LinkView(
        middle=entity_id,
        hops=hops,
        hub_cap=HUB_CAP,
        at=None,
        kinds=(),
        nodes=nodes_in(register, found.graph, middle=entity_id, hubs=[hub.id for hub in hubs]),
        edges=edges_in(found.graph),
        told=LinkNotes(hubs=hubs, left_out=found.left_out, says=tuple(sentences)),
        read_at=at,
    )


def nodes_in(
    register: Register, graph: nx.MultiDiGraph[str], *, middle: str, hubs: Iterable[str] = ()
) -> tuple[LinkNode, ...]:
    """Return the nodes of a graph of a register; a long label is cut."""
    over = frozenset(hubs)
    nodes = []
    for name in graph:
        number = register.find(name)
        if number is None:
            continue  # the graph is of another register
        entity = register.entity(number)
        nodes.append(
            LinkNode(
                id=name,
                kind=_kind_of(entity),
                label=_short(entity.label or name),
                is_hub=name in over,
                is_middle=name == middle,
            )
        )
    return tuple(nodes)


def edges_in(graph: nx.MultiDiGraph[str]) -> tuple[LinkEdge, ...]:
    """Return the links of a graph of a register."""
    return tuple(
        LinkEdge(
            id=f"{start} {end} {key}",
            source=start,
            target=end,
            kind=str(fields["kind"]),
            role=_role(fields),
            date=PartialDate(fields["date"]) if "date" in fields else None,
            grade=fields.get("grade"),
            told_by=fields.get("told_by"),
        )
        for start, end, key, fields in graph.edges(keys=True, data=True)
    )


def entities_with(register: Register, text: str, *, most: int) -> tuple[tuple[int, ...], bool]:
    """Return the entities with this id, or whose id or label has this text; and whether there are more."""
    exact = register.find(text)
    wanted = folded(text)
    found = [] if exact is None else [exact]
    if not wanted:
        return (), False
    for number in range(len(register)):
        if number == exact:
            continue
        if wanted in folded(register.entities.labels[number]) or wanted in folded(register.id_of(number)):
            if len(found) == most:
                return tuple(found), True
            found.append(number)
    return tuple(found), False


def most_linked(register: Register) -> str:
    """Return the entity that is linked to most others, the first of several: where a first map begins."""
    return register.id_of(int(register.neighbours.argmax()))


def _kind_of(entity: Entity) -> NodeKind:
    return _KIND_OF_TYPE.get(folded(entity.type)) or _KIND_OF_SHAPE.get(entity.shape, NodeKind.OTHER)


def _role(fields: Mapping[str, str]) -> str | None:
    """Return the role, in the file's own word where it has another."""
    role = fields.get("role")
    return fields.get("role_as_given", role) if role == Role.OTHER.in_words else role


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"
