"""The buttons and choices above a map: steps, acts on the chosen items, and how the map is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import streamlit as st

from dashboard import forms, session
from dashboard.link_graph import pictures
from dashboard.views.links import acts as link_acts
from dashboard.views.links import notes as link_notes
from dashboard.views.links import source
from dashboard.views.links import steps as link_steps
from engine.domain.links.arrangements import Arrangement, Grouping
from engine.domain.links.map_measures import Colouring, ItemMeasure
from engine.domain.links.maps import LinkMap, MapNode, Steps
from engine.domain.links.sheets import MapSheet
from engine.domain.shown import shown

_NARROW = 140


def draw(steps: Steps, drawn: LinkMap, sheet: MapSheet) -> None:
    """Draw what can be done with the map and with the chosen items, before the map is drawn again."""
    these = link_acts.on_these(drawn, sheet)
    nodes = [node for name in these if (node := sheet.node(name)) is not None]
    with st.container(horizontal=True, vertical_alignment="center", key="links-tools"):
        _step("Undo", "links-undo", steps.undone(), is_off=not steps.before)
        _step("Redo", "links-redo", steps.redone(), is_off=not steps.after)
        _act("Expand", "expand", nodes, help="Enter or double-click. A group is unfolded")
        _act("Hide", "hide", nodes, is_off=any(each.node.is_middle for each in nodes), help="Delete")
        _act("Start here", "here", nodes, is_off=_is_not_one(nodes) or nodes[0].node.is_middle)
        pinned = bool(nodes) and {each.node.id for each in nodes} <= drawn.asked.all_pinned
        _act("Unpin" if pinned else "Pin", "pin", nodes, help="A pinned item stays in every layout")
        with st.popover("More", key="links-more"):
            _draw_more(drawn, sheet, nodes)
        if st.button("Caption and note", key="links-notes"):  # beside it: an open list covers a dialog
            forms.begin(link_notes.writing(drawn, None if _is_not_one(nodes) else nodes[0]))
    with st.container(horizontal=True, vertical_alignment="bottom", key="links-looks"):
        _find(sheet, link_steps.selected(sheet))
        _draw_looks(steps)


def _draw_more(drawn: LinkMap, sheet: MapSheet, nodes: Sequence[MapNode]) -> None:
    alone = _is_not_one(nodes)
    is_middle = not alone and nodes[0].node.is_middle
    _act("Path to it from the start", "path", nodes, is_off=alone or is_middle)
    if source.network() is None:
        _act("Patterns here", "patterns", nodes, is_off=alone)
        for case in nodes[0].node.cases[: pictures.MOST_CASES] if not alone else ():
            st.button(
                f"Open case {case}",
                key=f"links-open-{case}",
                on_click=link_acts.do,
                args=("case", [nodes[0].node.id]),
                kwargs={"case": case},
            )
    can_fold = any(each.group is None and each.node.id in sheet.folds_by_node for each in nodes)
    _act("Fold into its group", "fold", nodes, is_off=not can_fold)
    are_apart = bool(nodes) and {each.node.id for each in nodes} <= {*drawn.asked.unbundled}
    _act("Bundle its links" if are_apart else "Show each link", "apart", nodes)
    st.button("Reset layout", key="links-anew", on_click=link_steps.lay_out_anew)


def _is_not_one(nodes: Sequence[MapNode]) -> bool:
    return len(nodes) != 1 or nodes[0].group is not None


def _step(label: str, key: str, steps: Steps, *, is_off: bool) -> None:
    st.button(label, key=key, disabled=is_off, on_click=link_steps.to, args=(steps,))


def _act(
    label: str, act: str, nodes: Sequence[MapNode], *, is_off: bool = False, help: str | None = None
) -> None:
    st.button(
        label,
        key=f"links-item-{act}",
        disabled=is_off or not nodes,
        help=help,
        on_click=link_acts.do,
        args=(act, [each.node.id for each in nodes]),
    )


def _find(sheet: MapSheet, node: str | None) -> None:
    """Draw the chosen item, to be chosen here by name too: the picture and the table follow."""
    names = {each.node.id: pictures.label(each) for each in sheet.nodes}
    items = sorted(names, key=lambda each: (names[each].casefold(), each))
    key = f"links-find-{node}"
    st.selectbox(
        "Selected item",
        items,
        index=items.index(node) if node in names else None,
        format_func=lambda each: shown(names[each]),
        placeholder="None. Click one, or find it here",
        key=key,
        on_change=lambda: link_steps.choose_by_name(session.stored_value(key, str)),
    )


def _draw_looks(steps: Steps) -> None:
    """Draw how the map is drawn; each choice is a step that can be undone, and reads nothing again."""
    turn = f"{len(steps.before)}-{len(steps.after)}"
    _look("Layout", "arranged", f"links-layout-{turn}", list(Arrangement), steps)
    _look("Group by", "grouped_by", f"links-group-{turn}", list(Grouping), steps)
    _look("Size by", "sized_by", f"links-size-{turn}", [None, *ItemMeasure], steps)
    _look("Colour by", "coloured_by", f"links-colour-{turn}", list(Colouring), steps)


def _look(label: str, part: str, key: str, choices: Sequence[StrEnum | None], steps: Steps) -> None:
    st.selectbox(
        label,
        choices,
        index=choices.index(getattr(steps.now, part)),
        format_func=lambda each: each.value if each else "nothing",
        key=key,
        width=_NARROW,
        on_change=_take,
        args=(part, key),
    )


def _take(part: str, key: str) -> None:
    steps = link_steps.current()
    if steps is not None:
        changes: dict[str, object] = {part: session.stored_value(key)}
        if part == "grouped_by":
            changes["unfolded"] = ()
        link_steps.to(steps.by(lambda at: at.changed(**changes)))
