"""A map of links as the component draws it, and as the table beside it: the same links in the same order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from dashboard import markup, words
from dashboard.link_graph.component import Picture
from dashboard.link_graph.styles import colour_of_group, outline
from dashboard.pages import Place
from engine.domain.links.looks import LOOKS, look_of
from engine.domain.links.map_measures import Colouring, MapMeasures
from engine.domain.links.maps import LinkMap, MapAsked, MapNode, NamedIn
from engine.domain.links.sheets import MapSheet, SheetLine
from engine.domain.links.views import LinkEdge, NodeKind

_SMALLEST, _LARGEST = 18, 58
"""Sizes of the drawn items; the area grows with the measure."""
_FEW = 60
"""Up to so many nodes those who were named as perpetrator or victim are drawn large."""
_NAMED: dict[NamedIn | None, str] = {
    NamedIn.PERPETRATOR: "named as perpetrator",
    NamedIn.VICTIM: "named as victim",
    NamedIn.BOTH: "named as perpetrator and as victim",
    None: "",
}
NOTE = "\u270e"
"""The sign of an item with a note."""
MAY_BE_ONE = "may be the same person"
MOST_CASES = 3
"""Cases of one item that its menu offers to open."""
_THINGS = frozenset(NodeKind) - {NodeKind.PERSON, NodeKind.INCIDENT, NodeKind.REFERRAL}


def picture(
    drawn: LinkMap,
    sheet: MapSheet,
    *,
    room: bool = False,
    path: Sequence[str] = (),
    measures: MapMeasures | None = None,
    dark: bool = False,
) -> Picture:
    """Return what the component is given: only what it shows. Measures give sizes and colours."""
    few = len(sheet.nodes) <= _FEW
    pinned = drawn.asked.all_pinned
    nodes = tuple(
        {
            **_node(node, drawn.middle, few=few, room=room),
            **_acts(node, sheet, pinned=pinned, apart=drawn.asked.unbundled),
        }
        for node in sheet.nodes
    )
    noted = {note.drawn for note in sheet.notes}
    nodes = tuple(
        {**node, "label": f"{node['label']} {NOTE}"} if node["id"] in noted else node for node in nodes
    )
    if measures is not None:
        nodes = tuple(_with_measures(node, drawn.asked, measures, dark=dark) for node in nodes)
    nodes = tuple(_with_agencies(node, drawn) for node in nodes)
    pairs = ((pair, sheet.drawn_as(pair.one), sheet.drawn_as(pair.other)) for pair in drawn.may_be_one)
    edges = tuple(_line(line) for line in sheet.lines) + tuple(
        {
            "id": f"{pair.one} may be {pair.other}",
            "source": one,
            "target": other,
            "label": MAY_BE_ONE,
            "says": MAY_BE_ONE,
            "strong": False,
            "inferred": True,
            "mutual": True,
            "alike": True,
        }
        for pair, one, other in pairs
        if one != other
    )
    stops = dict.fromkeys(stop for node in path if (stop := sheet.drawn_as(node)) is not None)
    return Picture(nodes, edges, description=alt(drawn, sheet), middle=drawn.middle, path=tuple(stops))


def _line(line: SheetLine) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": line.id,
        "source": line.source,
        "target": line.target,
        "label": line.in_words,
        "says": line.in_full,
        "strong": line.is_strong,
        "inferred": line.is_unconfirmed,
    }
    if line.both_ways:
        fields["mutual"] = True
    if line.is_bundle:
        fields["bundle"] = len(line.links)
    if all(link.date is not None for link in line.links):
        fields["month"] = f"{min(link.date.earliest for link in line.links if link.date is not None):%Y-%m}"
    return fields


def _acts(
    each: MapNode, sheet: MapSheet, *, pinned: Collection[str], apart: Collection[str]
) -> dict[str, object]:
    """Return what the menu of an item depends on."""
    node = each.node.id
    fields: dict[str, object] = {}
    if each.group is not None:
        fields["group"] = True
    elif node in sheet.folds_by_node:
        fields["folds"] = True
    if node in pinned:
        fields["pinned"] = True
    if each.node.cases:
        fields["cases"] = list(each.node.cases[:MOST_CASES])
    if node in apart:
        fields["apart"] = True
    return fields


def alt(drawn: LinkMap, sheet: MapSheet) -> str:
    """Return the picture in one sentence."""
    kinds = [
        words.counted(sum(each.node.kind is kind for each in drawn.nodes), *_counted_as(kind))
        for kind in NodeKind
        if any(each.node.kind is kind for each in drawn.nodes)
    ]
    folded = sum(len(each.stands_for) - 1 for each in drawn.nodes if each.stands_for)
    more = f" ({folded:,} more are grouped with others)" if folded else ""
    groups = sum(each.group is not None for each in sheet.nodes)
    if groups:
        more += f", drawn as {words.counted(len(sheet.nodes), 'node')}, {groups:,} of them groups"
    pairs = len(drawn.may_be_one)
    alike = f" {words.counted(pairs, 'pair')} of people {MAY_BE_ONE}." if pairs else ""
    joined = words.counted(len(drawn.edges), "link")
    return f"Link graph of {words.listed(kinds)}{more}, joined by {joined}.{alike}"


def _counted_as(kind: NodeKind) -> tuple[str, str | None]:
    return {
        NodeKind.PERSON: ("person", "people"),
        NodeKind.EMAIL: ("email address", "email addresses"),
        NodeKind.PHONE: ("phone number", None),
    }.get(kind, (kind.value, None))


def _node(each: MapNode, middle: str, *, few: bool, room: bool) -> dict[str, object]:
    node = each.node
    said = LOOKS[look_of(each) if each.group else node.kind.value].words
    named = _NAMED[each.named_in]
    fields: dict[str, object] = {
        "id": node.id,
        "label": label(each, room=room),
        "kind": look_of(each),
        "says": f"{said}, {named}" if named else said,
        "x": each.x,
        "y": each.y,
    }
    if each.stands_for:
        fields["many"] = True
    if node.id == middle or (few and each.named_in is not None):
        fields["large"] = True
    if node.is_hub:
        fields["hub"] = True
    return fields


def _with_measures(
    node: dict[str, object], asked: MapAsked, measures: MapMeasures, *, dark: bool
) -> dict[str, object]:
    """Return a node with the size of its measure and the colour and number of its group.

    An item without a measure has the usual size.
    """
    more: dict[str, object] = {}
    if asked.sized_by is not None:
        sizes = {item.id: item.values[asked.sized_by] for item in measures.items}
        most = max(sizes.values(), default=0.0)
        if most > 0 and node["id"] in sizes:
            share = sizes[str(node["id"])] / most
            more["size"] = round(_SMALLEST + (_LARGEST - _SMALLEST) * share**0.5)
    if asked.coloured_by is not Colouring.KIND:
        group = measures.groups[asked.coloured_by].get(str(node["id"]))
    else:
        group = None
    if group is not None:
        name = f"{asked.coloured_by.value} {group}"
        more |= {
            "colour": colour_of_group(group, dark=dark),
            "label": f"{node['label']} ({group})",
            "says": f"{node['says']}, {name}",
        }
    return {**node, **more}


def _with_agencies(node: dict[str, object], drawn: LinkMap) -> dict[str, object]:
    """Return a case with the agencies to ask about it; any other node as it is."""
    agencies = [each.agency for each in drawn.hidden_records if each.case == node["id"]]
    if not agencies:
        return node
    asked = f"ask {words.listed(agencies)}"
    return {**node, "label": f"{node['label']} ({asked})", "says": f"{node['says']}, exists: {asked}"}


def hidden_records(drawn: LinkMap) -> markup.Markup | None:
    """Return whom to ask about cases on the map, as a table beside it; None where no owner chose that."""
    if not drawn.hidden_records:
        return None
    rows = [(markup.go(each.case, Place.CASE, each.case), each.sentence) for each in drawn.hidden_records]
    return markup.table(("Case", "Record"), rows, caption="Records to ask about. They are in no file")


def label(each: MapNode, *, room: bool = False) -> str:
    """Return the node's name; on the room's screen initials for a person, and no number or handle."""
    node = each.node
    if each.stands_for_in_words:
        dated = each.group is None or each.span is not None
        return f"{each.stands_for_in_words}, {_span(each)}" if dated else each.stands_for_in_words
    if not room or node.is_pseudonym:
        return node.label
    if node.kind is NodeKind.PERSON:
        return "".join(f"{part[0].upper()}." for part in node.label.split() if part[0].isalpha()) or "person"
    return LOOKS[node.kind.value].words if node.kind in _THINGS else node.label


def _span(each: MapNode) -> str:
    if each.span is None:
        return "no date recorded"
    first, last = (words.day(day, year=True) for day in each.span)
    return first if first == last else f"{first} to {last}"


def key(drawn: LinkMap, sheet: MapSheet, *, dark: bool) -> markup.Markup:
    """Return shapes and lines in words, for those that occur."""
    there = {look_of(each) for each in sheet.nodes}
    plain = drawn.asked.coloured_by is not Colouring.KIND
    parts = [
        markup.element(
            "span",
            markup.image(outline(kind, dark=dark, plain=plain), width=13, height=13),
            " ",
            look.words,
            class_="look",
        )
        for kind, look in LOOKS.items()
        if kind in there
    ]
    if any(edge.role == "perpetrator" for edge in drawn.edges):
        parts.append(markup.element("span", "Red line: named as perpetrator"))
    if any(edge.is_unconfirmed for edge in drawn.edges):
        parts.append(markup.element("span", "Dashed line: not confirmed, by its grade"))
    if drawn.may_be_one:
        parts.append(markup.element("span", f"Dashed line between 2 people: {MAY_BE_ONE}, not yet decided"))
    if any(line.is_bundle for line in sheet.lines):
        parts.append(markup.element("span", "Thick line with a number: parallel links, each in the table"))
    if not drawn.asked.all_pinned.isdisjoint(each.node.id for each in sheet.nodes):
        parts.append(markup.element("span", "Square outline: pinned"))
    if sheet.undated is not None:
        parts.append(markup.element("span", _in_time(sheet)))
    if drawn.asked.sized_by is not None:
        sized = f"Size: {drawn.asked.sized_by.value}. Victims, children and most people have the usual size"
        parts.append(markup.element("span", sized))
    if drawn.asked.coloured_by is not Colouring.KIND:
        what = drawn.asked.coloured_by.value
        parts.append(markup.element("span", f"Colour and number in brackets: {what}"))
    if any(each.node.is_hub for each in drawn.nodes):
        parts.append(markup.element("span", "Double outline: shared by too many to expand"))
    return markup.element("p", *parts, class_="key")


def _in_time(sheet: MapSheet) -> str:
    """Return what places mean in the layout by time."""
    text = "From left to right: an item's own date, else the first date of its links"
    if sheet.undated:
        text += f". Farthest left: {words.counted(sheet.undated, 'item')} without a date"
    return text


def may_be_one(drawn: LinkMap, *, room: bool = False) -> markup.Markup | None:
    """Return the same in sentences, for a reader who does not see the picture.

    Return None where no two may be one.
    """
    named = {each.node.id: f"{label(each, room=room)} ({each.node.id})" for each in drawn.nodes}
    sentences = [
        pair.sentence.replace(pair.one, named[pair.one]).replace(pair.other, named[pair.other])
        for pair in drawn.may_be_one
    ]
    return markup.bullets(sentences) if sentences else None


def notes(drawn: LinkMap, sheet: MapSheet) -> markup.Markup | None:
    """Return the caption and the notes of the person who works on the map; None if there are none."""
    names = {each.node.id: label(each) for each in drawn.nodes}
    caption = drawn.asked.notes.caption
    texts = [
        *([f"Caption: {caption}"] if caption else []),
        *(f"{NOTE} {names[note.node]}: {note.text}" for note in sheet.notes),
    ]
    return markup.bullets(texts) if texts else None


def rows_of(drawn: LinkMap, selected: Collection[str]) -> tuple[LinkEdge, ...]:
    """Return the links of the chosen nodes, or all of them."""
    if not selected:
        return drawn.edges
    return tuple(edge for edge in drawn.edges if edge.source in selected or edge.target in selected)


def table(
    drawn: LinkMap,
    edges: Iterable[LinkEdge],
    *,
    caption: str,
    room: bool = False,
    on_path: Collection[str] = (),
) -> markup.Markup:
    """Return the links in words."""
    named = {each.node.id: each for each in drawn.nodes}
    rows, marked = [], []
    for edge in edges:
        rows.append(
            (
                _called(named[edge.source], room=room),
                edge.kind,
                edge.role or markup.none_recorded("no role claimed"),
                _called(named[edge.target], room=room),
                _when(edge, named),
                edge.grade or markup.none_recorded("not graded"),
                edge.told_by or markup.none_recorded("not recorded"),
            )
        )
        marked.append("wait" if edge.source in on_path and edge.target in on_path else None)
    headers = ("From", "Link", "Role claimed", "To", "When", "Grade", "Source")
    return markup.table(headers, rows, caption=caption, marked=marked)


def _when(edge: LinkEdge, named: Mapping[str, MapNode]) -> markup.Content:
    for end in (named[edge.source], named[edge.target]):
        if end.stands_for:
            return _span(end)
    return edge.date.in_words() if edge.date else markup.none_recorded("no date recorded")


def _called(each: MapNode, *, room: bool) -> markup.Markup:
    return markup.safe(label(each, room=room))
