"""Neighbourhoods put together, and cut to what a user wants to see. Knows no record and no page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

from engine.domain.links.maps import GradeCut, LeftOut, MapAsked, MonthOfLinks, NamedIn
from engine.domain.links.views import LinkEdge, LinkHub, LinkNode, LinkNotes, LinkView, MayBeOne, NodeKind
from engine.links.building import RegisterBuilder
from engine.links.exporting.i2 import strength
from engine.links.kinds import Role, is_suspected_false, role_of
from engine.links.register import Register

_ENOUGH_TO_FOLD = 3
_MONTH = len("2026-03")


def merged(views: Sequence[LinkView], *, most: int) -> LinkView:
    """Return one view of several: the first names the middle,
    and what comes first stays when room is short.
    """
    first = views[0]
    nodes: dict[str, LinkNode] = {}
    for node in chain.from_iterable(view.nodes for view in views):
        there = nodes.get(node.id)
        if there is None:
            nodes[node.id] = node.model_copy(update={"is_middle": node.id == first.middle})
        elif there.is_pseudonym and not node.is_pseudonym:
            nodes[node.id] = node.model_copy(update={"is_middle": there.is_middle})
    link_nodes_by_name = dict(list(nodes.items())[:most])
    opened = {view.middle for view in views}
    link_nodes_by_name = {
        name: _no_hub(node) if name in opened else node for name, node in link_nodes_by_name.items()
    }
    edges = {edge.id: edge for edge in chain.from_iterable(view.edges for view in views)}
    inside = tuple(
        each
        for each in edges.values()
        if each.source in link_nodes_by_name and each.target in link_nodes_by_name
    )
    return first.model_copy(
        update={
            "nodes": tuple(link_nodes_by_name.values()),
            "edges": inside,
            "may_be_one": _may_be_one(views),
            "told": _notes_of(views, opened, beyond=len(nodes) - len(link_nodes_by_name)),
        }
    )


def _may_be_one(views: Iterable[LinkView]) -> tuple[MayBeOne, ...]:
    by_pair = {
        frozenset((pair.one, pair.other)): pair for view in reversed([*views]) for pair in view.may_be_one
    }
    return tuple(by_pair.values())


def _no_hub(node: LinkNode) -> LinkNode:
    return node.model_copy(update={"is_hub": False})


def _notes_of(views: Sequence[LinkView], opened: set[str], *, beyond: int) -> LinkNotes:
    hubs: dict[str, LinkHub] = {}
    for hub in chain.from_iterable(view.told.hubs for view in views):
        if hub.id not in opened:
            hubs.setdefault(hub.id, hub)
    about_hubs = tuple(f"{name} has " for name in opened)
    values = dict.fromkeys(chain.from_iterable(view.told.says for view in views))
    texts = [each for each in values if not each.startswith(about_hubs)]
    if beyond:
        texts.insert(0, f"{beyond:,} more would not fit on this map: hide some, or begin elsewhere.")
    return views[0].told.model_copy(
        update={
            "hubs": tuple(hubs.values()),
            "left_out": sum(view.told.left_out for view in views) + beyond,
            "pseudonymised": any(view.told.pseudonymised for view in views),
            "says": tuple(texts),
        }
    )


def cut(view: LinkView, asked: MapAsked) -> tuple[tuple[LinkNode, ...], tuple[LinkEdge, ...], LeftOut]:
    """Return what is shown, in the order of reading, and how much is left out."""
    left: Counter[str] = Counter()
    shown: dict[str, LinkNode] = {}
    for node in view.nodes:
        if node.id == view.middle:
            shown[node.id] = node
        elif node.id in asked.hidden:
            left["hidden"] += 1
        elif node.kind in asked.kinds_left_out:
            left["by_kind"] += 1
        else:
            shown[node.id] = node
    edges = []
    for edge in view.edges:
        if edge.source not in shown or edge.target not in shown:
            continue
        why = _why_left_out(edge, asked)
        if why:
            left[why] += 1
        else:
            edges.append(edge)
    held = {end for edge in edges for end in (edge.source, edge.target)} | {view.middle}
    nodes = tuple(node for node in shown.values() if node.id in held)
    left["alone"] = len(shown) - len(nodes)
    if asked.since or asked.until:
        left["undated"] = sum(edge.date is None for edge in edges)
    return nodes, tuple(edges), LeftOut(**left)


def folded(
    nodes: Sequence[LinkNode], edges: Sequence[LinkEdge], *, apart: Container[str]
) -> tuple[tuple[LinkNode, ...], tuple[LinkEdge, ...], dict[str, tuple[LinkNode, ...]]]:
    """Return the incidents with the same people in the same roles as one, where there are three and more.

    The first of them represents all; ``apart`` names those that are left as they are.
    """
    about: dict[str, set[tuple[str, str, str | None, str | None]]] = defaultdict(set)
    for edge in edges:
        about[edge.source].add((edge.target, edge.kind, edge.role, edge.grade))
        about[edge.target].add((edge.source, edge.kind, edge.role, edge.grade))
    alike: dict[frozenset[tuple[str, str, str | None, str | None]], list[LinkNode]] = defaultdict(list)
    for node in nodes:
        if node.kind is NodeKind.INCIDENT and node.id not in apart:
            alike[frozenset(about[node.id])].append(node)
    groups = {those[0].id: tuple(those) for those in alike.values() if len(those) >= _ENOUGH_TO_FOLD}
    gone = {node.id for those in groups.values() for node in those[1:]}
    link_nodes = tuple(node for node in nodes if node.id not in gone)
    first_of = {node.id: those[0].id for those in groups.values() for node in those}
    tellers: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for edge in edges:
        if edge.told_by:
            tellers[_joined(edge, first_of)][edge.told_by] = None
    shown = tuple(
        edge.model_copy(update={"told_by": ", ".join(tellers[_joined(edge, first_of)]) or None})
        for edge in edges
        if edge.source not in gone and edge.target not in gone
    )
    return link_nodes, shown, groups


def _joined(edge: LinkEdge, first_of: Mapping[str, str]) -> tuple[str, ...]:
    ends = (first_of.get(edge.source, edge.source), first_of.get(edge.target, edge.target))
    return (*ends, edge.kind, edge.role or "", edge.id if not {*ends} & {*first_of} else "")


def span_of(nodes: Iterable[LinkNode]) -> tuple[date, date] | None:
    """Return the first and the last day that the dates of these may mean."""
    dates = [node.date for node in nodes if node.date is not None]
    return (min(day.earliest for day in dates), max(day.latest for day in dates)) if dates else None


def _why_left_out(edge: LinkEdge, asked: MapAsked) -> str | None:
    if edge.kind in asked.links_left_out:
        return "by_link_kind"
    if asked.grades is GradeCut.NOT_FALSE and is_suspected_false(edge.grade or ""):
        return "by_grade"
    if asked.grades is GradeCut.CONFIRMED and strength(edge.grade) != "Confirmed":
        return "by_grade"
    if edge.date is not None:  # a link is left out only where it is certainly outside
        if asked.since and edge.date.latest < asked.since:
            return "by_time"
        if asked.until and edge.date.earliest > asked.until:
            return "by_time"
    return None


def named_in(edges: Iterable[LinkEdge]) -> dict[str, NamedIn]:
    """Return the roles that these links name each person in."""
    roles: dict[str, Role] = {}
    for edge in edges:
        role = role_of(edge.role) if edge.role else None
        if role:
            roles[edge.source] = roles.get(edge.source, Role.NOT_RECORDED) | role
    found = {}
    for person, role in roles.items():
        is_perpetrator, is_victim = bool(role & Role.PERPETRATOR), bool(role & Role.VICTIM)
        if is_perpetrator and is_victim:
            found[person] = NamedIn.BOTH
        elif is_perpetrator or is_victim:
            found[person] = NamedIn.PERPETRATOR if is_perpetrator else NamedIn.VICTIM
    return found


def days_of(edges: Iterable[LinkEdge]) -> tuple[date | None, date | None]:
    """Return the first and the last day that the dates of these links may mean."""
    dates = [edge.date for edge in edges if edge.date is not None]
    if not dates:
        return None, None
    return min(day.earliest for day in dates), max(day.latest for day in dates)


def months_of(edges: Iterable[LinkEdge]) -> tuple[tuple[MonthOfLinks, ...], int]:
    """Return the links of each month from the first to the last, and how many have no month."""
    edges = tuple(edges)
    counts = Counter(str(edge.date)[:_MONTH] for edge in edges if edge.date and len(str(edge.date)) >= _MONTH)
    if not counts:
        return (), len(edges)
    first, last = (_number_of(month) for month in (min(counts), max(counts)))
    months = (f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))
    return (
        tuple(MonthOfLinks(month=month, links=counts[month]) for month in months),
        len(edges) - counts.total(),
    )


def _number_of(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def kinds_of(view: LinkView) -> tuple[NodeKind, ...]:
    """Return the kinds of nodes that are there, in their own order."""
    there = {node.kind for node in view.nodes}
    return tuple(kind for kind in NodeKind if kind in there)


def register_of(nodes: Iterable[LinkNode], edges: Iterable[LinkEdge]) -> Register:
    """Return the same as a register, for detectors and for files of other programs."""
    building = RegisterBuilder()
    for node in nodes:
        dated = {"date": str(node.date)} if node.date else {}
        building.add_entity(node.id, node.kind.value, node.label, attributes=dated)
    for edge in edges:
        building.add_link(
            edge.source,
            edge.target,
            edge.kind,
            link_id=edge.id,
            role=(role_of(edge.role) if edge.role else None) or Role.NOT_RECORDED,
            date=edge.date,
            grade=edge.grade or "",
            source=edge.told_by or "",
        )
    return building.register()
