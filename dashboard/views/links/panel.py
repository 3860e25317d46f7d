"""The links round a case, small, beside the timeline: what this viewer may see, also as a table."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import markup, record, session, theme, words
from dashboard.errors import draw_kept, keep_errors, show_errors
from dashboard.link_graph import component, pictures
from dashboard.pages import Place
from engine.domain.links.maps import LinkMap, MapAsked, Steps
from engine.services.links import maps as link_maps
from engine.services.links.sheets import sheet_of

KEY, HEIGHT = "case-links", 318
_HOPS, _MOST, _MORE = 3, 60, 40
_TABLE = 50
_ACTS = ("expand", "hide")
_FRESH = timedelta(minutes=2)


@st.fragment
def draw(reference: str) -> None:
    """Draw the graph, its key in words, and the table; a click draws only this part again."""
    markup.draw(
        markup.heading(
            "Links",
            at="link-graph",
            note=(
                "Items that were recorded together. A link does not show that people know "
                "each other. Agencies may hold more than is shown."
            ),
        )
    )
    draw_kept(KEY)
    with show_errors():
        _draw(_drawn(reference))


def _drawn(reference: str) -> LinkMap:
    """Return the map of this case; a click on it does not read the record again."""
    runtime, acting = record.runtime(), session.acting()
    asked = _steps(MapAsked(start=reference, hops=_HOPS)).now
    stored: tuple[str, LinkMap] | None = session.stored_value(f"{KEY}-drawn", tuple)
    now = runtime.clock.now()
    is_same = stored is not None and stored[0] == acting.user and stored[1].asked == asked
    if is_same and stored is not None and now - stored[1].read_at < _FRESH:
        return stored[1]
    drawn = link_maps.draw_map(
        runtime.context(acting),
        asked=asked,
        most=min(_MOST + _MORE * len(asked.opened), link_maps.MOST_FOR_PANEL),
        with_patterns=False,
        snapshots=runtime.link_snapshots,
    )
    session.keep(f"{KEY}-drawn", (acting.user, drawn))
    if stored is not None and stored[1].asked.start != reference:
        session.keep(f"{KEY}-chosen", None)
    return drawn


def _steps(asked: MapAsked) -> Steps:
    """Return what was opened and hidden on the map of this case; another case begins again."""
    steps: Steps | None = session.stored_value(f"{KEY}-steps", Steps)
    return steps if steps is not None and steps.now.start == asked.start else Steps(now=asked)


def _draw(drawn: LinkMap) -> None:
    room = session.room_view()
    selected = session.stored_value(f"{KEY}-chosen", str)
    if not drawn.edges:
        markup.draw(markup.none_recorded("No links that you can see. There may still be some."))
        return
    sheet = sheet_of(drawn)
    component.draw(
        pictures.picture(drawn, sheet, room=room),
        key=KEY,
        height=HEIGHT,
        dark=theme.is_dark(),
        selected=selected,
        acts=_ACTS,
        on_selected=_choose,
        on_asked=_ask,
        on_moved=_move,
    )
    _tools(drawn, selected)
    markup.draw(pictures.key(drawn, sheet, dark=theme.is_dark()))
    alike = pictures.may_be_one(drawn, room=room)
    if alike is not None:
        markup.draw(alike)
    rows = pictures.rows_of(drawn, [selected] if selected else [])
    with st.expander(f"Links as a table ({len(drawn.edges):,})", key=f"{KEY}-table"):
        caption = (
            f"{words.counted(len(rows), 'link')} of the selected item" if selected else "All links shown"
        )
        if len(rows) > _TABLE:
            caption += f", first {_TABLE} of {len(rows):,}. The Links page lists the rest"
        markup.draw(pictures.table(drawn, rows[:_TABLE], caption=caption, room=room))
    more = [each for each in drawn.told.says if "not drawn" in each or "not expanded" in each]
    markup.draw(
        markup.element(
            "p",
            *(f"{sentence} " for sentence in more),
            markup.go("Open these links on the Links page", Place.LINKS, drawn.asked.start),
            class_="sub",
        )
    )


def _tools(drawn: LinkMap, selected: str | None) -> None:
    steps = _steps(drawn.asked)
    with st.container(horizontal=True, key=f"{KEY}-tools"):
        for act, keys in (("expand", "Enter or double-click"), ("hide", "Delete")):
            st.button(
                words.sentence(act),
                key=f"{KEY}-{act}",
                disabled=selected is None or (act == "hide" and selected == drawn.middle),
                help=keys,
                on_click=_take,
                args=(act, selected),
            )
        st.button("Undo", key=f"{KEY}-undo", disabled=not steps.before, on_click=_to, args=(steps.undone(),))


def _ask() -> None:
    wanted = component.asked(KEY)
    if wanted is not None:
        for node in wanted.nodes:
            _take(wanted.act, node)


def _take(act: str, node: str | None) -> None:
    stored: tuple[str, LinkMap] | None = session.stored_value(f"{KEY}-drawn", tuple)
    if stored is None or node is None or act not in _ACTS:
        return
    steps = _steps(stored[1].asked)
    _to(steps.by(lambda asked: asked.opening(node) if act == "expand" else asked.hiding(node)))


def _to(steps: Steps) -> None:
    session.keep(f"{KEY}-steps", steps)


def _choose() -> None:
    session.keep(f"{KEY}-chosen", component.chosen(KEY))


def _move() -> None:
    places = component.moved(KEY)
    stored: tuple[str, LinkMap] | None = session.stored_value(f"{KEY}-drawn", tuple)
    if not places or stored is None:
        return
    runtime = record.runtime()
    with keep_errors(KEY):
        link_maps.move_nodes(runtime.context(session.acting()), middle=stored[1].middle, places=places)
        session.keep(f"{KEY}-drawn", (stored[0], stored[1].with_places(places)))
