"""Acts on items of a map, by its menu, by keys in the picture and by the buttons above it."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from dashboard import pages, session
from dashboard.errors import keep_errors
from dashboard.link_graph import component
from dashboard.pages import Place
from dashboard.views.links import patterns as link_patterns
from dashboard.views.links import steps as link_steps
from engine.domain.errors import InvalidInputError
from engine.domain.links.arrangements import Placed
from engine.domain.links.maps import LinkMap, MapAsked, MapNode
from engine.domain.links.sheets import MapSheet

_CASE = "links-case-to-open"
_WORDS = {
    "expand": "expand",
    "hide": "hide",
    "pin": "pin",
    "fold": "fold",
    "apart": "show each link of",
}


def on_menu(network: bool) -> tuple[str, ...]:
    """Return the acts of the menu; the patterns and cases are the record's."""
    return tuple(act for act in component.ACTS if not (network and act in ("case", "patterns")))


def ask() -> None:
    """Do what was asked for in the picture."""
    wanted = component.asked(link_steps.KEY)
    if wanted is not None:
        do(wanted.act, wanted.nodes, case=wanted.case)


def do(act: str, names: Iterable[str], *, case: str | None = None) -> None:
    """Do this with these items, if they are drawn; each change of the map is a step that can be undone."""
    with keep_errors(link_steps.KEY):
        _do(act, names, case=case)


def _do(act: str, names: Iterable[str], *, case: str | None) -> None:
    steps, drawn = link_steps.current(), link_steps.drawn_before()
    if steps is None or drawn is None:
        return
    sheet = link_steps.sheet(drawn)
    nodes = [node for name in names if (node := sheet.node(name)) is not None]
    if not nodes:
        return
    first = nodes[0]
    match act:
        case "expand" | "hide" | "pin" | "fold" | "apart":
            link_steps.to(steps.by(lambda asked: _changed(asked, act, nodes, sheet)))
        case "here" if first.group is None:
            link_steps.begin(first.node.id, steps.now.hops)
        case "path" if first.group is None:
            link_steps.path_to(first.node.id)
        case "patterns" if first.group is None:
            link_steps.begin(first.node.id, steps.now.hops)
            link_patterns.choose_first()
        case "case" if case in first.node.cases:
            session.keep(_CASE, case)
        case _:
            pass  # forged, or of a map that was drawn before


def _changed(asked: MapAsked, act: str, nodes: Iterable[MapNode], sheet: MapSheet) -> MapAsked:
    """Return it with the act on each of these. Raises InvalidInputError where that is more than a map has."""
    try:
        for each in nodes:
            asked = _with(asked, act, each, sheet)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        most = fault.get("ctx", {}).get("max_length")
        if most is None:
            raise
        raise InvalidInputError("map", f"{_WORDS[act]} at most {most:,} items") from None
    return asked


def _with(asked: MapAsked, act: str, each: MapNode, sheet: MapSheet) -> MapAsked:
    node = each.node.id
    match act:
        case "expand":
            return asked.unfolding(node) if each.group else asked.opening(node)
        case "hide":
            for name in sorted(sheet.shows(node)):
                asked = asked if each.node.is_middle else asked.hiding(name)
            return asked
        case "pin" if node in asked.all_pinned:
            return asked.without_places([node])
        case "pin":
            return asked.placing(Placed(node=node, x=each.x, y=each.y))
        case "fold" if node in sheet.folds_by_node and each.group is None:
            return asked.unfolding(sheet.folds_by_node[node])
        case "apart":
            return asked.unbundling(node)
        case _:
            return asked


def open_case_asked_for() -> None:
    """Go to the case that was asked for in the menu."""
    case: str | None = session.stored_value(_CASE, str)
    if case:
        session.keep(_CASE, None)
        pages.go(Place.CASE, case)


def on_these(drawn: LinkMap, sheet: MapSheet) -> tuple[str, ...]:
    """Return the items that an act is about: the marked ones, or else the chosen one."""
    chosen = link_steps.selected(sheet)
    marked = link_steps.marked(sheet)
    return marked or ((chosen,) if chosen else ())
