"""The drawing of a map: groups as one node, parallel links as one line, places by the layout.

Only what is on the map is in a group: what was left out for its viewer, or by them, is counted nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never

from engine.domain.links.arrangements import Arrangement, Grouping
from engine.domain.links.looks import LOOKS, look_of
from engine.domain.links.maps import LinkMap, MapGroup, MapNode
from engine.domain.links.sheets import MapSheet, SheetLine, SheetNote
from engine.domain.links.views import LinkEdge, LinkNode, NodeKind
from engine.links.arrangements import by_time, in_circle, in_layers
from engine.links.layout import Point, layout
from engine.links.map_cutting import span_of

_PLURALS = {
    NodeKind.PERSON: "people",
    NodeKind.PHONE: "phone numbers",
    NodeKind.EMAIL: "email addresses",
    NodeKind.OTHER: "other items",
}


def sheet_of(drawn: LinkMap, *, communities: Mapping[str, int] | None = None) -> MapSheet:
    """Return what is drawn of a map as it is asked for.

    ``communities`` has the number of each item's community, and is needed only to group by it.
    """
    asked = drawn.asked
    groups = {name: those for name, those in _groups(drawn, communities or {}).items() if len(those) > 1}
    by_id = {each.node.id: each for each in drawn.nodes}
    folds = {node: name for name, those in groups.items() for node in those}
    shown_as = {node: name for node, name in folds.items() if name not in asked.unfolded}
    lines = _lines(drawn, shown_as)
    nodes = list(
        {
            (name := shown_as.get(each.node.id, each.node.id)): _group_node(
                name, [by_id[node] for node in groups[name]], lines
            )
            if each.node.id in shown_as
            else each
            for each in drawn.nodes
        }.values()
    )
    days = _days(drawn, nodes) if asked.arranged is Arrangement.TIME else {}
    places = _places(drawn, nodes, lines, days)
    for each in asked.placed:
        if each.node in places and (each.pinned or asked.arranged is Arrangement.FORCE):
            places[each.node] = Point(each.x, each.y)
    return MapSheet(
        nodes=tuple(
            each.model_copy(update={"x": places[each.node.id].x, "y": places[each.node.id].y})
            for each in nodes
        ),
        lines=lines,
        folds_by_node=folds,
        notes=tuple(
            SheetNote(drawn=shown_as.get(note.node, note.node), node=note.node, text=note.text)
            for note in asked.notes.on_items
            if note.node in by_id
        ),
        undated=len(nodes) - len(days) if asked.arranged is Arrangement.TIME else None,
    )


def _groups(drawn: LinkMap, communities: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the items of each group by its name. The middle is in none."""
    grouping = drawn.asked.grouped_by
    groups: dict[str, list[str]] = defaultdict(list)
    apart = [each.node for each in drawn.nodes if each.node.id != drawn.middle]
    match grouping:
        case Grouping.NOTHING:
            pass
        case Grouping.KIND:
            for node in apart:
                groups[f"kind:{node.kind.value}"].append(node.id)
        case Grouping.COMMUNITY:
            for node in apart:
                if node.id in communities:
                    groups[f"community:{communities[node.id]}"].append(node.id)
        case Grouping.PLACE:
            for item, place in _only_places(drawn, apart).items():
                groups[f"place:{place}"].append(item)
        case Grouping.MAY_BE_ONE:
            for those in _all_alike(drawn):
                groups[f"may-be-one:{those[0]}"] = those
        case _:
            assert_never(grouping)
    return groups


def _only_places(drawn: LinkMap, apart: Sequence[LinkNode]) -> dict[str, str]:
    """Return the place of each item that is linked to one place on the map, and of the place itself."""
    places = {node.id for node in apart if node.kind is NodeKind.PLACE}
    at: dict[str, set[str]] = defaultdict(set)
    for edge in drawn.edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if other in places:
                at[one].add(other)
    found = {node.id: next(iter(at[node.id])) for node in apart if len(at[node.id]) == 1}
    return {
        node.id: node.id if node.id in places else found[node.id]
        for node in apart
        if node.id in places or node.id in found
    }


def _all_alike(drawn: LinkMap) -> list[list[str]]:
    """Return people who may each be any other of their group, and no other person: readings do not chain."""
    alike: dict[str, set[str]] = defaultdict(set)
    for pair in drawn.may_be_one:
        for one in (pair.one, pair.other):
            alike[one] |= {pair.one, pair.other}
    whole = [
        those
        for node, those in alike.items()
        if node == min(those) and all(alike[each] == those for each in those)
    ]
    return [sorted(those) for those in whole if drawn.middle not in those]


def _group_node(name: str, members: Sequence[MapNode], lines: Sequence[SheetLine]) -> MapNode:
    first = next((each for each in members if name.endswith(f":{each.node.id}")), members[0])
    count = sum(len(each.stands_for) or 1 for each in members)
    kind = name.partition(":")[0]
    is_mixed = len({each.node.kind for each in members}) > 1
    label = {
        "kind": f"{count} {_plural(first.node.kind)}",
        "place": f"{count} items at {first.node.label}",
        "may-be-one": f"{count} people who may be one",
        "community": f"community {name.partition(':')[2]}: {count} items",
    }[kind]
    roles = {each.named_in for each in members}
    return MapNode(
        node=LinkNode(id=name, kind=first.node.kind, label=label),
        x=sum(each.x for each in members) / len(members),
        y=sum(each.y for each in members) / len(members),
        links=sum(name in (line.source, line.target) for line in lines),
        stands_for=tuple(each.node.id for each in members),
        span=_span_of(members),
        named_in=roles.pop() if len(roles) == 1 else None,
        group=MapGroup(says=label, is_mixed=is_mixed),
    )


def _span_of(members: Sequence[MapNode]) -> tuple[date, date] | None:
    """Return the first and last dates of these, items or incidents drawn as one."""
    spans = [span for each in members if (span := each.span or span_of([each.node])) is not None]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def _plural(kind: NodeKind) -> str:
    return _PLURALS.get(kind, f"{LOOKS[kind.value].words}s")


def _lines(drawn: LinkMap, shown_as: Mapping[str, str]) -> tuple[SheetLine, ...]:
    """Return the lines; links inside a group have none."""
    asked = drawn.asked
    between: dict[tuple[str, ...], list[tuple[str, str, LinkEdge]]] = defaultdict(list)
    for edge in drawn.edges:
        source, target = shown_as.get(edge.source, edge.source), shown_as.get(edge.target, edge.target)
        if source == target and edge.source != edge.target:
            continue
        is_apart = not asked.bundles or {source, target} & {*asked.unbundled}
        key = (edge.id,) if is_apart else (min(source, target), max(source, target))
        between[key].append((source, target, edge))
    return tuple(
        SheetLine(
            id=those[0][2].id,
            source=those[0][0],
            target=those[0][1],
            links=tuple(edge for _, _, edge in those),
            both_ways=len({source for source, _, _ in those}) > 1,
        )
        for those in between.values()
    )


def _places(
    drawn: LinkMap, nodes: Sequence[MapNode], lines: Sequence[SheetLine], days: Mapping[str, date]
) -> dict[str, Point]:
    ids = [each.node.id for each in nodes]
    links = [(line.source, line.target) for line in lines]
    kinds = {each.node.id: f"{[*LOOKS].index(look_of(each)):02}" for each in nodes}
    arranged = drawn.asked.arranged
    match arranged:
        case Arrangement.FORCE:
            where = {each.node.id: Point(each.x, each.y) for each in nodes}
            if all(each.group is None for each in nodes):
                return where
            stay = {each.node.id: where[each.node.id] for each in nodes if each.group is None}
            return layout(ids, links, placed=stay)
        case Arrangement.LAYERS:
            return in_layers(ids, links, middle=drawn.middle)
        case Arrangement.CIRCLE:
            return in_circle(ids, middle=drawn.middle, kinds=kinds)
        case Arrangement.TIME:
            return by_time(ids, kinds=kinds, days=days)
        case _:
            assert_never(arranged)


def _days(drawn: LinkMap, nodes: Sequence[MapNode]) -> dict[str, date]:
    """Return the date of each drawn item: its own, else the first of its links' dates."""
    firsts: dict[str, date] = {}
    for edge in drawn.edges:
        if edge.date is not None:
            for end in (edge.source, edge.target):
                firsts[end] = min(edge.date.earliest, firsts.get(end, edge.date.earliest))
    own = {each.node.id: each.node.date.earliest for each in drawn.nodes if each.node.date is not None}
    found = {}
    for each in nodes:
        if each.span is not None:
            found[each.node.id] = each.span[0]
        else:
            days = [
                day for node in each.stands_for or (each.node.id,) if (day := own.get(node, firsts.get(node)))
            ]
            if days:
                found[each.node.id] = min(days)
    return found
